import * as bargauge from "@grafana/grafana-foundation-sdk/bargauge";
import * as common from "@grafana/grafana-foundation-sdk/common";
import * as dashboard from "@grafana/grafana-foundation-sdk/dashboard";
import * as logs from "@grafana/grafana-foundation-sdk/logs";
import * as loki from "@grafana/grafana-foundation-sdk/loki";
import * as timeseries from "@grafana/grafana-foundation-sdk/timeseries";

/* eslint-disable @typescript-eslint/no-deprecated -- the newer schema isn't among what Grafana's documentation has for files */

import { logLabels } from "../../logs/names";
import { namespaceVariable, searchVariable } from "./queries";

/** Where a dashboard's panels take their lines from: one source of logs, or a variable by which an operator chooses one. */
export interface Source {
  /** The source's uid, or a reference to the variable. */
  readonly uid: string;
  /** Makes the variable; absent where there is no choice. */
  readonly choice?: () => dashboard.DatasourceVariableBuilder;
}

/** A dashboard, and the name of its file without `.json`, which is also its address. */
export interface NamedDashboard {
  readonly name: string;
  readonly dashboard: dashboard.Dashboard;
}

/** What a panel shows. */
export interface PanelArgs {
  readonly title: string;
  /** What the panel really shows, for who hovers over its title. */
  readonly description: string;
  readonly source: Source;
  /** LogQL. */
  readonly query: string;
  /** Of 24 columns. @default 12 */
  readonly width?: number;
}

interface GraphArgs extends PanelArgs {
  /** How each series is called. */
  readonly legend: string;
  /** Grafana's id of a unit, e.g. `bytes`. @default "short" */
  readonly unit?: string;
}

const height = 8;
/** How many lines a panel shows at most. */
const mostLines = 500;

/** What a query asks: over time, or once. */
type QueryType = "range" | "instant";

/** A query of one source of logs. */
export function query(source: Source, expression: string, type: QueryType): loki.DataqueryBuilder {
  return new loki.DataqueryBuilder()
    .refId("A")
    .datasource(reference(source))
    .queryType(type)
    .editorMode(loki.QueryEditorMode.Code)
    .expr(expression);
}

/** How a panel or a variable names its source. */
export function reference({ uid }: Source): common.DataSourceRef {
  return { type: "loki", uid };
}

/** A graph over time, as stacked bars: lines are counted, not measured. */
export function graph(args: GraphArgs): timeseries.PanelBuilder {
  return new timeseries.PanelBuilder()
    .title(args.title)
    .description(args.description)
    .datasource(reference(args.source))
    .withTarget(query(args.source, args.query, "range").legendFormat(args.legend))
    .unit(args.unit ?? "short")
    .min(0)
    .drawStyle(common.GraphDrawStyle.Bars)
    .fillOpacity(60)
    .stacking(new common.StackingConfigBuilder().mode(common.StackingMode.Normal))
    .height(height)
    .span(args.width ?? 12);
}

/** A bar for each series, with its value in all the time that is shown. */
export function bars(args: GraphArgs): bargauge.PanelBuilder {
  return new bargauge.PanelBuilder()
    .title(args.title)
    .description(args.description)
    .datasource(reference(args.source))
    .withTarget(query(args.source, args.query, "instant").legendFormat(args.legend))
    .unit(args.unit ?? "short")
    .min(0)
    .orientation(common.VizOrientation.Horizontal)
    .displayMode(common.BarGaugeDisplayMode.Basic)
    .height(height)
    .span(args.width ?? 12);
}

/** The lines themselves, the newest first. */
export function lines(args: PanelArgs): logs.PanelBuilder {
  return new logs.PanelBuilder()
    .title(args.title)
    .description(args.description)
    .datasource(reference(args.source))
    .withTarget(query(args.source, args.query, "range").maxLines(mostLines))
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending)
    .height(2 * height)
    .span(args.width ?? 24);
}

/** A dashboard that people can't change, of the last hour at first. */
export function aDashboard(name: string, title: string, source?: Source): dashboard.DashboardBuilder {
  const builder = new dashboard.DashboardBuilder(title)
    .uid(name)
    .tags(["platform"])
    .readonly()
    .time({ from: "now-1h", to: "now" })
    .refresh("1m")
    .timezone("browser");
  return source?.choice === undefined ? builder : builder.withVariable(source.choice());
}

/** The variable that chooses among the namespaces which a source has lines of. */
export function namespaces(source: Source): dashboard.QueryVariableBuilder {
  return new dashboard.QueryVariableBuilder(namespaceVariable)
    .label("Namespace")
    .datasource(reference(source))
    .query({ type: 1, label: logLabels.namespace, stream: "", refId: "namespaces" })
    .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue(".+")
    .current({ selected: true, text: "All", value: "$__all" });
}

/** The variable that says what is looked for. */
export function search(): dashboard.TextBoxVariableBuilder {
  return new dashboard.TextBoxVariableBuilder(searchVariable)
    .label("Search")
    .description("A regular expression; small letters and capitals are the same")
    .defaultValue("");
}
