import { parseAllDocuments } from "yaml";
import type { Fault } from "../../../infra/fault";

/** A mapping of a YAML file. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value as a mapping; an empty one if it is none. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}

/**
 * The documents of a YAML or JSON file, empty ones too.
 *
 * @param path The file, for the message.
 * @returns their content, or what is wrong: never with a part of the text, which may be secret.
 */
export function documentsOf(path: string, text: string): readonly unknown[] | Fault {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  for (const { errors } of documents) {
    const [error] = errors;
    if (error === undefined) continue;
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    return {
      path: `${path}:${String(line)}:${String(col)}`,
      given: `no YAML: ${error.code}`,
      expected: "a Secret as YAML",
      remedy: "mend that line; a value with special signs stands in quotes",
    };
  }
  return documents.map((document) => document.toJS() as unknown);
}

/** How much of a Secret is encrypted. */
export type Sealing = "clear" | "partly" | "sealed" | "empty";

const encrypted = /^ENC\[AES256_GCM,/;

/** The fields of a Secret that hold its values. */
export const valueFields = ["data", "stringData"] as const;

/** The values of a Secret by their path, e.g. `stringData.password`. */
export function valuesOf(secret: Fields): readonly (readonly [path: string, value: unknown])[] {
  return valueFields.flatMap((field) =>
    Object.entries(fieldsOf(secret[field])).map(([key, value]) => [`${field}.${key}`, value] as const),
  );
}

/** Paths of a Secret's values that SOPS hasn't encrypted. It leaves an empty text empty. */
export function clearValues(secret: Fields): readonly string[] {
  return valuesOf(secret)
    .filter(([, value]) => !(typeof value === "string" && (value === "" || encrypted.test(value))))
    .map(([path]) => path);
}

/** Whether SOPS has encrypted a Secret's values: all, some, or none of those that there are. */
export function sealingOf(secret: Fields): Sealing {
  const values = valuesOf(secret);
  const isSealed = typeof fieldsOf(secret["sops"])["mac"] === "string";
  const some = values.some(([, value]) => typeof value === "string" && encrypted.test(value));
  if (isSealed) return clearValues(secret).length === 0 ? "sealed" : "partly";
  if (some || secret["sops"] !== undefined) return "partly";
  return values.length === 0 ? "empty" : "clear";
}

const otherKeys: readonly (readonly [list: string, name: string])[] = [
  ["pgp", "fp"],
  ["kms", "arn"],
  ["gcp_kms", "resource_id"],
  ["azure_kv", "vault_url"],
  ["hc_vault", "vault_address"],
  ["hckms", "key_id"],
];

/** Who can open what SOPS encrypted: age recipients, and keys of other kinds with their kind before them. Sorted. */
export function readersOf(content: Fields): readonly string[] {
  const holders = [fieldsOf(content["sops"]), ...listIn(content["sops"], "key_groups")];
  return holders
    .flatMap((holder) => [
      ...listIn(holder, "age").map((key) => String(key["recipient"])),
      ...otherKeys.flatMap(([list, name]) =>
        listIn(holder, list).map((key) => `${list} ${String(key[name])}`),
      ),
    ])
    .sort();
}

function listIn(holder: unknown, name: string): readonly Fields[] {
  const list = fieldsOf(holder)[name];
  return Array.isArray(list) ? list.map(fieldsOf) : [];
}
