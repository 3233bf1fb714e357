import type { Fault } from "../../../infra/fault";
import { isRecipient } from "../../../infra/keys/age";

/** Who a Secret is sealed to, and what says so. */
export interface NamedRecipient {
  /** What names it, for a message: an option, a file, or a stack's tenant. */
  readonly by: string;
  readonly recipient: string;
}

/**
 * What is wrong with a text that should be an age recipient; `undefined` if it is one. An identity, which is a private
 * key, is told apart and never repeated.
 *
 * @param path Where the text stands.
 */
export function recipientFault(path: string, given: string): Fault | undefined {
  if (isRecipient(given)) return undefined;
  const expected = "an age recipient, the public half of a key: age1 and 58 letters and digits";
  if (/AGE-SECRET-KEY/i.test(given)) {
    return {
      path,
      given: "an age identity, which is a private key",
      expected,
      remedy:
        "name the recipient, as .sops.yaml and `terp key list` have it; who could see this key may read what is sealed to it: `terp key rotate` replaces it",
    };
  }
  const shown = given.length > 80 ? `${given.slice(0, 79)}…` : given;
  return {
    path,
    given: JSON.stringify(shown),
    expected,
    remedy: "copy it whole from the .sops.yaml of the tenant's repository, or from `terp key list`",
  };
}

/** What is wrong where several name a recipient and don't agree; none if they do. */
export function disagreement(path: string, named: readonly NamedRecipient[]): Fault | undefined {
  const [first, ...others] = named;
  if (first === undefined || others.every(({ recipient }) => recipient === first.recipient)) return undefined;
  return {
    path,
    given: named.map(({ by, recipient }) => `${recipient} by ${by}`).join(", "),
    expected: "one recipient",
    remedy:
      "if the tenant's key was changed, `git pull` brings the .sops.yaml with the new recipient; `terp key list` has every tenant's",
  };
}
