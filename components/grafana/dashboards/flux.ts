import { fluxNamespace, kustomizeController } from "../../flux/names";
import { logLabels } from "../../logs/names";
import { aDashboard, bars, graph, lines, type NamedDashboard, type Source } from "./panels";
import { counted, countedInAll, legend } from "./queries";

/** The namespace that a reconciliation is about, as Flux's controllers write it in each line: a tenant's control namespace. */
const place = "reconciled";
const controllers = `{${logLabels.namespace}="${fluxNamespace}"}`;
const applying = `{${logLabels.namespace}="${fluxNamespace}", ${logLabels.pod}=~"${kustomizeController}-.+"}`;
const finished = `${applying} |= \`Reconciliation finished\` | json ${place}="namespace"`;
const failed = `${controllers} | json ${place}="namespace", severity="level" | severity="error"`;

/**
 * What Flux did for each tenant, from its controllers' own lines. The controllers' logs are the platform's: tenants have their
 * repository's state from `terp` and the Git host.
 */
export function flux(source: Source): NamedDashboard {
  const name = "flux";
  const dashboard = aDashboard(name, "Flux", source)
    .withPanel(
      graph({
        title: "Repositories applied",
        description: "How often each tenant's repository was applied without a fault.",
        source,
        query: counted(finished, place),
        legend: legend(place),
      }),
    )
    .withPanel(
      graph({
        title: "Failures",
        description:
          "How many errors the controllers wrote of each tenant: of its repository, its sources, or what it applies.",
        source,
        query: counted(failed, place),
        legend: legend(place),
      }),
    )
    .withPanel(
      graph({
        title: "Time to apply",
        description: "How long it took on average to apply each tenant's repository.",
        source,
        query:
          `avg_over_time(${finished} | regexp \`finished in (?P<took>[^ ,]+)\`` +
          ` | unwrap duration_seconds(took) | __error__="" [$__auto]) by (${place})`,
        legend: legend(place),
        unit: "s",
      }),
    )
    .withPanel(
      bars({
        title: "Refused by a quota",
        description:
          "How many objects Flux couldn't apply because a tenant's quota was used up. Pods that a Deployment couldn't start aren't among them.",
        source,
        query: countedInAll(`${failed} |= \`exceeded quota\``, place),
        legend: legend(place),
      }),
    )
    .withPanel(
      lines({
        title: "Latest failures",
        description: "The lines that are counted above as failures.",
        source,
        query: failed,
      }),
    );
  return { name, dashboard: dashboard.build() };
}
