import { messageOf } from "../../infra/fault";
import { ApiClient, hasCondition } from "./apiClient";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "./cgroups";
import { programNames } from "./definitions";
import { isThere, readIfThere } from "../files";
import { hasNamespaces } from "./namespaces";
import { policyHealth } from "./policyHealth";
import { Supervisor } from "./programs";
import { layoutOf, type NodeSpec, type NodeState } from "./spec";
import { nodePath } from "./systemObjects";

/** How long the API server may take to say that it is ready, in milliseconds. */
const patience = 2_000;

/**
 * Whether a node runs. Changes nothing.
 *
 * @returns `absent` if there is neither data nor a process of it; `broken` with every fault if some part is missing.
 */
export async function inspectNode(
  spec: Pick<NodeSpec, "name" | "directory" | "runDirectory">,
): Promise<NodeState> {
  const layout = layoutOf(spec);
  const cgroups = cgroupsOfThisMachine();
  const someRun = foldersOf(cgroups, layout.cgroup).some((folder) => processesIn(folder).length > 0);
  if (!isThere(layout.record) && !someRun) return { state: "absent", faults: [] };
  if (!someRun) return { state: "broken", faults: ["none of its programs run"] };

  const supervisor = new Supervisor(layout, cgroups);
  const faults = programNames
    .filter((name) => !supervisor.isRunning(name))
    .map((name) => `${name} isn't running`);
  if (!hasNamespaces(layout)) faults.push("its network is gone");
  const kubeconfig = readIfThere(layout.kubeconfig("admin"));
  if (kubeconfig === undefined) {
    faults.push("its kubeconfig is gone");
  } else {
    const [api, policies] = await Promise.all([
      apiFaults(kubeconfig, spec.name),
      policyHealth(layout.policySocket, patience),
    ]);
    faults.push(...api, ...policies);
  }
  return { state: faults.length === 0 ? "running" : "broken", faults };
}

async function apiFaults(kubeconfig: string, name: string): Promise<readonly string[]> {
  const client = new ApiClient(kubeconfig);
  try {
    if (!(await client.isReady(patience))) return ["the API server isn't ready"];
    const node = await client.get(nodePath(name), patience);
    return hasCondition(node, "Ready") ? [] : [`the node "${name}" isn't Ready`];
  } catch (error) {
    return [`the API server doesn't answer: ${messageOf(error)}`];
  } finally {
    client.close();
  }
}
