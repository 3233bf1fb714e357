import type { StoredKey, StoreFinding } from "../../infra/keys/store";
import { typed, type Finding } from "./finding";

/** What is known of the platform's key. */
export interface KeyFacts {
  readonly stack: string;
  /** The store in a few words. */
  readonly store: string;
  /** How to set the store's key aside by hand. */
  readonly howToSetAside: string;
  /** What the store says of itself. */
  readonly health: readonly StoreFinding[];
  /** What the store has; undefined if it has none or can't tell, which its health says. */
  readonly stored: StoredKey | undefined;
  /** To whom the key belongs by other accounts; each may be silent. */
  readonly others: Readonly<Record<"settings" | "state" | "cluster", string | undefined>>;
}

/** What is wrong with the backup of the platform's key. */
export function judgeKeys(facts: KeyFacts): readonly Finding[] {
  const own = facts.health.map(({ severity, text }): Finding => ({ severity, about: "key", found: text }));
  return [...own, ...judgeOthers(facts)];
}

/** A recipient that isn't the stored key's, with everybody who names it. */
function judgeOthers({ stack, store, howToSetAside, stored, others }: KeyFacts): readonly Finding[] {
  if (stored === undefined || stored.isDeleted) return [];
  const tellers = new Map<string, string[]>();
  for (const [teller, recipient] of Object.entries(others)) {
    if (recipient === undefined || recipient === stored.recipient) continue;
    tellers.set(recipient, [...(tellers.get(recipient) ?? []), `the ${teller}`]);
  }
  return [...tellers].map(([recipient, names]): Finding => {
    const isOne = names.length === 1 && names[0] !== "the settings";
    const who = `${names.join(" and ")} ${isOne ? "has" : "have"}`;
    if (stored.former?.includes(recipient) === true) {
      return {
        severity: "warning",
        about: "key",
        found: `${store} has the key of ${stored.recipient}, ${who} still its predecessor ${recipient}`,
        expected: "the store's key everywhere",
        remedy: typed("up", stack),
      };
    }
    return {
      severity: "fault",
      about: "key",
      found: `${store} has the key of ${stored.recipient}, ${who} that of ${recipient}`,
      expected: "one key everywhere: with the store's, what is encrypted to the other can't be read",
      remedy: `find out which one your files name; if the other, set the store's aside (${howToSetAside}) and bring that one back; see docs/recover.md`,
    };
  });
}
