import { logLabels } from "../../logs/names";
import { aDashboard, graph, lines, namespaces, search, type NamedDashboard, type Source } from "./panels";
import { chosenLines, counted, legend, searchVariable } from "./queries";

/** The lines themselves, searched. */
export function logs(source: Source): NamedDashboard {
  const found = `${chosenLines} |~ \`(?i)$${searchVariable}\``;
  const name = "logs";
  const dashboard = aDashboard(name, "Logs", source)
    .withVariable(namespaces(source))
    .withVariable(search())
    .withPanel(
      graph({
        title: "Lines found",
        description: "How many lines match the search.",
        source,
        query: counted(found, logLabels.namespace, logLabels.container),
        legend: legend(logLabels.namespace, logLabels.container),
        width: 24,
      }),
    )
    .withPanel(
      lines({
        title: "Lines",
        description: "The newest lines that match the search.",
        source,
        query: found,
      }),
    );
  return { name, dashboard: dashboard.build() };
}
