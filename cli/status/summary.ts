import { oneLine } from "../../infra/fault";
import { duration } from "../../local/progress";
import type { HttpAnswer } from "../cluster/tenants";
import type { Item, TenantItem } from "../cluster/survey";
import { projectFolder } from "../engine/stack";
import { describeChanges, type ChangeCounts } from "../engine/events";
import type { Entrance } from "./inspect";
import type { Colours } from "../ui/colour";
import { table } from "../ui/table";
import type { Timing } from "../ui/timings";

/** What `terp up` ends with; `--json` prints it as it is. No secrets. */
export interface Summary {
  readonly stack: string;
  readonly server: string;
  readonly changes: ChangeCounts;
  /** Which plugins ran, and whether they are their publisher's. */
  readonly plugins: readonly { readonly name: string; readonly version: string; readonly kind: string }[];
  readonly nodes: readonly Item[];
  readonly services: readonly Item[];
  readonly tenants: readonly TenantItem[];
  /** The addresses of the tenants' repositories, by tenant. */
  readonly repositories: Readonly<Record<string, string>>;
  readonly timings: readonly Timing[];
  /** What the first tenant's application answered over HTTP. */
  readonly answer?: HttpAnswer;
  /** Where that application answers from outside; absent where no gateway of the platform's brings requests. */
  readonly entrance?: Entrance;
}

/** How this command is typed from the project's folder. */
const self = "bin/terp";

function excerpt(body: string): string {
  const line = oneLine(body);
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}

function describePlugins(plugins: Summary["plugins"]): string {
  return plugins
    .map(({ name, version, kind }) => (kind === "official" ? `${name} ${version}` : `${name} (stand-in)`))
    .join(", ");
}

function forTenant(tenant: string, summary: Summary, option: string): string[][] {
  const url = summary.repositories[tenant];
  const helper = `!${projectFolder}/bin/terp git-credential${option}`;
  return [
    ["kubectl for a tenant", `${self} tenant kubeconfig ${tenant}${option} > ${tenant}.kubeconfig`],
    ...(url === undefined
      ? []
      : [
          [
            "push a change",
            `git clone ${url.startsWith("ssh:") ? "" : `-c credential.helper='${helper}' `}${url} ${tenant}; edit, commit, git push`,
          ],
        ]),
  ];
}

/** The summary as lines: what runs, where, how long it took, what to type next. */
export function renderSummary(summary: Summary, colours: Colours): string[] {
  const option = summary.stack === "local" ? "" : ` --stack ${summary.stack}`;
  const [tenant] = summary.tenants;
  const ready = summary.services.filter((each) => each.ready).length;
  const what = [
    ["cluster", `${summary.server} ${summary.nodes.map((each) => each.detail).join(" ")}`],
    [
      "services",
      `${String(ready)} of ${String(summary.services.length)} ready: ${summary.services.map((each) => each.name).join(", ")}`,
    ],
    ...summary.tenants.map((each, index) => [
      index === 0 ? "tenants" : "",
      each.revision === "" ? `${each.tenant}, not applied yet` : `${each.tenant} at ${each.revision}`,
    ]),
    ...(summary.answer === undefined
      ? []
      : [
          [
            "answer",
            `${summary.answer.namespace}/${summary.answer.service}: ${excerpt(summary.answer.body)}`,
          ],
        ]),
    ...(summary.entrance === undefined
      ? []
      : [
          [
            "from outside",
            `https://${summary.entrance.host} at ${summary.entrance.address}, see docs/gateway.md`,
          ],
        ]),
    ["plugins", describePlugins(summary.plugins)],
    ["changes", describeChanges(summary.changes)],
  ];
  const sum = summary.timings.reduce((total, each) => total + each.milliseconds, 0);
  const times = [
    ...summary.timings.map((each) => [each.title, duration(each.milliseconds)]),
    ["together", duration(sum)],
  ];
  const next = [
    ["how everything is", `${self} status${option}`],
    ["kubectl for operators", `export KUBECONFIG=$(${self} kubeconfig${option})`],
    ...(tenant === undefined ? [] : forTenant(tenant.tenant, summary, option)),
    ["add a team", `${self} tenant add NAME, look at stacks/tenants.ts, then ${self} up${option}`],
    ["take it down", `${self} down${option}`],
  ];
  return [
    "",
    colours.strong(`The platform of the stack ${summary.stack} runs.`),
    ...table(what),
    "",
    colours.strong("How long it took"),
    ...table(times),
    "",
    colours.strong("What to type next"),
    ...table(next),
  ];
}
