import { duration } from "../../local/progress";
import { TrialLogs } from "../support/trialLogs";
import type { TrialPlatform } from "../support/trialPlatform";
import { say } from "./say";

/** How often each is killed. After more than that the kubelet starts none of them again for minutes. */
const rounds = 4;

/**
 * Has a tenant write lines while collector, Loki and gateway are killed in turn.
 *
 * @returns how many lines are there more than once. One that is missing is waited for until patience ends.
 * @throws where lines are missing.
 */
export async function soakLogs(trial: TrialPlatform, lines: number): Promise<number> {
  const { logs } = await TrialLogs.raise(trial);
  try {
    const start = Date.now();
    const found = await logs.writeThroughKills("team-green", lines, rounds);
    const twice = found.length - lines;
    say(
      `${String(lines)} lines, collector, Loki and gateway killed ${String(rounds)} times each meanwhile: none lost, ${String(twice)} twice, in ${duration(Date.now() - start)}`,
    );
    return twice;
  } finally {
    await logs.close();
  }
}
