import os from "node:os";
import type { Json, JsonObject } from "./types";

/** What is particular to one run and must not be seen in a record. */
export interface Surroundings {
  /** The temporary folder that the scenario runs in. */
  readonly directory: string;
  /** The API server's address, as in the kubeconfig. */
  readonly server: string;
  /** The folder that holds the scenarios. */
  readonly scenarios: string;
}

const secretSignature = "4dabf18193072939515e22adb298388d";

/** Keys whose values differ from run to run. */
const volatileKeys = new Set([
  ...["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "observedGeneration"],
  ...["lastTransitionTime", "lastUpdateTime", "lastProbeTime", "startTime", "completionTime"],
  ...["deletionTimestamp", "controller-uid", "batch.kubernetes.io/controller-uid", "pod-template-hash"],
  ...["kubeconfig", "clusterIP", "clusterIPs", "nodeName", "podIP", "podIPs", "hostIP", "hostIPs"],
  ...["containerID", "imageID", "startedAt", "finishedAt"],
]);

/** Keys of generated resources whose strings are settings, not random values. */
const literalKeys = new Set([
  ...["__meta", "ecdsaCurve", "algorithm", "keyAlgorithm", "caKeyAlgorithm", "additionalSecretOutputs"],
  "separator",
]);

/**
 * Replaces what differs from run to run in a text: paths, addresses, times, generated names.
 *
 * The rules and their order are those that the expected data was recorded with.
 */
export function normaliseText(text: string, around: Surroundings): string {
  return text
    .replaceAll(around.directory, "<tmp>")
    .replaceAll(around.scenarios, "<here>")
    .replaceAll(around.server, "<server>")
    .replaceAll(around.server.replace(/^https?:\/\//, ""), "<server>")
    .replace(/https?:\/\/[^\s"\\]+/g, "<url>")
    .replace(/\u001b\[[0-9;]*m/g, "")
    .replace(/<\{%[^%]*%\}>/g, "")
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, "<time>")
    .replace(/\b10\.\d+\.\d+\.\d+\b/g, "<ip>")
    .replace(/([a-z0-9])-[0-9a-f]{8}(?![0-9a-z])/g, "$1-<auto>")
    .replace(
      /-[bcdf0-9]?[bcdfghjklmnpqrstvwxz2456789]{7,10}-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g,
      "-<rs>-<pod>",
    )
    .replace(/^([a-z0-9/.-]*-)[bcdfghjklmnpqrstvwxz2456789]{5}$/, "$1<gen>")
    .replace(/(\[Pod [^\]<]*?-)[a-z0-9]{5}\]/g, "$1<pod>]")
    .replace(/\b(after|in|for) \d+(\.\d+)?(s|ms)\b/g, "$1 <dur>")
    .replace(new RegExp(`${os.tmpdir()}/[^\\s:'"]*`, "g"), "<path>")
    .replace(/LS0tLS1[A-Za-z0-9+/=]{40,}/g, "<base64 pem>");
}

/** What kind of characters a random text is made of, from the narrowest class to the widest. */
export const characterClasses = [
  { name: "digits", pattern: /^\d+$/ },
  { name: "alphanumeric", pattern: /^[A-Za-z0-9]+$/ },
  { name: "alphanumeric and -_", pattern: /^[A-Za-z0-9_-]+$/ },
  {
    name: "alphanumeric and !@#$%&*()-_=+[]{}<>:?",
    pattern: /^[A-Za-z0-9!@#$%&*()\-_=+[\]{}<>:?]+$/,
  },
  { name: "other", pattern: /^/ },
] as const;

/** Describes a generated value (a random text, key or certificate) by its form. */
export function shapeOf(text: string, key: string): string {
  const newline = `trailing newline ${String(text.endsWith("\n"))}`;
  const pem = /^-----BEGIN ([A-Z0-9 ]+)-----/.exec(text);
  if (pem) return `<pem ${pem[1] ?? ""}, ${newline}>`;
  if (/^(ssh-|ecdsa-)\S+ /.test(text)) return `<${text.split(" ", 1)[0] ?? ""} key, ${newline}>`;
  if (/^\$2[aby]\$/.test(text)) return `<bcrypt ${text.slice(0, 7)} length ${String(text.length)}>`;
  if (/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/.test(text)) return "<uuid>";
  if (/^\d{4}-\d\d-\d\dT/.test(text)) {
    const fraction = /\.\d+/.test(text) ? "with fraction" : "whole seconds";
    return `<time, ${fraction}, zone ${text.endsWith("Z") ? "Z" : text.slice(-6)}>`;
  }
  if (/^([0-9a-f]{2}:)+[0-9a-f]{2}$/.test(text)) {
    return `<colon hex, ${String((text.length + 1) / 3)} bytes>`;
  }
  if (/^SHA256:/.test(text)) return `<SHA256:base64 length ${String(text.length)}>`;
  if (key === "dec") return "<decimal>";
  if (key === "hex" || (key === "id" && /^[0-9a-f]{40}$/.test(text))) {
    return `<lower hex length ${String(text.length)}>`;
  }
  if (/^b(ase)?64/.test(key)) {
    return `<${key} length ${String(text.length)}, padding ${String(text.split("=").length - 1)}>`;
  }
  const characters = characterClasses.find(({ pattern }) => pattern.test(text))?.name ?? "other";
  return `<length ${String(text.length)}, ${characters}>`;
}

/** Whose values are normalised. */
export interface NormaliseOptions extends Surroundings {
  /** Whether unknown strings are random values, to be described by their form. */
  readonly generated: boolean;
  /** Strings the program itself gave: never random. */
  readonly known: ReadonlySet<string>;
}

/**
 * Makes a value of the state comparable: secrets are marked, volatile values hidden, random ones described.
 *
 * @param key the name under which the value was found, if any.
 */
export function normalise(value: Json, options: NormaliseOptions, key = ""): Json {
  if (Array.isArray(value)) return value.map((item) => normalise(item, options, key));
  if (value !== null && typeof value === "object") return normaliseObject(value, options, key);
  if (typeof value !== "string") return value;
  if (/^-----BEGIN [A-Z0-9 ]+-----\n\S/.test(value)) return shapeOf(value, key);
  if (isDrawn(value, options, key)) return value === "" ? "" : shapeOf(value, key);
  if (value.length > 60 && /^(H4sI|LS0t)/.test(value)) return "<base64>";
  return normaliseText(value, options);
}

function isDrawn(value: string, options: NormaliseOptions, key: string): boolean {
  const isPlaceholder = key === "id" && value === "none";
  return options.generated && !literalKeys.has(key) && !options.known.has(value) && !isPlaceholder;
}

function normaliseObject(value: JsonObject, options: NormaliseOptions, key: string): Json {
  if (secretSignature in value) {
    const plaintext = value["plaintext"];
    const plain = typeof plaintext === "string" ? (JSON.parse(plaintext) as Json) : "<ciphertext>";
    return { "<secret>": normalise(plain, options, key) };
  }
  const result: JsonObject = {};
  for (const name of Object.keys(value).sort()) {
    // What the Terraform bridge keeps for itself; the stand-ins have no bridge.
    if (name === "__pulumi_raw_state_delta") continue;
    // Newer container runtimes tell it, and the one that the expected data comes from didn't.
    if (name === "user" && /ontainerStatuses$/.test(key)) continue;
    const inner = value[name] ?? null;
    result[name] = volatileKeys.has(name) && inner !== null ? "<volatile>" : normalise(inner, options, name);
  }
  return result;
}

/** Every string inside a value. */
export function stringsIn(value: Json | undefined, found = new Set<string>()): ReadonlySet<string> {
  if (typeof value === "string") found.add(value);
  else if (value !== null && typeof value === "object") {
    for (const item of Object.values(value)) stringsIn(item, found);
  }
  return found;
}
