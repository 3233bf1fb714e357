import { ago } from "../../status/report";
import type { Colours } from "../../ui/colour";
import { table } from "../../ui/table";
import { amountOf, shortQuantity } from "./quantity";
import { mark, renderUnread, shortRevision } from "./renderList";
import type { NamespaceView, QuotaUse, TenantView } from "./tenantView";

/** Bounds that are always shown, in the words of docs/add-a-team.md. Others appear once they are nearly used up. */
const bounds: Readonly<Record<string, string>> = {
  pods: "pods",
  "requests.cpu": "reserved cores",
  "requests.memory": "reserved memory",
  "limits.memory": "memory limits",
  "requests.storage": "storage",
  services: "Services",
};
const nearlyUsedUp = 0.8;

/** How much of a bound is used, from 0 to 1. */
function shareOf({ used, hard }: QuotaUse): number {
  return (amountOf(used) ?? 0) / (amountOf(hard) ?? Infinity);
}

function boundsTable(namespaces: readonly NamespaceView[], colours: Colours): string[] {
  const listed = namespaces.flatMap(({ quota }) => quota);
  const more = listed.filter((each) => shareOf(each) >= nearlyUsedUp).map(({ resource }) => resource);
  const rows = [...new Set([...Object.keys(bounds), ...more.sort()])]
    .filter((resource) => listed.some((each) => each.resource === resource))
    .map((resource) => [
      bounds[resource] ?? resource,
      ...namespaces.map(({ quota }) => {
        const found = quota.find((each) => each.resource === resource);
        if (found === undefined) return "no bound";
        const text = `${shortQuantity(found.used, resource)} of ${shortQuantity(found.hard, resource)}`;
        const share = shareOf(found);
        return share >= 1 ? colours.bad(text) : share >= nearlyUsedUp ? colours.waiting(text) : text;
      }),
    ]);
  const header = [
    "",
    ...namespaces.map(
      ({ name, size, quota }) => `${name} (${size ?? (quota.length === 0 ? "no bounds" : "its own")})`,
    ),
  ];
  return table([header, ...rows]);
}

function group(title: string, lines: readonly string[], colours: Colours): string[] {
  return lines.length === 0 ? [] : ["", colours.strong(title), ...lines];
}

function peopleRows({ people, namespaces }: TenantView): string[][] {
  // Nothing is known of them without the cluster.
  if (namespaces.length === 0) return [];
  if (people.length === 0) return [["people", "none: its repository alone decides"]];
  return people.map(({ role, members }, index) => [
    index === 0 ? "people" : "",
    `${role}: ${members.join(", ")}`,
  ]);
}

/** What its owner does with a repository that was brought along. */
function broughtRows({ name, brought, recipient }: TenantView): string[][] {
  if (brought === undefined) return [];
  const { deployKey, folder } = brought;
  return [
    ["deploy key", deployKey],
    ["", "the repository's owner adds it there, to read only"],
    ["it must hold", `${folder}/kustomization.yaml, and below ${folder}/secrets another one`],
    ["", `.sops.yaml with ${recipient ?? "the recipient"}, where it has Secrets`],
    ["webhook", `\`terp tenant webhook ${name}\` prints what its host calls at a push, where one is set`],
  ];
}

/** One tenant on one screen. */
export function renderTenant(
  tenant: TenantView,
  unread: readonly string[],
  colours: Colours,
  now: number,
): string[] {
  const { name, ready, suspended, reason, repository, recipient, former, troubles, volumes, warnings } =
    tenant;
  const when = ago(tenant.reconciled, now);
  const how =
    suspended || !ready ? reason : `${shortRevision(tenant.revision)}${when === "" ? "" : `, ${when}`}`;
  const applied =
    suspended || !ready
      ? [["applied", [shortRevision(tenant.revision), when].filter(Boolean).join(", ")]]
      : [];
  const facts = [
    ...applied,
    ["repository", repository ?? "unknown"],
    ...broughtRows(tenant),
    ["recipient", recipient ?? "unknown"],
    ...former.map((each) => ["formerly", `${each}, which still decrypts: \`terp key retire ${name}\``]),
    ...peopleRows(tenant),
    ...tenant.allowances.map(({ what, values }) => [what, values.join(", ")]),
  ];
  return [
    `${mark(ready, colours)} ${colours.strong(name)}: ${how}`,
    ...table(facts),
    ...(tenant.namespaces.length === 0
      ? []
      : group(
          "namespaces, and what is used of their bounds",
          boundsTable(tenant.namespaces, colours),
          colours,
        )),
    ...group(
      "in trouble",
      table(troubles.map((each) => [`${colours.bad("✖")} ${each.what}`, each.reason])),
      colours,
    ),
    ...group("volumes", table(volumes.map((each) => [each.name, each.phase, each.size])), colours),
    ...group(
      "last warnings",
      table(
        warnings.map((each) => [
          ago(each.last, now),
          each.what,
          `${each.reason}: ${each.message}${each.count > 1 ? ` (${String(each.count)} times)` : ""}`,
        ]),
      ),
      colours,
    ),
    ...renderUnread(unread, colours),
  ];
}
