import { z } from "zod";
import type { OidcLogin } from "../../infra/config";
import { findKubeconfig } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { survey, type Survey } from "../cluster/survey";
import { CommandError, exitCodes } from "../exit";
import { stackState } from "../engine/stackState";
import { plainOutputs, type StackState } from "../engine/state";
import { parseUrn } from "../engine/urn";
import { composeReport, type StatusReport } from "./report";

const entranceOutputs = z.looseObject({
  ingress: z.looseObject({ address: z.string() }),
  tenants: z.record(z.string(), z.looseObject({ domains: z.array(z.string()) })),
});

const tenantType = "terp:tenant:Tenant";

/** The names of the tenants that a state knows. */
export function tenantsOf(state: StackState | undefined): string[] {
  const resources = state?.resources ?? [];
  return resources.filter((each) => each.type === tenantType).map((each) => parseUrn(each.urn).name);
}

/** The addresses of the tenants' repositories, by tenant. */
export function repositoriesOf(state: StackState | undefined): Record<string, string> {
  return textsOf(state, "repositoryUrl");
}

/** The deploy keys of the repositories that tenants brought along, by tenant. */
export function deployKeysOf(state: StackState | undefined): Record<string, string> {
  return textsOf(state, "deployKey");
}

/** An output of the tenants that have it, by tenant. */
function textsOf(state: StackState | undefined, output: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { type, urn, outputs } of state?.resources ?? []) {
    const text = outputs[output];
    if (type === tenantType && typeof text === "string") found[parseUrn(urn).name] = text;
  }
  return found;
}

/** Where a tenant's application answers from outside, as the last run knew. */
export interface Entrance {
  /** The gateway's address. */
  readonly address: string;
  /** The tenant's own domain. */
  readonly host: string;
}

/** {@link Entrance} of a tenant; undefined where no gateway of the platform's brings requests, or something else decides its address. */
export function entranceOf(state: StackState | undefined, tenant: string): Entrance | undefined {
  const outputs = state === undefined ? {} : plainOutputs(state);
  const known = entranceOutputs.safeParse(outputs);
  const host = known.data?.tenants[tenant]?.domains[0];
  return known.data === undefined || host === undefined
    ? undefined
    : { address: known.data.ingress.address, host };
}

/** How a stack's people log in, as its last run knew; undefined if they don't. */
export async function loginOf(stack: string, signal: AbortSignal): Promise<OidcLogin | undefined> {
  const state = await stackState(stack, signal);
  const outputs = state?.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs;
  return outputs?.["oidc"] as OidcLogin | undefined;
}

async function ask(
  kubeconfig: string,
): Promise<{ cluster: StatusReport["cluster"]; survey: Survey | undefined }> {
  const access = accessFrom(kubeconfig);
  const api = new KubeApi(access);
  try {
    return { survey: await survey(api), cluster: { state: "running", reason: `runs at ${access.server}` } };
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const reason = `the cluster at ${access.server} doesn't answer: ${cause}`;
    return { survey: undefined, cluster: { state: "unreachable", reason } };
  } finally {
    await api.close();
  }
}

function absent(error: unknown): undefined {
  // A wrong command or setting is for the person to see.
  if (error instanceof CommandError && error.code === exitCodes.failed) return undefined;
  throw error;
}

/** Finds out how a stack is. Changes nothing. */
export async function inspectStack(stack: string, signal: AbortSignal): Promise<StatusReport> {
  const kubeconfig = await findKubeconfig(stack, signal).catch(absent);
  const state = await stackState(stack, signal);
  const tenants = tenantsOf(state);
  const found =
    kubeconfig === undefined
      ? { survey: undefined, cluster: { state: "absent" as const, reason: "there is no cluster" } }
      : await ask(kubeconfig);
  const [first] = tenants;
  const entrance = first === undefined ? undefined : entranceOf(state, first);
  return composeReport({
    stack,
    ...found,
    tenants,
    pendingOperations: state?.pendingOperations ?? 0,
    ...(entrance && { entrance }),
  });
}
