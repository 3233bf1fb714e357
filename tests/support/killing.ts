import { readdir, readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { TrialPlatform } from "./trialPlatform";

/** Whom a SIGKILL hits: the command alone, or everything that it has started and that is still its descendant. */
export type Victims = "command" | "all";

/** Kills a process and all that it has started and that is still its descendant. */
export async function killWithDescendants(root: number): Promise<void> {
  (await descendants(root)).forEach(kill);
}

/** The processes that descend from one, itself included. What has moved to another parent isn't among them. */
async function descendants(root: number): Promise<number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/stat`, "utf8").catch(() => undefined);
    const parent = text?.slice(text.lastIndexOf(")") + 2).split(" ")[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  const found = [root];
  for (const each of found) {
    for (const [child, parent] of parents) if (parent === each) found.push(child);
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has just ended by itself.
  }
}

/** Starts `terp up` and kills it; see {@link killedRun}. */
export async function killedUp(trial: TrialPlatform, after: number, victims: Victims): Promise<boolean> {
  return killedRun(trial, ["up"], { after, victims });
}

/**
 * Starts a `terp` command and kills it.
 *
 * @param end.after milliseconds from its start.
 * @returns whether it was still running.
 */
export async function killedRun(
  trial: TrialPlatform,
  words: readonly string[],
  { after, victims }: { readonly after: number; readonly victims: Victims },
): Promise<boolean> {
  const { child, ended } = trial.start(words);
  const running = await Promise.race([ended.then(() => false), sleep(after, true)]);
  if (child.pid !== undefined && running) {
    if (victims === "all") await killWithDescendants(child.pid);
    else kill(child.pid);
  }
  await ended;
  return running;
}
