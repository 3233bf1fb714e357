import type { Fault } from "../../../infra/fault";
import { isAlone, recipientFor, type SealQuestion, sealedToOthers } from "./decision";
import { clearValues, documentsOf, type Fields, fieldsOf, readersOf, sealingOf } from "./document";

/** What was found in a file, or in many. */
export interface CheckResult {
  /** How many Secrets are sealed as they should be. */
  readonly sealed: number;
  readonly faults: readonly Fault[];
}

/** All results in one. */
export function together(results: readonly CheckResult[]): CheckResult {
  return {
    sealed: results.reduce((sum, { sealed }) => sum + sealed, 0),
    faults: results.flatMap(({ faults }) => faults),
  };
}

/** What of a question decides whom a file is to be sealed to. The other files of the repository are checked by themselves. */
export type CheckQuestion = Omit<SealQuestion, "neighbours">;

const remedy =
  "seal it (`terp seal FILE`); if it was ever pushed, change the value itself: the history keeps it";

/** Whether all Secrets of a file are sealed, and to whom they should be. */
export function checkFile(question: CheckQuestion): CheckResult {
  const { file, text } = question;
  if (!text.includes("Secret")) return { sealed: 0, faults: [] };
  const documents = documentsOf(file, text);
  if (!Array.isArray(documents)) return unreadable(text, documents as Fault);
  return together(
    (documents as readonly unknown[]).flatMap(secretsIn).map((secret): CheckResult => {
      const sealing = sealingOf(secret);
      if (sealing === "empty") return { sealed: 0, faults: [] };
      if (sealing === "sealed") return checkReaders(question, readersOf(secret));
      const inClear = clearValues(secret);
      const name = fieldsOf(secret["metadata"])["name"];
      const given =
        inClear.length === 0
          ? "without the whole `sops` block that opens it"
          : `in clear: ${inClear.join(", ")}`;
      const path = typeof name === "string" ? `${file}: Secret ${name}` : file;
      return { sealed: 0, faults: [{ path, given, expected: "a Secret that is sealed as a whole", remedy }] };
    }),
  );
}

function checkReaders(question: CheckQuestion, readers: readonly string[]): CheckResult {
  const { faults, decided: recipient } = recipientFor({ ...question, neighbours: [] });
  if (recipient === undefined) return { sealed: 0, faults };
  if (isAlone(readers, recipient)) return { sealed: 1, faults: [] };
  return { sealed: 0, faults: [sealedToOthers(question.file, readers, recipient)] };
}

/** The Secrets in a document, those in a List too. */
function secretsIn(content: unknown): readonly Fields[] {
  const object = fieldsOf(content);
  if (object["kind"] === "Secret" && object["apiVersion"] === "v1") return [object];
  const items = object["items"];
  return Array.isArray(items) ? items.flatMap(secretsIn) : [];
}

/** A chart's template isn't YAML and holds no values; anything else that speaks of a Secret has to be looked at. */
function unreadable(text: string, fault: Fault): CheckResult {
  const isSecret = /^\s*["']?kind["']?\s*:\s*["']?Secret\b/m.test(text);
  return { sealed: 0, faults: isSecret && !text.includes("{{") ? [fault] : [] };
}
