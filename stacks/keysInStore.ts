import { deployKeysName } from "../components/git/names";
import { storedName } from "../components/tenant/sealedKey";
import type { TenantComponent } from "../components/tenant/tenant";

/**
 * Names of what tenants add to the platform's store: each one's sealed key, and once what the deploy keys follow from of those that
 * brought their repositories along. Without the latter nobody could read these in an emergency.
 */
export function keysInStore(teams: readonly Pick<TenantComponent, "tenant" | "deployKey">[]): string[] {
  const hasBrought = teams.some(({ deployKey }) => deployKey !== undefined);
  return [...teams.map(({ tenant }) => storedName(tenant)), ...(hasBrought ? [deployKeysName] : [])];
}
