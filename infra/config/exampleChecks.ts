import type { PlatformConfig, RawConfig } from "../config";
import type { Fault } from "../fault";
import type { Sections } from "./sections";
import { pathText } from "./setting";

/** What the examples have in place of an id: no object in Azure has it. */
const noId = "00000000-0000-0000-0000-000000000000";

/** What the examples have in place of an organisation's name. */
const noName = "yourorg";

/** A setting that has an example's value. */
interface Example {
  readonly path: readonly PropertyKey[];
  readonly value: string;
  readonly expected: string;
  /** Something that could be one's own. */
  readonly own: string;
}

/**
 * What stands in an environment on Azure as it does in the examples `Pulumi.dev.yaml` and `Pulumi.prd.yaml`, where something of
 * one's own belongs: ids, names, domains below `example` (RFC 2606) and addresses that nobody has (RFC 5737).
 */
export function exampleFaults({ environment }: RawConfig, sections: Sections): Fault[] {
  if (sections.cluster?.kind !== "aks") return [];
  return [...idsIn(sections), ...namesIn(sections), ...domainsIn(sections), ...rangesIn(sections)].map(
    ({ path, value, expected, own }) => ({
      path: pathText(path),
      given: `${JSON.stringify(value)}, as in the examples`,
      expected,
      // Its stack may not be there yet, and `pulumi config` asks for one.
      remedy: `write yours in Pulumi.${environment}.yaml, for example: ${own}`,
    }),
  );
}

function idsIn({ azure, cluster }: Sections): Example[] {
  if (cluster?.kind !== "aks") return [];
  const own = "1b4c7d2e-5f60-4a8b-9c3d-2e1f0a9b8c7d";
  const id = (what: string, value: string | undefined, ...path: readonly PropertyKey[]): Example[] =>
    value === noId ? [{ path, value, expected: `the id of ${what}`, own }] : [];
  const ids = (what: string, values: readonly string[], ...path: readonly PropertyKey[]): Example[] =>
    values.flatMap((value, index) => id(what, value, ...path, index));
  return [
    ...id("your directory in Entra ID", azure?.directory, "azure", "directory"),
    ...id("your subscription", azure?.subscription, "azure", "subscription"),
    ...id("the group for emergencies", azure?.keep.breakGlass, "azure", "keep", "breakGlass"),
    ...ids("the operators' group", cluster.administrators, "cluster", "administrators"),
    ...ids("an identity that previews", cluster.readers.identities, "cluster", "readers", "identities"),
    ...ids("a group that previews", cluster.readers.groups, "cluster", "readers", "groups"),
  ];
}

function namesIn({ azure, git }: Sections): Example[] {
  const name = (expected: string, value: string | undefined, ...path: readonly string[]): Example[] =>
    value === noName ? [{ path, value, expected, own: "acme" }] : [];
  return [
    ...name("what all names in Azure begin with", azure?.organisation, "azure", "organisation"),
    ...(git?.kind === "github"
      ? name("your organisation at GitHub", git.organisation, "git", "organisation")
      : []),
    ...(git?.kind === "gitlab" ? name("your group at GitLab", git.group, "git", "group") : []),
  ];
}

function domainsIn({ azure, ingress, grafana }: Partial<PlatformConfig>): Example[] {
  const domain = (value: string | undefined, ...path: readonly string[]): Example[] =>
    value !== undefined && /(^|\.)example$/.test(value)
      ? [{ path, value, expected: "a domain of yours", own: "dev.acme.org" }]
      : [];
  return [
    ...domain(azure?.dns?.zone, "azure", "dns", "zone"),
    ...(ingress === undefined || ingress.kind === "none" ? [] : domain(ingress.domain, "ingress", "domain")),
    ...domain(grafana?.domain, "grafana", "domain"),
  ];
}

function rangesIn({ cluster }: Sections): Example[] {
  if (cluster?.kind !== "aks" || cluster.api.kind !== "public") return [];
  return cluster.api.ranges.flatMap((value, index) =>
    value === "192.0.2.0/24"
      ? [
          {
            path: ["cluster", "api", "ranges", index],
            value,
            expected: "the addresses from which operators and pipelines come",
            own: "198.51.100.7/32",
          },
        ]
      : [],
  );
}
