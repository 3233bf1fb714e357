import { isDeepStrictEqual } from "node:util";
import type { Summary } from "../../cli/status/summary";
import { duration } from "../../local/progress";
import { findDifference } from "../support/difference";
import { fingerprint } from "../support/fingerprint";
import { killedUp, type Victims } from "../support/killing";
import { randomFrom } from "../support/random";
import type { TrialPlatform } from "../support/trialPlatform";
import { say } from "./say";

async function round(trial: TrialPlatform, after: number, victims: Victims): Promise<string> {
  const down = await trial.terp("down");
  if (down.code !== 0) throw new Error(`terp down ended with ${String(down.code)}:\n${down.standardError}`);
  const hit = await killedUp(trial, after, victims);
  const start = Date.now();
  await trial.ask<Summary>("up");
  const whom = victims === "all" ? "with all its processes" : "alone";
  const moment = hit ? `killed after ${duration(after)}, ${whom}` : "done before it could be killed";
  return `${moment}; the next run took ${duration(Date.now() - start)}`;
}

/**
 * Raises a platform, and then again and again after a start that was killed.
 *
 * @param times How often.
 * @param seed What the moments follow from.
 * @returns how often it ended in another state.
 */
export async function soakStarts(trial: TrialPlatform, times: number, seed: number): Promise<number> {
  const random = randomFrom(seed);
  const start = Date.now();
  await trial.ask<Summary>("up");
  const whole = Date.now() - start;
  const expected = await fingerprint(trial);
  say(`raised in ${duration(whole)}: ${String(expected.resources.length)} resources`);
  let different = 0;
  for (let count = 1; count <= times; count += 1) {
    const victims: Victims = random() < 0.5 ? "command" : "all";
    const told = await round(trial, random() * whole, victims);
    const found = await fingerprint(trial);
    const same = isDeepStrictEqual(found, expected);
    if (!same) different += 1;
    say(
      `${String(count).padStart(2)} of ${String(times)}: ${told}; ${same ? "same state" : "ANOTHER STATE"}`,
    );
    if (!same) say(findDifference(expected, found));
  }
  say(
    `${String(times - different)} of ${String(times)} ended in the same state, in ${duration(Date.now() - start)}`,
  );
  return different;
}
