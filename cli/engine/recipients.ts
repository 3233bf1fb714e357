import type { StackState } from "./state";

const platformKeyType = /:AgeKey$/;
const tenantKeyType = /:TenantKey$/;

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
  for (const { type, outputs } of state.resources) {
    const { recipient, tenant } = outputs;
    if (typeof recipient !== "string") continue;
    if (platformKeyType.test(type)) platform = recipient;
    if (tenantKeyType.test(type) && typeof tenant === "string") tenants[tenant] = recipient;
  }
  return { recipient: platform, tenants };
}
