import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { gitPorts } from "../../components/git/names";
import { inHome } from "../../infra/home";
import { embeddedKubeconfig } from "../cluster/access";
import { gitAdministrator } from "../cluster/credentials";
import { accessFrom, KubeApi, type Access } from "../../infra/cluster/kubeApi";
import { platformRecipient } from "../drill/facts";
import { readOutputs, stateOf } from "../engine/operations";
import type { Source } from "../engine/source";
import { openStack } from "../engine/stack";
import { readState, type StackState } from "../engine/state";
import { ApiReader } from "../git/apiReader";
import type { GitReader } from "../git/reader";
import { node } from "../lazy";
import type { CertificateFacts, ClusterFacts, StateFacts } from "./judgePlatform";
import { opens } from "./passphrase";

/** The state as far as it can be read. */
export interface StateReading {
  readonly facts: StateFacts;
  readonly state?: StackState;
  /** From the outputs of a cluster by kubeconfig. A secret. */
  readonly kubeconfig?: string;
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.message}${cause}`.replace(/\s+/g, " ").trim();
}

/** Reads the state, and tries whether its secrets can be decrypted. */
export async function readStateFacts(source: Source, signal: AbortSignal): Promise<StateReading> {
  return source.config.cluster.kind === "local" ? readOwnState(source) : readBackendState(source, signal);
}

/** The engine isn't asked: it would make a passphrase where there is none. */
async function readOwnState({ places, project, stack }: Source): Promise<StateReading> {
  let state: StackState | undefined;
  try {
    state = await readState(places.state, project, stack);
  } catch (error) {
    return { facts: { kind: "unreadable", reason: reasonOf(error) } };
  }
  if (state === undefined || state.resources.length === 0) return { facts: { kind: "absent" } };
  const passphrase = await readFile(places.passphrase, "utf8").catch(() => undefined);
  const isRight =
    passphrase === undefined || state.salt === undefined ? undefined : await opens(passphrase, state.salt);
  const secrets =
    passphrase === undefined ? "no passphrase" : isRight === false ? "wrong passphrase" : "readable";
  return { facts: { kind: "there", secrets, passphrase: places.passphrase }, state };
}

async function readBackendState(source: Source, signal: AbortSignal): Promise<StateReading> {
  let state: StackState | undefined;
  try {
    const stack = await openStack(source.stack, signal);
    state = await stateOf(stack);
    if (state === undefined || state.resources.length === 0) return { facts: { kind: "absent" } };
    const { kubeconfig } = await readOutputs(stack);
    return {
      facts: { kind: "there", secrets: "readable", passphrase: "" },
      state,
      ...(typeof kubeconfig === "string" ? { kubeconfig } : {}),
    };
  } catch (error) {
    signal.throwIfAborted();
    const reason = reasonOf(error);
    if (state === undefined) return { facts: { kind: "unreadable", reason } };
    return { facts: { kind: "there", secrets: { fault: reason }, passphrase: "" }, state };
  }
}

/** The cluster as far as it answers. */
export interface ClusterReading {
  readonly facts: ClusterFacts;
  /** To whom the platform's key in it belongs. */
  readonly recipient?: string;
  /** The repositories of its Git host. */
  readonly git?: GitReader;
  /** Our way in. */
  readonly access?: Access;
}

/** Asks the cluster. @param stored a kubeconfig from the stack's outputs, where the settings name no file. */
export async function readClusterFacts(source: Source, stored: string | undefined): Promise<ClusterReading> {
  let access: Access | undefined;
  let api: KubeApi | undefined;
  try {
    const kubeconfig = await kubeconfigOf(source, stored);
    if (kubeconfig === undefined) return { facts: { kind: "absent" } };
    access = accessFrom(kubeconfig);
    api = new KubeApi(access);
    await api.text("/readyz");
    const recipient = await platformRecipient(api);
    const { username, password } = await gitAdministrator(api);
    const { git } = source.config;
    const address = (git.kind === "gitea" ? git.node?.address : undefined) ?? new URL(access.server).hostname;
    const url = `http://${address}:${String(gitPorts.http.node)}`;
    return {
      facts: { kind: "running" },
      access,
      git: new ApiReader({ url, username, password }),
      ...(recipient === undefined ? {} : { recipient }),
    };
  } catch (error) {
    const facts = { kind: "unreachable", reason: reasonOf(error) } as const;
    return access === undefined ? { facts } : { facts, access };
  } finally {
    await api?.close();
  }
}

async function kubeconfigOf(
  { stack, config }: Source,
  stored: string | undefined,
): Promise<string | undefined> {
  if (config.cluster.kind === "local") return embeddedKubeconfig(stack);
  if (config.cluster.kind === "aks") return stored;
  const { kubeconfig } = config.cluster;
  if (kubeconfig.kind !== "file") return stored;
  const text = await readFile(inHome(kubeconfig.path), "utf8");
  if (kubeconfig.context === undefined) return text;
  return stringify({ ...(parse(text) as object), "current-context": kubeconfig.context });
}

/** The certificates that the platform stands on: of the embedded cluster, or of the kubeconfig. */
export function readCertificates(
  { stack, config, places }: Source,
  access: Access | undefined,
): readonly CertificateFacts[] {
  if (config.cluster.kind === "local") {
    const found = node().certificatesOfNode({
      name: stack,
      directory: places.node,
      runDirectory: places.run,
    });
    return found.map((each) => ({ ...each, isOurs: true }));
  }
  if (access?.certificate === undefined) return [];
  const name = `the kubeconfig's client certificate for ${access.server}`;
  try {
    const ends = new Date(new X509Certificate(access.certificate).validTo);
    return [{ name, isAuthority: false, isOurs: false, ends }];
  } catch {
    // With such a one the cluster doesn't answer, which is found already.
    return [];
  }
}
