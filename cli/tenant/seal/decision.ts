import type { Fault } from "../../../infra/fault";
import { oneSecretIn } from "./manifest";
import { disagreement, type NamedRecipient } from "./recipient";
import { recipientByRules, type Rules } from "./rules";

/** A file that SOPS has encrypted. */
export interface SealedFile {
  /** Where it lies, for messages. */
  readonly file: string;
  /** The same from the folder of the rules that hold for it. */
  readonly path: string;
  /** Who can open it. */
  readonly readers: readonly string[];
}

/** A file, and all that decides to whom it is sealed. */
export interface SealQuestion {
  /** Where it lies, for messages. */
  readonly file: string;
  readonly text: string;
  /** From the folder of the rules. */
  readonly path: string;
  /** The nearest `.sops.yaml` above it, if there is one. */
  readonly rules: Rules | undefined;
  /** The other encrypted files that the same rules hold for. */
  readonly neighbours: readonly SealedFile[];
  /** Who else names the recipient: options. */
  readonly named: readonly NamedRecipient[];
}

/** What is to be done with a file. */
export interface SealDecision {
  readonly file: string;
  /** The Secret's name. */
  readonly secret: string;
  readonly recipient: string;
  /** Whether it is so already, and nothing is done. */
  readonly isSealed: boolean;
}

/** Faults, or what there is if there are none. */
export type Judged<T> = { readonly faults: readonly Fault[] } & (
  { readonly decided: T } | { readonly decided?: undefined }
);

/** To whom a file has to be sealed: everybody who names a recipient agrees, and so do the files beside it. */
export function recipientFor(
  question: Pick<SealQuestion, "file" | "path" | "rules" | "neighbours" | "named">,
): Judged<string> {
  const { file, path, rules, named, neighbours } = question;
  const ruled = rules === undefined ? undefined : recipientByRules(rules, path);
  if (typeof ruled === "object") return { faults: [ruled] };
  const all = [
    ...named,
    ...(ruled === undefined || rules === undefined ? [] : [{ by: rules.file, recipient: ruled }]),
  ];
  const [first] = all;
  if (first === undefined) return { faults: [nobodyNamed(file)] };
  const conflict = disagreement(file, all);
  if (conflict !== undefined) return { faults: [conflict] };
  const faults = wrongRecipient({ by: first, rules, neighbours });
  return faults.length > 0 ? { faults } : { faults, decided: first.recipient };
}

/** What is to be done with a file, or everything that is wrong with it. Looks at the file alone: nothing is changed. */
export function decideSeal(question: SealQuestion): Judged<SealDecision> {
  const secret = oneSecretIn(question.file, question.text);
  const { faults, decided: recipient } = recipientFor(question);
  const own = "name" in secret ? [] : secret;
  if (!("name" in secret) || recipient === undefined) return { faults: [...own, ...faults] };
  const { name, readers } = secret;
  if (readers !== undefined && !isAlone(readers, recipient)) {
    return { faults: [sealedToOthers(question.file, readers, recipient)] };
  }
  return {
    faults: [],
    decided: { file: question.file, secret: name, recipient, isSealed: readers !== undefined },
  };
}

/** A sealed file whose readers aren't the one that was expected. */
export function sealedToOthers(file: string, readers: readonly string[], recipient: string): Fault {
  return {
    path: file,
    given: `sealed to ${readers.length === 0 ? "nobody" : readers.join(", ")}`,
    expected: `sealed to ${recipient} alone`,
    remedy:
      "write the whole Secret anew, in clear and without the `sops` block, and seal it: nobody else can change who reads it",
  };
}

/** Whether somebody is the only reader. */
export function isAlone(readers: readonly string[], recipient: string): boolean {
  return readers.length === 1 && readers[0] === recipient;
}

function nobodyNamed(file: string): Fault {
  return {
    path: file,
    given: "no .sops.yaml in its folder or above, and no --recipient",
    expected: "one recipient",
    remedy:
      "seal it inside a clone of the tenant's repository, which has a .sops.yaml; or name the recipient: --recipient age1…",
  };
}

/** Files that the same recipient should read, and another one does: then one of the two is wrong, and nobody sees which. */
function wrongRecipient({
  by,
  rules,
  neighbours,
}: {
  readonly by: NamedRecipient;
  readonly rules: Rules | undefined;
  readonly neighbours: readonly SealedFile[];
}): Fault[] {
  const others = neighbours
    .filter(({ path }) => rules === undefined || recipientByRules(rules, path) === by.recipient)
    .filter(({ readers }) => !readers.includes(by.recipient));
  if (others.length === 0) return [];
  const shown = others.slice(0, 5).map(({ file, readers }) => `${file} is sealed to ${readers.join(", ")}`);
  const more = others.length > 5 ? `, and ${String(others.length - 5)} more files` : "";
  return [
    {
      path: rules?.file ?? by.by,
      given: `${by.recipient}, but ${shown.join("; ")}${more}`,
      expected: "the recipient that the repository's other files are sealed to",
      remedy:
        "`git pull`, if the tenant's key was changed; else the operators' `terp key list` says which is right, and `terp doctor` what Flux can't decrypt",
    },
  ];
}
