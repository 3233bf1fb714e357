import { platformKeyName } from "../../infra/keys/store";
import type { StackState, StateResource } from "./state";

type Typed = Pick<StateResource, "type">;

/** Whether a resource is the platform's key, and not another one that the store has beside it. */
export function isPlatformKey({ type, inputs }: Typed & Pick<StateResource, "inputs">): boolean {
  return type.endsWith(":AgeKey") && inputs["keyName"] === platformKeyName;
}

/** Whether a resource is a tenant's key. */
export function isTenantKey({ type }: Typed): boolean {
  return type.endsWith(":TenantKey");
}

/** The recipients that a state knows: public halves of keys. */
export interface KnownRecipients {
  readonly recipient: string | undefined;
  /** By tenant. */
  readonly tenants: Readonly<Record<string, string>>;
}

/** To whom the keys of a platform belong, by its state. */
export function recipientsIn(state: StackState): KnownRecipients {
  let platform: string | undefined;
  const tenants: Record<string, string> = {};
  for (const resource of state.resources) {
    const { recipient, tenant } = resource.outputs;
    if (typeof recipient !== "string") continue;
    if (isPlatformKey(resource)) platform = recipient;
    if (isTenantKey(resource) && typeof tenant === "string") tenants[tenant] = recipient;
  }
  return { recipient: platform, tenants };
}
