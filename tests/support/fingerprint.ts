import { setTimeout as sleep } from "node:timers/promises";
import type { StatusReport } from "../../cli/status/report";
import type { TrialPlatform } from "./trialPlatform";

/** What must be the same whichever way a platform came to be. */
export interface Fingerprint {
  /** Every resource of the state. */
  readonly resources: readonly string[];
  /** Public halves of the age keys: the private ones are the same exactly when these are. */
  readonly recipients: readonly string[];
  readonly tenants: readonly string[];
  readonly services: readonly string[];
  readonly pendingOperations: number;
}

/** Takes the fingerprint of a platform that is up. */
export async function fingerprint(trial: TrialPlatform): Promise<Fingerprint> {
  const state = await trial.state();
  const report = await settledStatus(trial);
  const resources = state?.resources ?? [];
  return {
    resources: resources.map((each) => `${each.urn}${each.delete ? " (to be deleted)" : ""}`).sort(),
    recipients: resources
      .map((each) => each.outputs["recipient"])
      .filter((each): each is string => typeof each === "string")
      .sort(),
    tenants: report.tenants.map((each) => `${each.tenant} ${each.revision} ${String(each.ready)}`).sort(),
    services: report.services.map((each) => `${each.name} ${each.detail} ${String(each.ready)}`).sort(),
    pendingOperations: state?.pendingOperations ?? 0,
  };
}

/** What `terp status` says once everything is ready, or after a minute. */
export async function settledStatus(trial: TrialPlatform): Promise<StatusReport> {
  for (let attempt = 0; ; attempt += 1) {
    const report = JSON.parse((await trial.terp("status", "--json")).standardOutput) as StatusReport;
    if (report.ready || attempt === 60) return report;
    await sleep(1000);
  }
}
