/** A key by its recipient, and those that it took the place of by theirs. */
export interface Generations {
  readonly recipient: string;
  /**
   * The newest first.
   *
   * @default none
   */
  readonly former?: readonly string[] | undefined;
}

/** The recipients of a key and of those that it took the place of. */
export function generations(key: {
  readonly recipient: string;
  readonly former?: readonly { readonly recipient: string }[] | undefined;
}): Generations {
  return { recipient: key.recipient, former: (key.former ?? []).map(({ recipient }) => recipient) };
}

/**
 * What one key is to another: the same, the one that took its place, the one whose place it took, or one that has nothing to
 * do with it.
 */
export function relationOf(
  one: Generations,
  other: Generations,
): "same" | "successor" | "predecessor" | "stranger" {
  if (one.recipient === other.recipient) return "same";
  if (one.former?.includes(other.recipient)) return "successor";
  if (other.former?.includes(one.recipient)) return "predecessor";
  return "stranger";
}

/** Whether a key is, or took the place of, the one with that recipient. */
export function stemsFrom(key: Generations, recipient: string): boolean {
  return relationOf(key, { recipient }) === "same" || relationOf(key, { recipient }) === "successor";
}
