import type { StackState } from "../../cli/engine/state";
import { parseUrn } from "../../cli/engine/urn";

const tenantType = "terp:tenant:Tenant";
const secretMark = "4dabf18193072939515e22adb298388d";

function withoutSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value) return "x".repeat(400);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !name.startsWith("__"))
      .map(([name, each]) => [name, withoutSecrets(each)]),
  );
}

/**
 * The Kubernetes objects of all tenants in a state as one manifest for kubectl, under names of their own: the same objects in number,
 * kind and size, with filler for what is secret.
 *
 * @param rename makes another tenant's name of a tenant's.
 */
export function manifestOf(state: StackState, rename: (text: string) => string): string {
  const items = state.resources
    .filter(
      ({ urn, type }) => type.startsWith("kubernetes:") && parseUrn(urn).parentTypes.includes(tenantType),
    )
    .map(({ inputs }) => {
      const object = withoutSecrets(inputs) as Record<string, unknown>;
      // All of a Secret's data may be secret as a whole.
      const isHidden = typeof object["data"] === "string" || typeof object["stringData"] === "string";
      if (!isHidden) return object;
      const { apiVersion, kind, metadata, type } = object;
      return { apiVersion, kind, metadata, type, stringData: { identity: "x".repeat(400) } };
    });
  // Namespaces first, as Pulumi makes them.
  items.sort((one, other) => Number(other["kind"] === "Namespace") - Number(one["kind"] === "Namespace"));
  return rename(JSON.stringify({ apiVersion: "v1", kind: "List", items }));
}
