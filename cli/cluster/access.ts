import { readFile } from "node:fs/promises";
import { CommandError } from "../exit";
import { readOutputs } from "../engine/operations";
import { openStack, usesEmbeddedCluster, type Stack } from "../engine/stack";
import { orInterrupted } from "../interrupt";
import { node } from "../lazy";
import { paths } from "../../local/paths";
import { accessFrom, KubeApi, type Access } from "../../infra/cluster/kubeApi";

/** The embedded cluster's administrator's kubeconfig; undefined if there is no such cluster. */
export async function embeddedKubeconfig(
  stack: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  const places = paths(stack, environment);
  const layout = node().layoutOf({ name: stack, directory: places.node, runDirectory: places.run });
  return readFile(layout.kubeconfig("admin"), "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
}

/**
 * The administrator's kubeconfig of a stack's cluster: the embedded cluster's file, else from the stack's outputs. A secret.
 *
 * @throws CommandError if there is no cluster.
 */
export async function adminKubeconfig(stack: Stack): Promise<string> {
  const found = stack.embedded
    ? await embeddedKubeconfig(stack.name)
    : (await readOutputs(stack))["kubeconfig"];
  if (typeof found !== "string") throw noCluster(stack.name);
  return found;
}

function noCluster(stack: string): CommandError {
  return new CommandError(`Stack ${stack} has no cluster. \`terp up --stack ${stack}\` makes one.`);
}

/**
 * Runs `work` with the API of a stack's cluster, as its administrator. For the embedded cluster no engine is needed, and nothing is prepared.
 *
 * @param stack the stack's name.
 * @param signal aborted when the person interrupts.
 * @throws CommandError if there is no cluster.
 */
export async function withCluster<T>(
  stack: string,
  signal: AbortSignal,
  work: (api: KubeApi, access: Access) => Promise<T>,
): Promise<T> {
  const access = accessFrom(await findKubeconfig(stack, signal));
  const api = new KubeApi(access);
  try {
    return await orInterrupted(signal, work(api, access));
  } finally {
    await api.close();
  }
}

/** The administrator's kubeconfig of a stack's cluster, with as little preparation as possible. A secret. */
export async function findKubeconfig(stack: string, signal: AbortSignal): Promise<string> {
  if (!(await usesEmbeddedCluster(stack))) return adminKubeconfig(await openStack(stack, signal));
  const found = await embeddedKubeconfig(stack);
  if (found === undefined) throw noCluster(stack);
  return found;
}

/** Whether the cluster answers, within five seconds. */
export async function answers(kubeconfig: string): Promise<boolean> {
  const api = new KubeApi(accessFrom(kubeconfig));
  try {
    await api.text("/readyz");
    return true;
  } catch {
    return false;
  } finally {
    await api.close();
  }
}
