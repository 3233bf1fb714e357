import * as alerting from "@grafana/grafana-foundation-sdk/alerting";
import * as expr from "@grafana/grafana-foundation-sdk/expr";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import { stringify } from "yaml";

import { logLabels } from "../logs/names";
import { allLines, errorsIn } from "./dashboards/queries";

/** Kinds of contact points whose only setting is an address: Slack and what speaks as it does, Microsoft Teams, any other. */
export const channelKinds = ["slack", "teams", "webhook"] as const;
/** One of {@link channelKinds}. */
export type ChannelKind = (typeof channelKinds)[number];

/** What a tenant is told of without looking. */
export interface GrafanaAlerts {
  /** What the channel is. Its address is in the Secret that the tenant's repository seals. */
  readonly kind: ChannelKind;
  /** Where the channel is, as CIDR: Grafana reaches it on port 443. */
  readonly ranges: readonly string[];
  /** How many lines with errors in five minutes, in one namespace, are too many. */
  readonly errors: number;
}

/** Grafana's name for what computes from other queries' results. */
const expressions = "__expr__";
/** What is counted together, in seconds. */
const window = 300;

/**
 * The file for `provisioning/alerting` with the rules: too many lines with errors in one namespace.
 *
 * @param source The uid of the source of logs.
 * @param errors How many in five minutes are too many.
 */
export function alertRules(source: string, errors: number): string {
  const lines = errorsIn(allLines);
  const counted = `sum by (${logLabels.namespace}) (count_over_time(${lines} [${String(window)}s]))`;
  const range = { from: window, to: 0 };
  const data = [
    new alerting.QueryBuilder("A")
      .datasourceUid(source)
      .relativeTimeRange(range)
      .model(new loki.DataqueryBuilder().refId("A").queryType("instant").expr(counted)),
    new alerting.QueryBuilder("B")
      .datasourceUid(expressions)
      .relativeTimeRange(range)
      .model(
        new expr.TypeThresholdBuilder()
          .refId("B")
          .datasource({ type: expressions, uid: expressions })
          .expression("A")
          .conditions([{ evaluator: { type: "gt", params: [errors] } }]),
      ),
  ];
  const rule = {
    uid: "errors",
    title: "Many errors in the logs",
    condition: "B",
    data: data.map((each) => each.build()),
    for: "5m",
    // No line with an error in it is no data, and well.
    noDataState: "OK",
    execErrState: "Error",
    annotations: {
      summary: `more than ${String(errors)} lines with errors in five minutes`,
      description: "The dashboard Applications shows which they are.",
    },
    labels: { severity: "warning" },
  } satisfies Partial<alerting.Rule>;
  const group = { orgId: 1, name: "logs", folder: "Platform", interval: "1m", rules: [rule] };
  // By way of JSON: the library's objects have methods.
  return stringify(JSON.parse(JSON.stringify({ apiVersion: 1, groups: [group] })));
}
