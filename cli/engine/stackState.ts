import { paths } from "../../local/paths";
import { stateOf } from "./operations";
import { openStack, projectName, usesEmbeddedCluster } from "./stack";
import { readState, type StackState } from "./state";

/**
 * What the state knows of a stack; `undefined` if there is no such stack yet. With the embedded cluster no engine is needed.
 *
 * @throws what keeps it from being read.
 */
export async function stackState(stack: string, signal: AbortSignal): Promise<StackState | undefined> {
  if (!(await usesEmbeddedCluster(stack))) return stateOf(await openStack(stack, signal));
  return readState(paths(stack).state, await projectName(), stack);
}
