import type { StoreReference } from "../../infra/keys/store";
import type { GitAccess } from "../git/access";

/** What a tenant's key is given, in clear. */
export interface TenantKeyInputs {
  readonly access: GitAccess;
  /** The platform repository. */
  readonly organisation: string;
  readonly repository: string;
  readonly tenant: string;
  /** The namespace that the key's Secret belongs to. */
  readonly namespace: string;
  /** Which repository that is; another one of the same name, made after the first was lost, has another. */
  readonly repositoryId: string;
  /** Who may decrypt the key. */
  readonly platformRecipient: string;
  /** Recipients whose place that one took, to which keys may be sealed still. */
  readonly platformFormer: readonly string[];
  /** Where the sealed key has its copy. */
  readonly store: StoreReference;
  /** Another one when the store has lost what was in it: then the copy is put there again. */
  readonly backup: string;
}

/** What the state keeps of it. The private key isn't among that. */
export interface TenantKeyOutputs extends TenantKeyInputs {
  readonly recipient: string;
}

/** What decides whether the key is looked after again. */
export function decisive({ access, ...rest }: TenantKeyInputs): object {
  const { url, username, password } = access;
  return JSON.parse(
    JSON.stringify({ ...rest, url, username, password, recipient: undefined, __provider: undefined }),
  ) as object;
}
