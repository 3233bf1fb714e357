import { strict as assert } from "node:assert";
import { parse } from "yaml";

import { alertRules } from "../../components/grafana/alerts";
import { grafanaForOperators } from "../../components/grafana/forOperators";
import { grafanaForTenant } from "../../components/grafana/forTenant";
import { aGrafanaPlatform, blue, someGroups } from "../support/aGrafanaPlatform";
import { LokiServer, type Found } from "../support/lokiServer";

/** A dashboard's query. */
interface Query {
  readonly queryType: "range" | "instant";
  readonly expr: string;
}

interface Json {
  readonly panels: readonly { readonly title: string; readonly targets: readonly Query[] }[];
}

const flux = (level: string, msg: string): string =>
  JSON.stringify({
    level,
    msg,
    controller: "kustomization",
    namespace: "terp-tenant-team-blue",
    name: "apps",
    ...(level === "error" && { error: 'configmaps "x" is forbidden: exceeded quota: terp' }),
  });
const written = {
  shop: ["hello", "an ERROR here", "a terror, but none", "level=error"],
  flux: [
    flux("info", "Reconciliation finished in 1.25s, next run in 1m"),
    flux("info", "Reconciliation finished in 250ms, next run in 1m"),
    flux("error", "Reconciliation failed after 1s, next try in 3s"),
  ],
};

/** What each of the operators' panels finds in that. */
const expected: Readonly<Record<string, readonly (readonly [labels: string, value: number])[]>> = {
  "applications: Lines": [
    ["flux-system manager", 3],
    ["team-blue-app shop", 4],
  ],
  "applications: Lines with errors": [
    ["flux-system manager", 1],
    ["team-blue-app shop", 2],
  ],
  "applications: Volume": [
    ["flux-system manager", written.flux.join("").length],
    ["team-blue-app shop", written.shop.join("").length],
  ],
  "applications: Pods that wrote": [
    ["flux-system kustomize-controller-0", 3],
    ["team-blue-app shop-0", 4],
  ],
  "logs: Lines found": [
    ["flux-system manager", 1],
    ["team-blue-app shop", 3],
  ],
  "platform: Volume by tenant": [["", [...written.flux, ...written.shop].join("").length]],
  "platform: The platform's lines": [
    ["flux-system", 3],
    ["team-blue-app", 4],
  ],
  "platform: The platform's lines with errors": [
    ["flux-system kustomize-controller-0", 1],
    ["team-blue-app shop-0", 2],
  ],
  "flux: Repositories applied": [["terp-tenant-team-blue", 2]],
  "flux: Failures": [["terp-tenant-team-blue", 1]],
  "flux: Time to apply": [["terp-tenant-team-blue", 0.75]],
  "flux: Refused by a quota": [["terp-tenant-team-blue", 1]],
};
/** What each panel with lines finds. */
const expectedLines: Readonly<Record<string, readonly string[]>> = {
  "applications: Latest errors": [written.flux[2] ?? "", "an ERROR here", "level=error"],
  "logs: Lines": [written.flux[2] ?? "", "a terror, but none", "an ERROR here", "level=error"],
  "platform: The platform's latest errors": [written.flux[2] ?? "", "an ERROR here", "level=error"],
  "flux: Latest failures": [written.flux[2] ?? ""],
};

/** Dashboards' queries by their panels. */
function queriesOf({
  dashboards,
}: Pick<ReturnType<typeof grafanaForTenant>, "dashboards">): Map<string, Query> {
  return new Map(
    dashboards.flatMap(({ name, dashboard }) =>
      (JSON.parse(JSON.stringify(dashboard)) as Json).panels.flatMap(({ title, targets }) =>
        targets.map((target): [string, Query] => [`${name}: ${title}`, target]),
      ),
    ),
  );
}

/** A query as Grafana asks it, with every namespace chosen, and a search for "error". */
function replaced(expression: string): string {
  return expression
    .replaceAll("$namespace", ".+")
    .replaceAll("$search", "error")
    .replaceAll(/\$__(auto|range)/g, "1h");
}

/** Series by what their labels say, in order. */
function sorted({ series }: Found): (readonly [string, number])[] {
  return series
    .map(({ labels, value }) => {
      const names = Object.keys(labels).sort((one, other) => order(one) - order(other));
      return [names.map((name) => labels[name]).join(" "), value] as const;
    })
    .sort(([one], [other]) => one.localeCompare(other));
}

function order(label: string): number {
  return label.includes("namespace") ? 0 : 1;
}

describe("Loki, asked by Grafana's dashboards", () => {
  let loki: LokiServer;
  const operators = queriesOf(grafanaForOperators(aGrafanaPlatform(), [], someGroups));
  const tenants = queriesOf(grafanaForTenant(aGrafanaPlatform(), blue, someGroups));
  const ask = async ({ expr, queryType }: Query): Promise<Found> => await loki.ask(replaced(expr), queryType);

  before(async function () {
    // On a bare machine Loki is built first.
    this.timeout(15 * 60_000);
    loki = await LokiServer.start();
    const labels = (namespace: string, pod: string, container: string): Record<string, string> => ({
      k8s_namespace_name: namespace,
      k8s_pod_name: pod,
      k8s_container_name: container,
    });
    await loki.write([
      { labels: labels("team-blue-app", "shop-0", "shop"), lines: written.shop },
      { labels: labels("flux-system", "kustomize-controller-0", "manager"), lines: written.flux },
    ]);
  });
  after(async () => {
    await loki.stop();
  });

  it("is asked nothing that isn't looked at here", () => {
    const known = [...Object.keys(expected), ...Object.keys(expectedLines)].sort();
    assert.deepEqual([...operators.keys()].sort(), known);
  });

  for (const [panel, query] of operators) {
    it(`finds what the panel "${panel}" says`, async () => {
      const found = await ask(query);
      assert.deepEqual(sorted(found), expected[panel] ?? []);
      assert.deepEqual([...found.lines].sort(), [...(expectedLines[panel] ?? [])].sort());
    });
  }

  it("is asked by a tenant's panels what the operators' ask", () => {
    for (const [panel, { expr }] of tenants) assert.equal(expr, operators.get(panel)?.expr, panel);
  });

  it("counts the errors that an alert is about", async () => {
    const { groups } = parse(alertRules("logs", 1)) as {
      groups: { rules: { data: { model: Query }[] }[] }[];
    };
    const model = groups[0]?.rules[0]?.data[0]?.model ?? assert.fail("no query");
    assert.deepEqual(sorted(await ask(model)), [
      ["flux-system", 1],
      ["team-blue-app", 2],
    ]);
  });
});
