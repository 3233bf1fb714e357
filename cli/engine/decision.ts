import { join } from "node:path";
import { CommandError } from "../exit";
import type { TimedProgress } from "../ui/timings";
import { describeChanges } from "./events";
import { fastPathRefusal, readFoundation, rememberFoundation, sourcesDigest } from "./foundation";
import { operate, stateOf, type Outcome } from "./operations";
import { explainCollisions, findCollisions } from "./plan";
import type { Stack } from "./stack";
import type { StackState } from "./state";

/** The file in which the last completed run's foundation is remembered. It lies beside the state and goes with it. */
export function foundationFile(stack: Stack): string {
  return join(stack.paths.state, `.terp-foundation-${stack.name}.json`);
}

/** How a run goes. */
export interface Decision {
  /** Why the state is written after each resource; undefined if once at the end is enough. */
  readonly reason: string | undefined;
  /** Whether the plan is looked at first: it may hold deletions. */
  readonly preview: boolean;
  readonly sources: string;
}

/** Decides how a run goes, from the code, the settings, and the state. */
export async function decide(stack: Stack, state: StackState | undefined): Promise<Decision> {
  const sources = await sourcesDigest(stack.folder, stack.name);
  const reason = fastPathRefusal(await readFoundation(foundationFile(stack)), sources, state);
  // An empty state has nothing to delete. And where only tenants differ, an object's name and parents follow from the tenant's,
  // so that no plan can create and delete the same one.
  const preview = reason !== undefined && (state?.resources.length ?? 0) > 1;
  return { reason, preview, sources };
}

/** Makes the plan and refuses one that would destroy what it uses. */
export async function reviewPlan(stack: Stack, progress: TimedProgress): Promise<void> {
  const plan = await progress.phase("plan", (update) => operate(stack, { kind: "preview" }, update));
  const collisions = findCollisions(plan.steps);
  if (collisions.length > 0) throw new CommandError(explainCollisions(collisions));
  progress.note(`plan: ${describeChanges(plan.changes)}`);
}

/** Runs the update, and remembers what it stood on once it is complete. */
export async function update(stack: Stack, decision: Decision, progress: TimedProgress): Promise<Outcome> {
  const skipCheckpoints = decision.reason === undefined;
  const outcome = await progress.phase("pulumi up", (tell) =>
    operate(stack, { kind: "up", skipCheckpoints }, tell),
  );
  const state = await stateOf(stack);
  if (state !== undefined) rememberFoundation(foundationFile(stack), decision.sources, state);
  return outcome;
}
