import { isDeepStrictEqual, parseArgs } from "node:util";
import { duration } from "../../local/progress";
import type { Summary } from "../../cli/status/summary";
import { fingerprint } from "../support/fingerprint";
import { killedUp, type Victims } from "../support/killing";
import { findDifference } from "../support/difference";
import { randomFrom } from "../support/random";
import { TrialPlatform } from "../support/trialPlatform";

const usage = `npm run soak -- [--times 20] [--seed 1]
Raises a platform, then takes it down, kills \`terp up\` at a random moment and runs it again, so many times. Each time it has
to end in the same state: resources, keys, tenants, services. The same seed kills at the same moments.`;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

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

async function soak(trial: TrialPlatform, times: number, seed: number): Promise<number> {
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { times: { type: "string" }, seed: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    say(usage);
    return;
  }
  const seed = Number(values.seed ?? Date.now() % 100_000);
  const times = Number(values.times ?? 20);
  say(`seed ${String(seed)}`);
  const trial = await TrialPlatform.create();
  try {
    if ((await soak(trial, times, seed)) > 0) process.exitCode = 1;
  } finally {
    await trial.remove();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
