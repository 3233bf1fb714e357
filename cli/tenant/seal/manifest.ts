import { nearest } from "../../../infra/config/nearest";
import type { Fault } from "../../../infra/fault";
import {
  clearValues,
  documentsOf,
  type Fields,
  fieldsOf,
  readersOf,
  sealingOf,
  valueFields,
  valuesOf,
} from "./document";

/** A file's one Secret. */
export interface OneSecret {
  readonly name: string;
  /** Who can open it; `undefined` as long as it is in clear. */
  readonly readers: readonly string[] | undefined;
}

const fieldsOfSecret = ["apiVersion", "kind", "metadata", "type", "immutable", ...valueFields];
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";
const name = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads the Secret that is to be sealed.
 *
 * @param file Where it is, for messages.
 * @returns the Secret, or everything that is wrong with it; never one of its values.
 */
export function oneSecretIn(file: string, text: string): OneSecret | readonly Fault[] {
  const documents = documentsOf(file, text);
  if (!Array.isArray(documents)) return [documents as Fault];
  const [content, ...others] = documents as readonly unknown[];
  if (others.length > 0) {
    return [
      {
        path: file,
        given: `${String(documents.length)} documents`,
        expected: "one Secret in a file",
        remedy: "give each Secret a file of its own, without a line --- below it",
      },
    ];
  }
  const secret = fieldsOf(content);
  const { apiVersion, kind } = secret;
  if (apiVersion !== "v1" || kind !== "Secret") {
    const empty = Object.keys(secret).length === 0;
    return [
      {
        path: file,
        given: empty ? "nothing" : `kind ${shown(kind)} of apiVersion ${shown(apiVersion)}`,
        expected: "kind Secret of apiVersion v1",
        remedy:
          "seal Secrets alone: what is in other objects stays in clear, for everybody who reads the repository",
      },
    ];
  }
  const faults = [...nameFaults(file, secret), ...sealingFaults(file, secret)];
  if (faults.length > 0) return faults;
  const readers = sealingOf(secret) === "sealed" ? readersOf(secret) : undefined;
  return { name: String(fieldsOf(secret["metadata"])["name"]), readers };
}

function nameFaults(file: string, secret: Fields): Fault[] {
  const given = fieldsOf(secret["metadata"])["name"];
  if (typeof given === "string" && name.test(given)) return [];
  return [
    {
      path: `${file}: metadata.name`,
      given: given === undefined || given === null ? "none" : shown(given),
      expected: "a name of lower-case letters, digits, dashes and dots",
      remedy: "write for example `metadata: { name: database }`: it stays readable",
    },
  ];
}

function sealingFaults(file: string, secret: Fields): Fault[] {
  const sealing = sealingOf(secret);
  if (sealing === "sealed") return [];
  if (sealing === "partly") {
    const inClear = clearValues(secret);
    return [
      {
        path: file,
        given:
          inClear.length === 0
            ? "values that are encrypted, without the whole `sops` block that opens them"
            : `partly encrypted: in clear ${inClear.length === 1 ? "is" : "are"} ${inClear.join(", ")}`,
        expected: "a Secret all in clear, or one that was sealed as a whole and not changed since",
        remedy: "write the whole Secret anew, every value and without the `sops` block, and seal it",
      },
    ];
  }
  if (sealing === "empty") {
    return [
      {
        path: file,
        given: "a Secret without data",
        expected: "values under `stringData`, or base64 under `data`",
        remedy: "write for example `stringData: { password: … }`",
      },
    ];
  }
  return [...copyFaults(file, secret), ...fieldFaults(file, secret), ...valueFaults(file, secret)];
}

/** `kubectl get --output yaml` shows the values twice, and SOPS encrypts one of them. */
function copyFaults(file: string, secret: Fields): Fault[] {
  const annotations = fieldsOf(fieldsOf(secret["metadata"])["annotations"]);
  if (annotations[lastApplied] === undefined) return [];
  return [
    {
      path: `${file}: metadata.annotations["${lastApplied}"]`,
      given: "a copy of the values, which would stay in clear",
      expected: "the values under `data` and `stringData` alone",
      remedy: "remove the annotation",
    },
  ];
}

function fieldFaults(file: string, secret: Fields): Fault[] {
  return Object.keys(secret)
    .filter((field) => !fieldsOfSecret.includes(field))
    .map((field) => {
      const meant = nearest(field, fieldsOfSecret);
      return {
        path: `${file}: ${field}`,
        given: "a field that a Secret doesn't have, and that would stay in clear",
        expected: `one of ${fieldsOfSecret.join(", ")}`,
        remedy: meant === undefined ? "remove it" : `write ${meant}`,
      };
    });
}

function valueFaults(file: string, secret: Fields): Fault[] {
  const lists = valueFields
    .filter((field) => secret[field] !== undefined && secret[field] !== null)
    .filter((field) => typeof secret[field] !== "object" || Array.isArray(secret[field]))
    .map((field) => ({
      path: `${file}: ${field}`,
      given: Array.isArray(secret[field]) ? "a list" : `a ${typeof secret[field]}`,
      expected: "a name and a value for each entry",
      remedy: `write for example \`${field}: { password: … }\``,
    }));
  return [
    ...lists,
    ...valuesOf(secret).flatMap(([path, value]): Fault[] => {
      const at = `${file}: ${path}`;
      if (typeof value !== "string") {
        return [
          {
            path: at,
            given: value === null ? "nothing" : Array.isArray(value) ? "a list" : `a ${typeof value}`,
            expected: "a text: the API server takes nothing else, and says so only once it is sealed",
            remedy: "put the value in quotes",
          },
        ];
      }
      if (path.startsWith("stringData.") || base64.test(value.replace(/[\r\n]/g, ""))) return [];
      return [
        {
          path: at,
          given: "a text that isn't base64",
          expected: "base64 under `data`",
          remedy: "move it as it is to `stringData`",
        },
      ];
    }),
  ];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "none";
  if (typeof value !== "string") return `a ${typeof value}`;
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 59)}…` : value);
}
