import { adminKubeconfig, answers } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import type { TimedProgress } from "../ui/timings";
import { operate, stateOf } from "./operations";
import type { Stack } from "./stack";
import type { StackState } from "./state";

const clusterType = /:LocalCluster$/;
const namespaceType = "kubernetes:core/v1:Namespace";

/** Globs of URNs: the clusters' providers, and everything inside a cluster. */
const providers = "**pulumi:providers:kubernetes::**";
const objects = "**$kubernetes:**";

/** The namespaces that a state knows, each with the identity that the cluster gave it. */
export function namespacesOf(state: StackState): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { type, outputs } of state.resources) {
    const metadata = outputs["metadata"] as { readonly name?: unknown; readonly uid?: unknown } | undefined;
    if (type !== namespaceType || typeof metadata?.name !== "string" || typeof metadata.uid !== "string")
      continue;
    found.set(metadata.name, metadata.uid);
  }
  return found;
}

/** Namespaces of a state that the cluster doesn't have, or has anew: then it isn't the cluster that the state tells of. */
export function lostNamespaces(state: StackState, live: ReadonlyMap<string, string>): string[] {
  return [...namespacesOf(state)].filter(([name, uid]) => live.get(name) !== uid).map(([name]) => name);
}

/**
 * Brings a dead embedded cluster back before a plan is made, because a plan needs its answers; and where a cluster has lost what the
 * state tells of (it was made anew, or restored), has the state look at it, so that everything is made again.
 *
 * @returns the state as it is then.
 */
export async function reviveCluster(
  stack: Stack,
  state: StackState | undefined,
  progress: TimedProgress,
): Promise<StackState | undefined> {
  if (state === undefined || namespacesOf(state).size === 0) return state;
  const cluster = state.resources.find((each) => clusterType.test(each.type));
  const kubeconfig = await adminKubeconfig(stack).catch(() => undefined);
  const isAlive = kubeconfig !== undefined && (await answers(kubeconfig));
  if (!isAlive) {
    // Somebody else's cluster can't be brought back from here: the run says what is wrong with it.
    if (cluster === undefined) return state;
    await makeReachable(stack, cluster.urn, progress);
  }
  const reachable = isAlive ? kubeconfig : await adminKubeconfig(stack);
  const lost = lostNamespaces(state, await liveNamespaces(reachable));
  if (lost.length === 0) return isAlive ? state : stateOf(stack);
  progress.note(`the cluster has lost ${lost.join(", ")}: what is missing is made again`);
  // Also after a run that was cut off between this and what follows.
  if (isAlive && cluster !== undefined) await makeReachable(stack, cluster.urn, progress);
  await progress.phase("looking at the cluster", (update) =>
    operate(stack, { kind: "refresh", words: ["--target", objects] }, update),
  );
  return stateOf(stack);
}

async function makeReachable(stack: Stack, cluster: string, progress: TimedProgress): Promise<void> {
  const words = ["--target", cluster, "--target", providers];
  await progress.phase("cluster", (update) => operate(stack, { kind: "up", words }, update));
}

async function liveNamespaces(kubeconfig: string): Promise<ReadonlyMap<string, string>> {
  const api = new KubeApi(accessFrom(kubeconfig));
  try {
    const all = await api.list("/api/v1/namespaces");
    return new Map(all.map(({ metadata }) => [metadata.name, String(metadata["uid"])]));
  } finally {
    await api.close();
  }
}
