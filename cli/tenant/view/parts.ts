import { claimNames } from "../../../components/tenant/admission/claims";
import { reachLabel } from "../../../components/tenant/networkPolicy";
import { parts as roles, personRoleName, robotAccount } from "../../../components/tenant/people";
import { quotaOf, sizes } from "../../../components/tenant/sizes";
import { podTrouble, workloadHealth } from "../../cluster/health";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { oneLine } from "../../../infra/fault";
import { amountOf } from "./quantity";
import type { AllowanceView, QuotaUse, RoleView, TroubleView, VolumeView, WarningView } from "./tenantView";

type Texts = Readonly<Record<string, string>>;

function textsIn(value: unknown): Texts {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** What is used of a ResourceQuota, in the order of its names. Bounds of zero are left out: nothing of them can be used. */
export function quotaUse(quota: KubeObject): readonly QuotaUse[] {
  const used = textsIn(quota.status["used"]);
  return Object.entries(textsIn(quota.status["hard"] ?? quota.spec["hard"]))
    .filter(([, hard]) => amountOf(hard) !== 0)
    .map(([resource, hard]) => ({ resource, used: used[resource] ?? "0", hard }))
    .sort((one, other) => one.resource.localeCompare(other.resource));
}

/** The size class whose bounds a ResourceQuota has; `undefined` if they are its own. */
export function sizeClassOf(quota: KubeObject): string | undefined {
  const hard = textsIn(quota.spec["hard"]);
  return Object.entries(sizes).find(([, size]) => {
    // Routes aren't counted everywhere.
    const bounds = Object.entries(quotaOf(size, false));
    return bounds.every(([resource, bound]) => amountOf(hard[resource] ?? "") === amountOf(bound));
  })?.[0];
}

interface Subject {
  readonly kind?: string;
  readonly name?: string;
}

/** Who is bound to the platform's roles for people, by role. Somebody who is bound in several namespaces is named once. */
export function peopleIn(bindings: readonly KubeObject[]): readonly RoleView[] {
  return roles.flatMap((part) => {
    const role = personRoleName(part);
    const members = bindings
      .filter((binding) => (binding["roleRef"] as Subject | undefined)?.name === role)
      .flatMap((binding) => (binding["subjects"] as readonly Subject[] | undefined) ?? [])
      .flatMap(({ kind, name }) =>
        name === undefined ? [] : kind === "ServiceAccount" ? robotOf(name) : name,
      );
    if (members.length === 0) return [];
    return [{ role: role.replace(/^terp-/, ""), members: [...new Set(members)].sort() }];
  });
}

/** A robot's name, by the service account that it has. */
function robotOf(account: string): string {
  const prefix = robotAccount("");
  return account.startsWith(prefix) ? account.slice(prefix.length) : account;
}

/** What labels and annotations of a tenant's namespace say that it may reach and claim. */
export function allowancesOf(namespace: KubeObject | undefined): readonly AllowanceView[] {
  if (namespace === undefined) return [];
  const annotations = textsIn(namespace.metadata["annotations"]);
  const prefix = reachLabel("");
  const reaches = Object.keys(namespace.metadata.labels)
    .filter((label) => label.startsWith(prefix))
    .map((label) => label.slice(prefix.length))
    .sort();
  const claims = Object.entries(claimNames).map(([what, annotation]) => ({
    what,
    values: (annotations[annotation] ?? "").split(",").filter((each) => each !== ""),
  }));
  return [{ what: "reaches", values: reaches }, ...claims].filter(({ values }) => values.length > 0);
}

/** What a tenant runs, by kind. */
export interface Workloads {
  readonly kind: string;
  readonly objects: readonly KubeObject[];
}

/** Workloads that aren't ready, with what their pods say; and pods in trouble that belong to none of them. */
export function troublesIn(
  workloads: readonly Workloads[],
  pods: readonly KubeObject[],
): readonly TroubleView[] {
  const troubled = pods.flatMap((pod) => {
    const reason = podTrouble(pod);
    return reason === undefined ? [] : [{ pod, reason }];
  });
  const explained = new Set<KubeObject>();
  const found = workloads.flatMap(({ kind, objects }) =>
    objects.flatMap((object): TroubleView[] => {
      const { name, namespace } = object.metadata;
      const own = troubled.filter(
        ({ pod }) => pod.metadata.namespace === namespace && pod.metadata.name.startsWith(`${name}-`),
      );
      const health = workloadHealth(object);
      if (health.ready && own.length === 0) return [];
      for (const { pod } of own) explained.add(pod);
      return [{ what: `${namespace}/${kind}/${name}`, reason: own[0]?.reason ?? health.reason }];
    }),
  );
  const alone = troubled
    .filter(({ pod }) => !explained.has(pod))
    .map(({ pod, reason }) => ({ what: `${pod.metadata.namespace}/Pod/${pod.metadata.name}`, reason }));
  return [...found, ...alone].sort((one, other) => one.what.localeCompare(other.what));
}

/** A PersistentVolumeClaim. */
export function volumeOf(claim: KubeObject): VolumeView {
  const { name, namespace } = claim.metadata;
  const asked = (claim.spec["resources"] as { readonly requests?: unknown } | undefined)?.requests;
  const size = textsIn(claim.status["capacity"])["storage"] ?? textsIn(asked)["storage"] ?? "";
  const phase = claim.status["phase"];
  return { name: `${namespace}/${name}`, phase: typeof phase === "string" ? phase : "Pending", size };
}

/** How many warnings are shown. */
const mostWarnings = 5;

/** The last warnings among events, the newest first. */
export function warningsIn(events: readonly KubeObject[]): readonly WarningView[] {
  return events
    .filter((event) => event["type"] === "Warning")
    .map((event): WarningView => {
      const about = event["involvedObject"] as (Subject & { readonly namespace?: string }) | undefined;
      const series = event["series"] as
        { readonly count?: number; readonly lastObservedTime?: string } | undefined;
      const times = [
        series?.lastObservedTime,
        event["lastTimestamp"],
        event["eventTime"],
        event.metadata.creationTimestamp,
      ];
      return {
        what: [event.metadata.namespace, about?.kind ?? "?", about?.name ?? "?"].join("/"),
        reason: text(event["reason"]),
        message: oneLine(text(event["message"])),
        count: series?.count ?? (typeof event["count"] === "number" ? event["count"] : 1),
        last: text(times.find((time) => typeof time === "string" && time !== "")),
      };
    })
    .sort((one, other) => other.last.localeCompare(one.last) || one.what.localeCompare(other.what))
    .slice(0, mostWarnings);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
