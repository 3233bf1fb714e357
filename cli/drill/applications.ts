import type { KubeApi } from "../../infra/cluster/kubeApi";
import { askApplication } from "../cluster/tenants";
import type { Check } from "./report";

/** Whose applications are asked, and where. */
export interface Questions {
  readonly tenants: readonly string[];
  /** The drill's cluster. */
  readonly drill: KubeApi;
  /** The cluster of the platform that it rehearses, if that runs. */
  readonly running: KubeApi | undefined;
  readonly signal: AbortSignal;
}

const patience = 60_000;

/** What is known of a tenant's application: `none` has no Service, or none that answers over HTTP. */
export interface Answers {
  readonly drill: string | undefined;
  /** Undefined if the running platform can't be asked. */
  readonly running: "answers" | "none" | undefined;
}

/** The decision about one tenant's application. */
export function judgeApplication(tenant: string, { drill, running }: Answers): Check {
  const what = `application of ${tenant}`;
  if (drill !== undefined) return { what, result: "passed", detail: `${drill} answers over HTTP` };
  if (running === "answers")
    return {
      what,
      result: "failed",
      detail: "it doesn't answer over HTTP, and in the running platform it does",
    };
  const detail =
    running === "none"
      ? "it answers over HTTP in neither platform"
      : "it doesn't answer over HTTP, and there is no running one to compare with";
  return { what, result: "skipped", detail };
}

/** Asks every tenant's application, in the drill and where it runs already. */
export async function askApplications(questions: Questions): Promise<readonly Check[]> {
  const { tenants, drill, running, signal } = questions;
  const checks: Check[] = [];
  for (const tenant of tenants) {
    const expected =
      running === undefined ? undefined : await askApplication(running, { tenant, signal, patience: 0 });
    const isExpected = running === undefined ? undefined : expected === undefined ? "none" : "answers";
    const found = await askApplication(drill, {
      tenant,
      signal,
      patience: isExpected === "none" ? 0 : patience,
    });
    checks.push(
      judgeApplication(tenant, {
        drill: found === undefined ? undefined : `${found.namespace}/${found.service}`,
        running: isExpected,
      }),
    );
  }
  return checks;
}
