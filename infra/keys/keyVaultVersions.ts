import type { Kept } from "./form";

/** One version of a vault's secret, without its value. */
export interface SecretVersion {
  /** The version's id, 32 hexadecimal digits. */
  readonly id: string;
  /** When the vault made it, in whole seconds; `undefined` where the vault doesn't say. */
  readonly createdOn?: Date | undefined;
  readonly isEnabled: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** What becomes of it when it is deleted, e.g. `Recoverable+Purgeable`: Key Vault's `recoveryLevel`. */
  readonly recoveryLevel?: string | undefined;
  readonly expiresOn?: Date | undefined;
}

/** The tags of a version that Terp wrote. They hold no secret: whoever may list a vault sees them. */
export const tagNames = {
  madeBy: "made-by",
  /** The stack whose key it is. */
  stack: "terp-stack",
  /** The key's recipient: what a preview reads instead of the value. */
  recipient: "terp-recipient",
  /** The recipients of the keys that it took the place of, with spaces between them. */
  former: "terp-former",
  /** Which call wrote it: a request that was sent twice makes two versions. */
  write: "terp-write",
  /** That a disabled version isn't missed: it lost, or somebody wants another key in its place. */
  setAside: "terp-set-aside",
} as const;

/** The tags for a key. @param write what tells this call from all others */
export function tagsFor(
  key: Kept,
  { stack, write }: { readonly stack: string | undefined; readonly write: string },
): Record<string, string> {
  return {
    [tagNames.madeBy]: "terp",
    ...(stack === undefined ? {} : { [tagNames.stack]: stack }),
    [tagNames.recipient]: key.recipient,
    ...(key.former === undefined || key.former.length === 0
      ? {}
      : { [tagNames.former]: key.former.map(({ recipient }) => recipient).join(" ") }),
    [tagNames.write]: write,
  };
}

/**
 * The version that counts: the oldest that is enabled. Versions of the same second go by their ids, so that everybody who
 * sees the same versions names the same one.
 */
export function winnerOf(versions: readonly SecretVersion[]): SecretVersion | undefined {
  return byAge(versions)[0];
}

function byAge(versions: readonly SecretVersion[]): readonly SecretVersion[] {
  return versions
    .filter(({ isEnabled }) => isEnabled)
    .sort((one, other) => createdAt(one) - createdAt(other) || (one.id < other.id ? -1 : 1));
}

/**
 * The versions that tell whether there is a key: all but those that were set aside. Where none of them is enabled, the key
 * is there and was disabled, which calls for a person and not for a new key.
 */
export function countedIn(versions: readonly SecretVersion[]): readonly SecretVersion[] {
  return versions.filter(({ isEnabled, tags }) => isEnabled || !(tagNames.setAside in tags));
}

/** The versions that a call wrote itself and that didn't win. */
export function lostBy(write: string, versions: readonly SecretVersion[]): readonly SecretVersion[] {
  const winner = winnerOf(versions);
  return versions.filter(
    ({ id, isEnabled, tags }) => isEnabled && id !== winner?.id && tags[tagNames.write] === write,
  );
}

/** The enabled versions that are older than the one that a call wrote: what that one takes the place of. */
export function olderThan(write: string, versions: readonly SecretVersion[]): readonly SecretVersion[] {
  const enabled = byAge(versions);
  const own = enabled.findIndex(({ tags }) => tags[tagNames.write] === write);
  return enabled.slice(0, Math.max(own, 0));
}

/** Whether two listings show the same. */
export function areSame(one: readonly SecretVersion[], other: readonly SecretVersion[]): boolean {
  const text = (versions: readonly SecretVersion[]): string =>
    versions
      .map(({ id, isEnabled }) => `${id} ${String(isEnabled)}`)
      .sort()
      .join();
  return text(one) === text(other);
}

function createdAt({ createdOn }: SecretVersion): number {
  return createdOn?.getTime() ?? Infinity;
}
