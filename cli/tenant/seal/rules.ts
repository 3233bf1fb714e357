import { parseDocument } from "yaml";
import { type Fault, messageOf } from "../../../infra/fault";
import { pathRule } from "./pathRule";
import { recipientFault } from "./recipient";

/** A `.sops.yaml`. */
export interface Rules {
  /** Where it lies, for messages. */
  readonly file: string;
  readonly text: string;
}

/** The name of the file with SOPS' rules. */
export const rulesFile = ".sops.yaml";

type Fields = Readonly<Record<string, unknown>>;

/** Kinds of keys beside age that a rule may name, and a key group. */
const otherKinds = ["pgp", "kms", "gcp_kms", "azure_keyvault", "hc_vault_transit_uri", "hc_vault", "hckms"];

/**
 * To whom SOPS' rules seal a file: the first of `creation_rules` whose `path_regex` matches decides, one without it
 * matches every file (https://getsops.io/docs/#using-sopsyaml-conf-to-select-kms-pgp-and-age-for-new-files).
 *
 * @param rules The `.sops.yaml`.
 * @param path The file, from the folder of the `.sops.yaml`, with slashes.
 * @returns the one age recipient, or what is wrong.
 */
export function recipientByRules({ file, text }: Rules, path: string): string | Fault {
  const rules = creationRules(file, text);
  if (!Array.isArray(rules)) return rules as Fault;
  for (const [index, each] of rules.entries()) {
    const rule = fieldsOf(each);
    const at = `${file}: creation_rules[${String(index)}]`;
    const written = asText(rule["path_regex"] ?? "");
    let matches: boolean;
    try {
      matches = written === "" || pathRule(written).test(path);
    } catch (error) {
      return {
        path: `${at}.path_regex`,
        given: `${JSON.stringify(written)}: ${messageOf(error)}`,
        expected: "a regular expression in Go's syntax",
        remedy: "write for example \\.ya?ml$",
      };
    }
    if (matches) return recipientOfRule(at, rule);
  }
  return {
    path: `${file}: creation_rules`,
    given: `none that matches ${path}`,
    expected: "a rule whose path_regex matches the file's path from the folder of .sops.yaml",
    remedy: "name the file so that a rule matches, or add a rule with the tenant's recipient",
  };
}

function creationRules(file: string, text: string): readonly unknown[] | Fault {
  const document = parseDocument(text);
  const [error] = document.errors;
  const expected = "`creation_rules`: a list of rules, each with `age`";
  const remedy = "write it as the repository's first commit has it";
  if (error !== undefined) {
    return { path: file, given: `no YAML: ${error.code} in line ${line(error)}`, expected, remedy };
  }
  const rules = fieldsOf(document.toJS())["creation_rules"];
  return Array.isArray(rules) ? rules : { path: file, given: "no `creation_rules`", expected, remedy };
}

function line({ linePos }: { readonly linePos?: readonly { readonly line: number }[] }): string {
  return String(linePos?.[0]?.line ?? 1);
}

function recipientOfRule(at: string, rule: Fields): string | Fault {
  const groups = Array.isArray(rule["key_groups"]) ? (rule["key_groups"] as unknown[]) : [];
  if (groups.length > 1) {
    return oneAgeKey(
      `${at}.key_groups`,
      `${String(groups.length)} groups, of which several are needed to read`,
    );
  }
  const grouped = groups.length === 1;
  const holder = grouped ? `${at}.key_groups[0]` : at;
  const keys = grouped ? fieldsOf(groups[0]) : rule;
  const others = [...otherKinds, ...(grouped ? ["merge"] : [])].filter((kind) => isNamed(keys[kind]));
  if (others.length > 0) return oneAgeKey(holder, `keys of another kind: ${others.join(", ")}`);
  const [recipient, ...more] = new Set(recipientsIn(keys["age"]));
  const path = `${holder}.age`;
  if (recipient === undefined) return oneAgeKey(path, "no recipient");
  const wrong = [recipient, ...more]
    .map((each) => recipientFault(path, each))
    .find((each) => each !== undefined);
  if (wrong !== undefined) return wrong;
  if (more.length > 0) return oneAgeKey(path, [recipient, ...more].join(", "));
  return recipient;
}

function oneAgeKey(path: string, given: string): Fault {
  return {
    path,
    given,
    expected: "one age recipient: Flux has the tenant's key alone, and nobody else is to read its Secrets",
    remedy: "name the tenant's recipient under `age`, and nothing else; `terp key list` has it",
  };
}

/** SOPS takes a list, or one text with commas. */
function recipientsIn(age: unknown): readonly string[] {
  const texts = Array.isArray(age) ? (age as unknown[]) : [age];
  return texts
    .filter((each) => each !== undefined && each !== null)
    .flatMap((each) => asText(each).split(","))
    .map((each) => each.trim())
    .filter((each) => each !== "");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function isNamed(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return value !== undefined && value !== null && value !== "";
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
