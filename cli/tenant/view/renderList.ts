import { ago } from "../../status/report";
import type { Colours } from "../../ui/colour";
import { table } from "../../ui/table";
import type { TenantView, TenantViews } from "./tenantView";

/** A revision as people know it: `main@sha1:1234567`; what stands for none. */
export function shortRevision(revision: string): string {
  return revision === "" ? "nothing applied yet" : revision.replace(/^(.*sha1:[0-9a-f]{7})[0-9a-f]*$/, "$1");
}

/** ✔ or ✖. */
export function mark(ready: boolean, colours: Colours): string {
  return ready ? colours.good("✔") : colours.bad("✖");
}

/** What couldn't be read, as lines. */
export function renderUnread(unread: readonly string[], colours: Colours): string[] {
  return unread.length === 0 ? [] : ["", ...unread.map((each) => `${colours.waiting("not read:")} ${each}`)];
}

/** The namespaces by the part that is their own, e.g. `app, jobs`. */
function shortNamespaces({ name, namespaces }: TenantView): string {
  const prefix = `${name}-`;
  return namespaces
    .map((each) => (each.name.startsWith(prefix) ? each.name.slice(prefix.length) : each.name))
    .join(", ");
}

function sizeOf({ namespaces }: TenantView): string {
  const [first, ...others] = new Set(namespaces.map(({ size }) => size ?? "its own"));
  return others.length === 0 ? (first ?? "") : "several";
}

function remark({ ready, suspended, reason, troubles }: TenantView): string {
  if (!ready) return reason;
  if (suspended) return "suspended";
  const [first] = troubles;
  if (first === undefined) return "";
  const more = troubles.length === 1 ? "" : ` (and ${String(troubles.length - 1)} more)`;
  return `in trouble: ${first.what}: ${first.reason}${more}`;
}

/** All tenants, one line each. */
export function renderTenants(views: TenantViews, colours: Colours, now: number): string[] {
  const { stack, tenants, unread } = views;
  const rows = tenants.map((tenant) => [
    `${mark(tenant.ready, colours)} ${tenant.name}`,
    shortNamespaces(tenant),
    sizeOf(tenant),
    shortRevision(tenant.revision),
    ago(tenant.reconciled, now),
    remark(tenant),
  ]);
  const ready = tenants.filter((each) => each.ready).length;
  const title =
    tenants.length === 0
      ? `${stack} has no tenants`
      : `${stack}: ${String(ready)} of ${String(tenants.length)} tenants ready`;
  return [colours.strong(title), ...table(rows), ...renderUnread(unread, colours)];
}
