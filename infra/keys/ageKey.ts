import type * as pulumi from "@pulumi/pulumi";
import { DynamicResource, providerFrom } from "../dynamic";
import type { AgeKeyPair } from "./age";
import type { StoreReference } from "./store";

/** What an {@link AgeKey} is made from. All of it is plain and known before the run. */
export interface AgeKeyArgs {
  /** Where the key is backed up, and found again by a run that doesn't know it. */
  readonly store: StoreReference;
  /** The key's name in the store: lower-case letters, digits and dashes. */
  readonly keyName: string;
  /**
   * The recipient the key must have; the run stops where the key has another one, or where there is no key at all.
   *
   * @default whatever key the store or the state has; a new one where neither has any
   */
  readonly expectedRecipient?: string | undefined;
}

/**
 * An age key that outlives the cluster and the state: found in its store, or made and put there, once.
 *
 * Removing the resource leaves the key in the store. Moving it to another store copies it there.
 */
export class AgeKey extends DynamicResource {
  /** The public half, `age1…`. */
  declare readonly recipient: pulumi.Output<string>;
  /** The private half, `AGE-SECRET-KEY-1…`. Secret: in the state it is encrypted by the stack's secrets provider. */
  declare readonly identity: pulumi.Output<string>;
  /** Another one whenever the key had to be backed up again: then the store has lost what else was in it. */
  declare readonly backup: pulumi.Output<string>;
  /** The keys that this one took the place of and that still decrypt. Secret. */
  declare readonly former: pulumi.Output<NonNullable<AgeKeyPair["former"]>>;

  /**
   * @param name Logical name.
   * @param args See {@link AgeKeyArgs}.
   * @param options `protect` and `retainOnDelete` belong here for every stack whose loss would hurt.
   */
  constructor(name: string, args: AgeKeyArgs, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("infra/keys/ageKeyProvider"),
      { area: "keys", kind: "AgeKey" },
      name,
      {
        store: args.store,
        keyName: args.keyName,
        expectedRecipient: args.expectedRecipient,
        recipient: undefined,
        identity: undefined,
        former: undefined,
        backup: undefined,
      },
      { ...options, additionalSecretOutputs: ["identity", "former"] },
    );
  }
}
