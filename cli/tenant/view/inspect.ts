import { findKubeconfig } from "../../cluster/access";
import { accessFrom, KubeApi } from "../../../infra/cluster/kubeApi";
import { recipientsIn } from "../../engine/recipients";
import { plainOutputs, type StackState } from "../../engine/state";
import { CommandError, exitCodes, Interrupted } from "../../exit";
import { deployKeysOf, repositoriesOf, tenantsOf } from "../../status/inspect";
import { knownTenant } from "../known";
import { stackState } from "../../engine/stackState";
import { composeTenant, type StateFacts, tenantNames, type TenantFacts } from "./compose";
import { readCluster, type ClusterFacts } from "./readCluster";
import type { TenantView, TenantViews } from "./tenantView";

/** What is asked about. */
export interface TenantQuestion {
  readonly stack: string;
  /** The one tenant; all without it. */
  readonly tenant?: string;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/** What the state knows of tenants. */
export function stateFacts(state: StackState): StateFacts {
  return {
    names: tenantsOf(state),
    repositories: repositoriesOf(state),
    recipients: recipientsIn(state).tenants,
    deployKeys: deployKeysOf(state),
    environment: environmentOf(state),
  };
}

function environmentOf(state: StackState): string {
  const { environment } = plainOutputs(state);
  return typeof environment === "string" ? environment : "";
}

interface Found {
  readonly facts: TenantFacts;
  readonly unread: readonly string[];
}

/** All tenants of a stack. What can't be read is said, and the rest is shown. */
export async function inspectTenants({ stack, signal }: TenantQuestion): Promise<TenantViews> {
  const { facts, unread } = await find({ stack, signal });
  const tenants = tenantNames(facts).map((name) => composeTenant(name, facts));
  const ready = facts.cluster !== undefined && tenants.every((each) => each.ready);
  return { stack, ready, tenants, unread };
}

/**
 * One tenant of a stack.
 *
 * @throws CommandError if neither the state nor the cluster knows it.
 */
export async function inspectTenant({
  stack,
  tenant = "",
  signal,
}: TenantQuestion): Promise<{ readonly view: TenantView; readonly unread: readonly string[] }> {
  const { facts, unread } = await find({ stack, tenant, signal });
  if (!tenantNames(facts).includes(tenant)) {
    const { facts: all } = await find({ stack, signal });
    if (all.state === undefined && all.cluster === undefined) {
      throw new CommandError(`tenant ${tenant}: nothing is known of it.\n${unread.join("\n")}`);
    }
    knownTenant(tenant, tenantNames(all), `the stack ${stack}`);
  }
  return { view: composeTenant(tenant, facts), unread };
}

async function find({ stack, tenant, signal }: TenantQuestion): Promise<Found> {
  const unread: string[] = [];
  const state = await stackState(stack, signal).catch((error: unknown) => {
    unread.push(`the state of the stack ${stack}, and with it repositories and recipients: ${said(error)}`);
    return undefined;
  });
  const { cluster, reason } = await ask({ stack, signal, ...(tenant === undefined ? {} : { tenant }) });
  if (cluster === undefined) unread.push(`the cluster: ${reason}`);
  return {
    facts: { state: state === undefined ? undefined : stateFacts(state), cluster, clusterReason: reason },
    unread: [...unread, ...(cluster?.unread ?? [])],
  };
}

async function ask({
  stack,
  tenant,
  signal,
}: TenantQuestion): Promise<{ readonly cluster: ClusterFacts | undefined; readonly reason: string }> {
  const none = (reason: string) => ({ cluster: undefined, reason });
  let kubeconfig: string;
  try {
    kubeconfig = await findKubeconfig(stack, signal);
  } catch (error) {
    return none(said(error));
  }
  const access = accessFrom(kubeconfig);
  const api = new KubeApi(access);
  try {
    return { cluster: await readCluster(api, tenant), reason: `runs at ${access.server}` };
  } catch (error) {
    return none(`the cluster at ${access.server} doesn't answer: ${said(error)}`);
  } finally {
    await api.close();
  }
}

/** What an error says. A wrong command and an interruption aren't something to note, and go on. */
function said(error: unknown): string {
  if (error instanceof Interrupted) throw error;
  if (error instanceof CommandError && error.code === exitCodes.usage) throw error;
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== "" ? error.cause.message : error.message;
}
