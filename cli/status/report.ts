import type { Item, Survey, TenantItem } from "../cluster/survey";
import type { Colours } from "../ui/colour";
import { table } from "../ui/table";
import { duration } from "../../local/progress";

/** Everything that `terp status` knows; `--json` prints it as it is. */
export interface StatusReport {
  readonly stack: string;
  /** Whether everything is as it should be. */
  readonly ready: boolean;
  readonly cluster: { readonly state: "absent" | "unreachable" | "running"; readonly reason: string };
  readonly nodes: readonly Item[];
  readonly services: readonly Item[];
  readonly tenants: readonly TenantItem[];
  /** Operations that had begun when the last run was cut off. */
  readonly pendingOperations: number;
  /** Where the first tenant's application answers from outside; absent where no gateway of the platform's brings requests. */
  readonly entrance?: { readonly address: string; readonly host: string };
}

/** What was found out, for {@link composeReport}. */
export interface Findings {
  readonly stack: string;
  readonly cluster: StatusReport["cluster"];
  readonly survey: Survey | undefined;
  /** Names of the tenants that the state knows. */
  readonly tenants: readonly string[];
  readonly pendingOperations: number;
  readonly entrance?: StatusReport["entrance"];
}

/** Puts the findings together: a tenant that the cluster doesn't know is there, and not ready. */
export function composeReport(findings: Findings): StatusReport {
  const survey = findings.survey ?? { nodes: [], services: [], tenants: [] };
  const lost = findings.tenants
    .filter((name) => !survey.tenants.some((each) => each.tenant === name))
    .map((name) => ({
      name,
      tenant: name,
      detail: "",
      ready: false,
      reason: findings.survey === undefined ? findings.cluster.reason : "Flux knows nothing of it",
      revision: "",
      reconciled: "",
    }));
  const tenants = [...survey.tenants, ...lost].sort((one, other) => one.name.localeCompare(other.name));
  const all = [...survey.nodes, ...survey.services, ...tenants];
  return {
    stack: findings.stack,
    ready:
      findings.cluster.state === "running" &&
      findings.pendingOperations === 0 &&
      all.every((each) => each.ready),
    cluster: findings.cluster,
    nodes: survey.nodes,
    services: survey.services,
    tenants,
    pendingOperations: findings.pendingOperations,
    ...(findings.entrance && { entrance: findings.entrance }),
  };
}

/** `3 min 05 s ago` and the like; empty if it never was. */
export function ago(time: string, now: number): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return "";
  const minutes = (now - then) / 60_000;
  if (minutes < 60) return `${duration(Math.max(0, now - then))} ago`;
  if (minutes < 48 * 60) return `${String(Math.round(minutes / 60))} h ago`;
  return `${String(Math.round(minutes / 60 / 24))} days ago`;
}

/** The report as lines of one screen. */
export function renderReport(report: StatusReport, colours: Colours, now: number): string[] {
  const mark = (ready: boolean): string => (ready ? colours.good("✔") : colours.bad("✖"));
  const group = (title: string, items: readonly Item[], row: (item: Item) => string[]): string[] => {
    if (items.length === 0) return [];
    const ready = items.filter((each) => each.ready).length;
    return [
      "",
      colours.strong(`${title}: ${String(ready)} of ${String(items.length)} ready`),
      ...table(items.map(row)),
    ];
  };
  const plain = (item: Item): string[] => [
    `${mark(item.ready)} ${item.name}`,
    item.detail,
    item.ready ? "" : item.reason,
  ];
  const tenant = (item: Item): string[] => {
    const { revision, reconciled } = item as TenantItem;
    const short = revision.replace(/^(.*sha1:[0-9a-f]{7})[0-9a-f]*$/, "$1");
    return [
      `${mark(item.ready)} ${item.name}`,
      short === "" ? "nothing applied yet" : short,
      ago(reconciled, now),
      item.ready ? "" : item.reason,
    ];
  };
  const next = report.cluster.state === "absent" || !report.ready ? [`terp up --stack ${report.stack}`] : [];
  return [
    `${mark(report.cluster.state === "running")} ${colours.strong(report.stack)}: ${report.cluster.reason}`,
    ...group("nodes", report.nodes, plain),
    ...group("services", report.services, plain),
    ...group("tenants", report.tenants, tenant),
    ...(report.entrance === undefined
      ? []
      : [
          "",
          `from outside: https://${report.entrance.host} at ${report.entrance.address}, see docs/gateway.md`,
        ]),
    ...(report.pendingOperations > 0
      ? [
          "",
          `${colours.bad("✖")} the last run was cut off (${String(report.pendingOperations)} operations had begun)`,
        ]
      : []),
    ...(next.length > 0 ? ["", `To mend what the platform can mend itself: ${next.join("")}`] : []),
  ];
}
