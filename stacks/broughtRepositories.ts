import type * as pulumi from "@pulumi/pulumi";

import { publishedHostKeys } from "../components/git/knownHosts";
import { deployKeysName } from "../components/git/names";
import type { BroughtPlatform } from "../components/tenant/tenantSource";
import type { PlatformConfig } from "../infra/config";
import { AgeKey } from "../infra/keys/ageKey";
import type { StoreReference } from "../infra/keys/store";

/** Where the key is that tenants' deploy keys follow from. */
export interface DeployKeysPlace {
  readonly store: StoreReference;
  /** Whether it is protected, and stays when the stack goes. */
  readonly isKept: boolean;
}

/** What repositories are read with that tenants bring along. A platform without any has no key for it. */
export function broughtRepositories(
  { tenants: { knownHosts = "" } }: PlatformConfig,
  { store, isKept }: DeployKeysPlace,
): BroughtPlatform {
  let key: AgeKey | undefined;
  const identity = (): pulumi.Output<string> => {
    key ??= new AgeKey(
      deployKeysName,
      { store, keyName: deployKeysName },
      { protect: isKept, retainOnDelete: isKept },
    );
    return key.identity;
  };
  return { knownHosts, identity };
}

/** Lines of `known_hosts` for all hosts that a tenant's own repository may be at. */
export function knownHostsOf({ tenants: { knownHosts = "" } }: PlatformConfig): string {
  const given = knownHosts === "" || knownHosts.endsWith("\n") ? knownHosts : `${knownHosts}\n`;
  return `${given}${publishedHostKeys}`;
}
