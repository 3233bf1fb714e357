import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** What a section may only ask for where this stack makes it in Azure. */
export function ownStoreFaults(raw: RawConfig, sections: Sections): Fault[] {
  return [...ownLogs(raw, sections), ...ownZone(raw, sections)];
}

function ownLogs({ environment }: RawConfig, { cluster, logs }: Sections): Fault[] {
  if (cluster === undefined || cluster.kind === "aks" || logs?.storage.kind !== "own") return [];
  return [
    {
      path: "logs.storage.kind",
      given: '"own"',
      expected: `volume, azure-blob or s3 with cluster.kind ${cluster.kind}: only with aks does the stack make a store`,
      remedy: `type: ${commandsFor(environment, ["logs", "storage", "kind"]).set("volume")}`,
    },
  ];
}

function ownZone({ environment, values }: RawConfig, { cluster, azure, dns }: Sections): Fault[] {
  if (cluster === undefined || dns?.kind !== "own") return [];
  if (cluster.kind !== "aks")
    return [
      {
        path: "dns.kind",
        given: '"own"',
        expected: `azure-dns or route53 with cluster.kind ${cluster.kind}: only with aks does the stack make a zone`,
        remedy: `write whose zones they are in Pulumi.${environment}.yaml, or type: ${commandsFor(environment, ["dns"]).remove}`,
      },
    ];
  // The section's own faults come first.
  if (azure === undefined && "azure" in values) return [];
  if (azure?.dns !== undefined) return [];
  return [
    {
      path: "azure.dns.zone",
      given: "nothing",
      expected: "the zone's name, because dns.kind is own",
      remedy: `type, for example: ${commandsFor(environment, ["azure", "dns", "zone"]).set(`${environment}.example.org`)}`,
    },
  ];
}
