import { strict as assert } from "node:assert";

import { alertRules } from "../../../../components/grafana/alerts";
import type { NamedDashboard } from "../../../../components/grafana/dashboards/panels";
import { grafanaForOperators } from "../../../../components/grafana/forOperators";
import { grafanaForTenant } from "../../../../components/grafana/forTenant";
import { logLabels } from "../../../../components/logs/names";
import { parse } from "yaml";
import { aGrafanaPlatform, blue, someGroups } from "../../../support/aGrafanaPlatform";

/** A panel's or a variable's query, as Grafana reads it from a file. */
interface Query {
  readonly panel: string;
  readonly source: string;
  readonly type: string;
  readonly expression: string;
  readonly maxLines?: number;
}

/** What is looked at of a dashboard as Grafana reads it. */
interface Json {
  readonly uid: string;
  readonly editable: boolean;
  readonly templating: { readonly list?: readonly { readonly name: string; readonly type: string }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly description: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets: readonly {
      readonly refId: string;
      readonly expr: string;
      readonly queryType: string;
      readonly legendFormat?: string;
      readonly maxLines?: number;
      readonly datasource: { readonly uid: string };
    }[];
  }[];
}

interface Written {
  readonly name: string;
  readonly json: Json;
  readonly queries: readonly Query[];
}

function written({ name, dashboard }: NamedDashboard): Written {
  const json = JSON.parse(JSON.stringify(dashboard)) as Json;
  const queries = json.panels.flatMap((panel) =>
    panel.targets.map((target): Query => ({
      panel: panel.title,
      source: target.datasource.uid,
      type: target.queryType,
      expression: target.expr,
      ...(target.maxLines !== undefined && { maxLines: target.maxLines }),
    })),
  );
  return { name, json, queries };
}

const tenants = grafanaForTenant(aGrafanaPlatform(), blue, someGroups);
const operators = grafanaForOperators(aGrafanaPlatform(), ["team-blue", "team-red"], someGroups);
const grafanas = { "a tenant's": tenants, "the operators'": operators };

/** Variables that Grafana itself replaces in a query. */
const builtIn = ["__auto", "__range"];

