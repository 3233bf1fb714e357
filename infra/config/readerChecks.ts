import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** Who may look and no more can't be among those who may do everything. */
export function readerFaults({ environment }: RawConfig, { cluster }: Sections): Fault[] {
  const faults = (
    list: "groups" | "users",
    named: readonly string[],
    others: string,
    taken: readonly string[],
  ) =>
    named.flatMap((name, index) =>
      taken.includes(name)
        ? [
            {
              path: `cluster.readers.${list}[${String(index)}]`,
              given: JSON.stringify(name),
              expected: `none of ${others}, who may do everything`,
              remedy: `type: ${commandsFor(environment, ["cluster", "readers", list, index]).remove}`,
            },
          ]
        : [],
    );
  switch (cluster?.kind) {
    case "aks":
      return faults("groups", cluster.readers.groups, "cluster.administrators", cluster.administrators);
    case "existing": {
      const { readers, deployers } = cluster;
      return [
        ...faults("groups", readers.groups, "cluster.deployers.groups", deployers.groups),
        ...faults("users", readers.users, "cluster.deployers.users", deployers.users),
      ];
    }
    case "local":
    case undefined:
      return [];
  }
}
