import { tenantFaults } from "../../../components/tenant/tenantFaults";
import { nearest } from "../../../infra/config/nearest";
import type { Fault } from "../../../infra/fault";
import type { TenantInstance } from "./instance";
import type { WrittenInstance } from "./tenantsFile";

/** Everything that is wrong with a new instance, in the words in which the program would refuse it. */
export function instanceFaults(
  instance: TenantInstance,
  present: readonly WrittenInstance[],
): readonly Fault[] {
  const others = present.map(({ name, written }) => ({
    tenant: name,
    namespaces: textsIn(written["namespaces"]?.value),
    domains: textsIn(written["domains"]?.value),
    repository: urlIn(written["repository"]?.value),
  }));
  const known = present.map(({ name }) => name);
  const strangers = (instance.reaches ?? []).flatMap((other, index) =>
    other === instance.name ? [] : strangerFaults(`reaches[${String(index)}]`, other, known),
  );
  return [...tenantFaults(instance.name, instance, others), ...strangers];
}

function strangerFaults(path: string, other: string, known: readonly string[]): Fault[] {
  if (known.includes(other)) return [];
  const meant = nearest(other, known);
  const remedy = meant === undefined ? "add that tenant first" : `write ${meant}, or add that tenant first`;
  const expected = `a tenant that there is: ${known.join(", ")}`;
  return [{ path, given: JSON.stringify(other), expected, remedy }];
}

function urlIn(value: unknown): string | undefined {
  const url = (value as { readonly url?: unknown } | undefined)?.url;
  return typeof url === "string" ? url : undefined;
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}
