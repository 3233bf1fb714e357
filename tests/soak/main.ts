import { parseArgs } from "node:util";
import { onATrial } from "../support/trialPlatform";
import { soakLogs } from "./logs";
import { say } from "./say";
import { soakStarts } from "./starts";

const usage = `npm run soak -- [--times 20] [--seed 1] [--lines 200000] [--only starts|logs]
Starts: raises a platform, then takes it down, kills \`terp up\` at a random moment and runs it again, so many times. Each time it has
to end in the same state: resources, keys, tenants, services. The same seed kills at the same moments.
Logs: a tenant writes so many lines while collector, Loki and gateway are killed in between: none may be lost, none be there twice.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      times: { type: "string" },
      seed: { type: "string" },
      lines: { type: "string" },
      only: { type: "string" },
      help: { type: "boolean" },
    },
  });
  if (values.help === true) {
    say(usage);
    return;
  }
  const { only } = values;
  if (only !== undefined && only !== "starts" && only !== "logs")
    throw new Error(`--only: got "${only}", expected starts or logs`);
  let wrong = 0;
  if (only !== "logs") {
    const seed = Number(values.seed ?? Date.now() % 100_000);
    say(`seed ${String(seed)}`);
    wrong += await onATrial((trial) => soakStarts(trial, Number(values.times ?? 20), seed));
  }
  if (only !== "starts") wrong += await onATrial((trial) => soakLogs(trial, Number(values.lines ?? 200_000)));
  if (wrong > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