for (const [whose, { dashboards, sources }] of Object.entries(grafanas)) {
  const all = dashboards.map(written);
  const uids = sources.map(({ uid }) => uid);

  describe(`${whose} dashboards`, () => {
    it("have an address each that stays", () => {
      assert.deepEqual(
        all.map(({ json }) => json.uid),
        all.map(({ name }) => name),
      );
      assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
    });

    it("can't be changed by hand", () => {
      assert.deepEqual([...new Set(all.map(({ json }) => json.editable))], [false]);
    });

    it("say of each panel what it shows", () => {
      for (const { json } of all)
        for (const { title, description } of json.panels) assert.match(description, /^[A-Z].+\.$/, title);
    });

    it("lay no panel over another", () => {
      for (const { name, json } of all) {
        const cells = json.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
          Array.from({ length: w * h }, (_, cell) => [x + (cell % w), y + Math.floor(cell / w)].join()),
        );
        assert.equal(new Set(cells).size, cells.length, name);
      }
    });

    it("ask sources that there are, or the one that is chosen", () => {
      for (const { name, json, queries } of all) {
        const choices = (json.templating.list ?? [])
          .filter(({ type }) => type === "datasource")
          .map((variable) => `\${${variable.name}}`);
        for (const { panel, source } of queries)
          assert.ok([...uids, ...choices].includes(source), `${name}, ${panel}: ${source}`);
      }
    });

    it("replace variables that there are", () => {
      for (const { name, json, queries } of all) {
        const own = (json.templating.list ?? []).map((variable) => variable.name);
        for (const { panel, expression } of queries)
          for (const [, used = ""] of expression.matchAll(/\$\{?(\w+)/g))
            assert.ok([...own, ...builtIn].includes(used), `${name}, ${panel}: $${used}`);
      }
    });

    it("begin each query with labels that the collector sets", () => {
      for (const { name, queries } of all)
        for (const { panel, expression } of queries) {
          const selectors = [...expression.matchAll(/\{([^}]*)\}/g)].map(([, inner = ""]) => inner);
          assert.ok(selectors.length > 0, `${name}, ${panel}`);
          for (const selector of selectors) {
            const labels = [...selector.matchAll(/(\w+)=~?"/g)].map(([, label]) => label);
            assert.ok(labels.includes(logLabels.namespace), `${name}, ${panel}: ${selector}`);
            assert.ok(
              labels.every((label) => (Object.values(logLabels) as unknown[]).includes(label)),
              `${name}, ${panel}: ${selector}`,
            );
          }
        }
    });

    it("bound each query: counts to the time that is shown, lines to their number", () => {
      for (const { name, queries } of all)
        for (const { panel, expression, type, maxLines } of queries) {
          const window = /\[(\$__\w+)\]/.exec(expression)?.[1];
          const bound = window ?? `${String(maxLines)} lines`;
          const expected = type === "instant" ? ["$__range"] : ["$__auto", "500 lines"];
          assert.ok(expected.includes(bound), `${name}, ${panel}: ${type}, ${bound}`);
        }
    });
  });
}

describe("a tenant's dashboards", () => {
  it("are its applications and its logs: of what there is no source for, none", () => {
    assert.deepEqual(
      tenants.dashboards.map(({ name }) => name),
      ["applications", "logs"],
    );
  });

  it("ask for its own logs alone", () => {
    assert.deepEqual(
      tenants.sources.map(({ tenant }) => tenant),
      ["team-blue"],
    );
  });

  it("name no tenant, in no query: the credential decides", () => {
    const text = JSON.stringify(tenants.dashboards);
    for (const name of ["team-blue", "team-red", "X-Scope-OrgID", "terp-"])
      assert.ok(!text.includes(name), name);
  });
});

describe("the operators' dashboards", () => {
  it("begin with the platform's health", () => {
    assert.deepEqual(
      operators.dashboards.map(({ name }) => name),
      ["platform", "flux", "applications", "logs"],
    );
  });

  it("have every tenant's logs, each by a source of its own", () => {
    assert.deepEqual(
      operators.sources.map(({ uid, tenant }) => [uid, tenant]),
      [
        ["logs-platform", "platform"],
        ["logs-team-blue", "team-blue"],
        ["logs-team-red", "team-red"],
      ],
    );
  });

  it("compare all tenants in one graph", () => {
    const [platform] = operators.dashboards.map(written);
    const targets = platform?.json.panels[0]?.targets.map(({ refId, legendFormat, datasource }) => [
      refId,
      legendFormat,
      datasource.uid,
    ]);
    assert.deepEqual(targets, [
      ["T0", "platform", "logs-platform"],
      ["T1", "team-blue", "logs-team-blue"],
      ["T2", "team-red", "logs-team-red"],
    ]);
  });
});

describe("a Grafana's alert rules", () => {
  const { apiVersion, groups } = parse(alertRules("logs", 10));
  const [group] = groups;
  const [rule] = group.rules;

  it("are those of a file that Grafana reads at its start", () => {
    assert.deepEqual([apiVersion, groups.length, group.rules.length], [1, 1, 1]);
    assert.deepEqual([group.orgId, group.name, group.folder, group.interval], [1, "logs", "Platform", "1m"]);
    assert.deepEqual([rule.uid, rule.condition, rule.for], ["errors", "B", "5m"]);
  });

  it("count the errors of five minutes in each namespace, and compare them", () => {
    const [counted, compared] = rule.data;
    assert.deepEqual(
      [counted.refId, counted.datasourceUid, counted.model.queryType, counted.relativeTimeRange],
      ["A", "logs", "instant", { from: 300, to: 0 }],
    );
    assert.equal(
      counted.model.expr,
      "sum by (k8s_namespace_name) (count_over_time(" +
        '{k8s_namespace_name=~".+"} |~ `(?i)\\b(error|fatal|panic|exception)\\b` [300s]))',
    );
    assert.deepEqual(
      [compared.refId, compared.datasourceUid, compared.model.type, compared.model.expression],
      ["B", "__expr__", "threshold", "A"],
    );
    assert.deepEqual(compared.model.conditions, [{ evaluator: { type: "gt", params: [10] } }]);
  });

  it("are quiet where nothing is wrong, and not where Grafana can't tell", () => {
    assert.deepEqual([rule.noDataState, rule.execErrState], ["OK", "Error"]);
  });

  it("have no sign that Grafana would replace in them", () => {
    assert.ok(!JSON.stringify([rule.annotations, rule.labels]).includes("$"));
  });
});
