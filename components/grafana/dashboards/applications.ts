import { logLabels } from "../../logs/names";
import { aDashboard, bars, graph, lines, namespaces, type NamedDashboard, type Source } from "./panels";
import { chosenLines, counted, countedInAll, errorsIn, legend } from "./queries";

/**
 * What applications write, and how much of it tells of errors. An application here is a container's name; of its processor time
 * and memory logs know nothing.
 */
export function applications(source: Source): NamedDashboard {
  const { namespace, container, pod } = logLabels;
  const name = "applications";
  const dashboard = aDashboard(name, "Applications", source)
    .withVariable(namespaces(source))
    .withPanel(
      graph({
        title: "Lines",
        description: "How many lines each application wrote.",
        source,
        query: counted(chosenLines, namespace, container),
        legend: legend(namespace, container),
      }),
    )
    .withPanel(
      graph({
        title: "Lines with errors",
        description: "How many lines have the word error, fatal, panic or exception.",
        source,
        query: counted(errorsIn(chosenLines), namespace, container),
        legend: legend(namespace, container),
      }),
    )
    .withPanel(
      graph({
        title: "Volume",
        description: "How much each application wrote.",
        source,
        query: `sum by (${namespace}, ${container}) (bytes_over_time(${chosenLines} [$__auto]))`,
        legend: legend(namespace, container),
        unit: "bytes",
      }),
    )
    .withPanel(
      bars({
        title: "Pods that wrote",
        description:
          "How many lines each pod wrote in the time shown. More pods than an application has at once were started anew.",
        source,
        query: countedInAll(chosenLines, namespace, pod),
        legend: legend(namespace, pod),
      }),
    )
    .withPanel(
      lines({
        title: "Latest errors",
        description: "The lines that are counted above as lines with errors.",
        source,
        query: errorsIn(chosenLines),
      }),
    );
  return { name, dashboard: dashboard.build() };
}
