import { addressPlan, alignedRange, overlap, rangeOf, reservedRanges } from "../azure/addressPlan";
import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import type { AksCluster } from "./aksSection";
import type { AzureConfig } from "./azureSection";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** What of Azure no section can tell by itself. */
export function azureChecks(raw: RawConfig, sections: Sections): Fault[] {
  const { cluster, azure } = sections;
  const given = raw.values["azure"] !== undefined;
  if (cluster?.kind !== "aks") return cluster !== undefined && given ? [unusedAzure(raw, cluster.kind)] : [];
  return [
    ...(given ? [] : [missingAzure(raw)]),
    ...poolSizes(raw, cluster),
    ...replacements(raw, cluster),
    ...(azure === undefined ? [] : addresses(raw, azure)),
    ...(azure === undefined ? [] : roomForNodes(raw, azure, cluster)),
  ];
}

function missingAzure({ environment }: RawConfig): Fault {
  return {
    path: "azure",
    given: "nothing",
    expected: "directory, subscription, location and organisation with cluster.kind aks",
    remedy: `type, for example: ${commandsFor(environment, ["azure", "location"]).set("westeurope")}`,
  };
}

function unusedAzure({ environment }: RawConfig, kind: string): Fault {
  return {
    path: "azure",
    given: "settings",
    expected: `none with cluster.kind ${kind}: only a cluster of kind aks is made in Azure`,
    remedy: `type: ${commandsFor(environment, ["azure"]).remove}`,
  };
}

function poolSizes({ environment }: RawConfig, cluster: AksCluster): Fault[] {
  const pools = [
    { path: ["cluster", "system"], pool: cluster.system, least: 1 },
    ...Object.entries(cluster.pools).map(([name, pool]) => ({
      path: ["cluster", "pools", name],
      pool,
      least: 0,
    })),
  ];
  return pools.flatMap(({ path, pool: { minimum, maximum }, least }) => {
    const { set } = commandsFor(environment, [...path, "minimum"]);
    const bounds = `from ${String(least)} to the pool's maximum, ${String(maximum)}`;
    if (minimum >= least && minimum <= maximum) return [];
    return [
      {
        path: [...path, "minimum"].join("."),
        given: String(minimum),
        expected: `a whole number ${bounds}`,
        remedy: `type: ${set(String(Math.max(least, Math.min(minimum, maximum))))}`,
      },
    ];
  });
}

function replacements({ environment }: RawConfig, cluster: AksCluster): Fault[] {
  const known = ["cluster", ...Object.keys(cluster.pools)];
  return cluster.replace.flatMap((name, index) =>
    known.includes(name)
      ? []
      : [
          {
            path: `cluster.replace[${String(index)}]`,
            given: JSON.stringify(name),
            expected: `one of ${known.join(", ")}`,
            remedy: `type: ${commandsFor(environment, ["cluster", "replace", index]).remove}`,
          },
        ],
  );
}

function addresses({ environment }: RawConfig, { network }: AzureConfig): Fault[] {
  const faults: Fault[] = [];
  const say = (name: keyof typeof network, expected: string, example: string): void => {
    if (faults.some(({ path }) => path === `azure.network.${name}`)) return;
    const { set } = commandsFor(environment, ["azure", "network", name]);
    faults.push({
      path: `azure.network.${name}`,
      given: JSON.stringify(network[name]),
      expected,
      remedy: `type, for example: ${set(example)}`,
    });
  };
  for (const [name, largest, smallest] of [
    ["range", 16, 22],
    ["pods", 12, 22],
    ["services", 12, 24],
  ] as const) {
    const text = network[name];
    const aligned = alignedRange(text);
    const { prefix } = rangeOf(text);
    if (prefix < largest || prefix > smallest) {
      say(
        name,
        `a range from /${String(largest)} to /${String(smallest)}`,
        `${aligned.split("/")[0] ?? ""}/${String(Math.min(Math.max(prefix, largest), smallest))}`,
      );
    } else if (aligned !== text) {
      say(name, "a range that begins with its first address", aligned);
    }
  }
  if (faults.length > 0) return faults;
  if (overlap(network.pods, network.range))
    say("pods", `a range that doesn't overlap azure.network.range, ${network.range}`, "10.244.0.0/16");
  for (const other of [network.range, network.pods, ...reservedRanges])
    if (overlap(network.services, other))
      say("services", `a range that doesn't overlap ${other}`, "10.96.0.0/16");
  return faults;
}

/** An upgrade adds a third of a pool's nodes for a while, at least one. */
function roomForNodes({ environment }: RawConfig, { network }: AzureConfig, cluster: AksCluster): Fault[] {
  const most = [cluster.system, ...Object.values(cluster.pools)]
    .map(({ maximum }) => maximum + Math.ceil(maximum / 3))
    .reduce((sum, count) => sum + count, 0);
  const { mostNodes } = addressPlan(network);
  if (most <= mostNodes) return [];
  return [
    {
      path: "azure.network",
      given: `room for ${String(mostNodes)} nodes`,
      expected: `room for ${String(most)}: the pools' maximums, and a third more while they are upgraded`,
      remedy: `give azure.network.range and azure.network.pods larger ranges, or lower maximums in Pulumi.${environment}.yaml`,
    },
  ];
}
