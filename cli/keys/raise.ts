import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../../local/files";
import { decide, update } from "../engine/decision";
import { describeChanges } from "../engine/events";
import { operate, stateOf } from "../engine/operations";
import { isTenantKey } from "../engine/recipients";
import type { Stack } from "../engine/stack";
import type { KeyContext } from "./context";

/** Brings the state, the outputs and the cluster to the keys as they are now. */
export async function raiseAgain(
  { stack, progress }: Pick<KeyContext, "stack" | "progress">,
  tenants: readonly string[],
): Promise<void> {
  const state = await stateOf(stack);
  const keys = (state?.resources ?? [])
    .filter((each) => isTenantKey(each) && tenants.includes(String(each.inputs["tenant"])))
    .flatMap(({ urn }) => ["--target", urn]);
  if (keys.length > 0) {
    // The engine looks at what didn't change in the code only when it is told to.
    await progress.phase("the state", (tell) => operate(stack, { kind: "refresh", words: keys }, tell));
  }
  const outcome = await update(stack, await decide(stack, state), progress);
  progress.note(describeChanges(outcome.changes));
}

/**
 * Names the new recipient in the stack's settings where they name the old one.
 *
 * @returns the file, if it was changed.
 */
export async function moveRecipient(
  { folder, name }: Pick<Stack, "folder" | "name">,
  former: readonly string[],
  recipient: string,
): Promise<string | undefined> {
  const file = join(folder, `Pulumi.${name}.yaml`);
  const text = await readFile(file, "utf8").catch(() => "");
  const moved = former.reduce((left, old) => left.replaceAll(old, recipient), text);
  if (moved === text) return undefined;
  // Others may read it: it is in Git.
  writeWhole(file, moved, 0o666);
  return file;
}
