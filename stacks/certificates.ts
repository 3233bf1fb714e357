import type * as pulumi from "@pulumi/pulumi";

import { privateCaKeyName } from "../components/certificates/names";
import { PrivateCa } from "../components/certificates/privateCa";
import { AgeKey } from "../infra/keys/ageKey";
import type { StoreReference } from "../infra/keys/store";

/** What a private CA needs of the platform. */
export interface PrivateCaPlace {
  readonly environment: string;
  /** Where its key is backed up. */
  readonly store: StoreReference;
  /** Whether its key is protected, and stays when the stack goes. */
  readonly isKept: boolean;
}

/** The platform's private CA, whose key is found in the store or made and put there. Once in a run. */
export function privateCa(
  { environment, store, isKept }: PrivateCaPlace,
  options: pulumi.ComponentResourceOptions,
): PrivateCa {
  const key = new AgeKey(
    privateCaKeyName,
    { store, keyName: privateCaKeyName },
    { protect: isKept, retainOnDelete: isKept },
  );
  return new PrivateCa(privateCaKeyName, { environment, identity: key.identity }, options);
}
