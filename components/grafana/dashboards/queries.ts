/** Parts of LogQL, Loki's language, that dashboards and alert rules share. */
import { logLabels } from "../../logs/names";

/** The variable of a dashboard that says which namespaces are looked at. */
export const namespaceVariable = "namespace";
/** The variable of a dashboard that says what is looked for. */
export const searchVariable = "search";

/** The lines of the namespaces that a dashboard's variable names. */
export const chosenLines = `{${logLabels.namespace}=~"$${namespaceVariable}"}`;
/** The lines of every namespace that a source has. */
export const allLines = `{${logLabels.namespace}=~".+"}`;

/** Of some lines those that seem to tell of an error. By words, for applications write as they like. */
export function errorsIn(lines: string): string {
  return `${lines} |~ \`(?i)\\b(error|fatal|panic|exception)\\b\``;
}

/** How many of some lines there were, in steps as wide as the graph's. */
export function counted(lines: string, ...by: readonly string[]): string {
  return `sum by (${by.join(", ")}) (count_over_time(${lines} [$__auto]))`;
}

/** How many of some lines there were in all the time that is shown. */
export function countedInAll(lines: string, ...by: readonly string[]): string {
  return `sum by (${by.join(", ")}) (count_over_time(${lines} [$__range]))`;
}

/** How a graph calls a series: by labels of its. */
export function legend(...labels: readonly string[]): string {
  return labels.map((label) => `{{${label}}}`).join(" ");
}
