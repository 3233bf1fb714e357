import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { grafanaGroupFaults } from "../grafanaGroup";
import type { Sections } from "./sections";
import { commandsFor, pathText } from "./setting";

/** A Grafana shows logs to people who log in: what is for that has to be there. */
export function grafanaFaults(raw: RawConfig, { grafana, logs, oidc }: Sections): Fault[] {
  if (!grafana) return [];
  const yaml = `Pulumi.${raw.environment}.yaml`;
  const faults: Fault[] = [];
  // Sections with faults of their own are written, too.
  if (!logs && !("logs" in raw.values)) {
    faults.push({
      path: "grafana",
      given: "a Grafana without logs",
      expected: "the section logs beside it: there is nothing else that it shows",
      remedy: `write \`terp:logs: {}\` in ${yaml}`,
    });
  }
  if (oidc?.clients.grafana && grafana.identityProvider.length === 0) {
    faults.push({
      path: "grafana.identityProvider",
      given: "nothing",
      expected: "where the identity provider is, because oidc.clients.grafana is set",
      remedy: `type, for example: ${commandsFor(raw.environment, ["grafana", "identityProvider", 0]).set("192.0.2.7/32")}`,
    });
  }
  return [...faults, ...groupFaults(raw, oidc)];
}

/** Who runs the platform logs in to the operators' Grafana. */
function groupFaults({ environment }: RawConfig, oidc: Sections["oidc"]): Fault[] {
  if (!oidc?.clients.grafana) return [];
  const groups = Object.keys(oidc.groups);
  const { set } = commandsFor(environment, ["oidc", "groups", "platform-operators"]);
  if (groups.length === 0) {
    const expected = "at least one group that may log in to the operators' Grafana";
    return [
      { path: "oidc.groups", given: "nobody", expected, remedy: `type, for example: ${set("operator")}` },
    ];
  }
  return groups.flatMap((group) => grafanaGroupFaults(pathText(["oidc", "groups", group]), group));
}
