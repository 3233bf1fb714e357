import type * as common from "@grafana/grafana-foundation-sdk/common";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

import { logLabels } from "../../logs/names";
import { aDashboard, graph, lines, query, type NamedDashboard, type Source } from "./panels";
import { allLines, counted, errorsIn, legend } from "./queries";

/** A source of logs with the name of whose they are. */
export interface NamedSource extends Source {
  readonly title: string;
}

/** Grafana's source for a panel whose queries have different ones. */
const mixed: common.DataSourceRef = { type: "datasource", uid: "-- Mixed --" };

/**
 * How the platform is, as far as logs tell: who writes how much, and what the platform's own parts complain of.
 *
 * @param own The platform's own logs.
 * @param all Everybody's, the platform's too.
 */
export function platform(own: Source, all: readonly NamedSource[]): NamedDashboard {
  const { namespace, pod } = logLabels;
  const name = "platform";
  const dashboard = aDashboard(name, "Platform")
    .withPanel(volumes(all))
    .withPanel(
      graph({
        title: "The platform's lines",
        description: "How many lines each part of the platform wrote.",
        source: own,
        query: counted(allLines, namespace),
        legend: legend(namespace),
      }),
    )
    .withPanel(
      graph({
        title: "The platform's lines with errors",
        description: "How many lines of the platform's own have the word error, fatal, panic or exception.",
        source: own,
        query: counted(errorsIn(allLines), namespace, pod),
        legend: legend(namespace, pod),
      }),
    )
    .withPanel(
      lines({
        title: "The platform's latest errors",
        description: "The lines that are counted above as lines with errors.",
        source: own,
        query: errorsIn(allLines),
      }),
    );
  return { name, dashboard: dashboard.build() };
}

/** What everybody writes: one query for each source, for no credential reads more than one tenant's logs. */
function volumes(all: readonly NamedSource[]): timeseries.PanelBuilder {
  const panel = new timeseries.PanelBuilder()
    .title("Volume by tenant")
    .description("How much each tenant's applications wrote.")
    .datasource(mixed)
    .unit("bytes")
    .min(0)
    .height(8)
    .span(24);
  return all.reduce((made, source, index) => {
    const volume = `sum(bytes_over_time(${allLines} [$__auto]))`;
    const target = query(source, volume, "range")
      .refId(`T${String(index)}`)
      .legendFormat(source.title);
    return made.withTarget(target);
  }, panel);
}
