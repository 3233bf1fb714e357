import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { externalDnsName } from "../../components/dns/names";
import type { GitAccess } from "../../components/git/access";
import { gitPorts } from "../../components/git/names";
import type { GiteaConfig } from "../../infra/config/gitSection";
import { oneLine } from "../../infra/fault";
import { inHome } from "../../infra/home";
import { embeddedKubeconfig } from "../cluster/access";
import { gitAdministrator } from "../cluster/credentials";
import { accessFrom, KubeApi, type Access } from "../../infra/cluster/kubeApi";
import { readTroubles, type Trouble } from "../cluster/troubles";
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

/** What the stack's outputs say of a Git host that isn't the cluster's own. */
const outsideHost = z.looseObject({
  kind: z.enum(["github", "gitlab"]),
  url: z.string(),
  username: z.string(),
  password: z.string(),
});

/** The state as far as it can be read. */
export interface StateReading {
  readonly facts: StateFacts;
  readonly state?: StackState;
  /** From the outputs of a cluster by kubeconfig. A secret. */
  readonly kubeconfig?: string;
  /** From the outputs: how a Git host outside the cluster is reached. */
  readonly git?: GitAccess;
}

/** What went wrong, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return oneLine(`${error.message}${cause}`);
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
    const { kubeconfig, git } = await readOutputs(stack);
    const outside = outsideHost.safeParse(git).data;
    return {
      facts: { kind: "there", secrets: "readable", passphrase: "" },
      state,
      ...(typeof kubeconfig === "string" ? { kubeconfig } : {}),
      ...(outside === undefined ? {} : { git: outside }),
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
  /** The repositories of its own Git host; absent where it has none. */
  readonly git?: GitReader;
  /** Our way in. */
  readonly access?: Access;
  /** What is wrong with issuers, certificates of applications and records. */
  readonly troubles?: readonly Trouble[];
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
    const troubles = await readTroubles(
      api,
      await api.list(`/api/v1/namespaces/${externalDnsName}/pods`),
      new Date(),
    );
    const { git } = source.config;
    return {
      facts: { kind: "running" },
      access,
      troubles,
      ...(git.kind === "gitea" ? { git: await ownHost(api, access, git) } : {}),
      ...(recipient === undefined ? {} : { recipient }),
    };
  } catch (error) {
    const facts = { kind: "unreachable", reason: reasonOf(error) } as const;
    return access === undefined ? { facts } : { facts, access };
  } finally {
    await api?.close();
  }
}

async function ownHost(api: KubeApi, { server }: Access, { node }: GiteaConfig): Promise<GitReader> {
  const url = `http://${node?.address ?? new URL(server).hostname}:${String(gitPorts.http.node)}`;
  return new ApiReader({ url, ...(await gitAdministrator(api)) });
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
