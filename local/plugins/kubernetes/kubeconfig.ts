import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { messageOf } from "../../../infra/fault";
import type { JsonObject } from "./objects";
import { at, isJsonObject, objectsAt, textAt } from "./objects";

/** How to reach a cluster, and as whom. */
export interface ClusterAccess {
  /** base URL of the API server */
  readonly server: string;
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** name the server's certificate must bear, if it isn't the URL's host */
  readonly serverName?: string;
  readonly insecure: boolean;
  /** the Authorization header's value, if one is needed; may run a credential plugin */
  readonly authorization: () => Promise<string | undefined>;
  /** the context's namespace */
  readonly namespace?: string;
}

/** The kubeconfig is there but can't be used; the message says why. */
export class KubeconfigError extends Error {}

/** A credential that can't be read at all: the provider must not start. */
export class CredentialError extends Error {}

/** Parses a kubeconfig's text (YAML or JSON). Throws KubeconfigError. */
export function parseKubeconfig(text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = text.trimStart().startsWith("{") ? JSON.parse(text) : parse(text);
  } catch (error) {
    throw new KubeconfigError(yamlProblem(error));
  }
  if (parsed === null || parsed === undefined) return {};
  if (isJsonObject(parsed)) return parsed;
  throw new KubeconfigError(
    "couldn't get version/kind; json parse error: json: cannot unmarshal " +
      `${typeof parsed === "string" ? "string" : "array"} into Go value of type struct { APIVersion string ` +
      '"json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
  );
}

function yamlProblem(error: unknown): string {
  if (!(error instanceof YAMLParseError)) return messageOf(error);
  const line = error.linePos?.[0].line ?? 1;
  const message = /flow (sequence|collection|map)/i.test(error.message)
    ? "did not find expected ',' or ']'"
    : (error.message.split("\n")[0] ?? "");
  return `yaml: line ${String(line)}: ${message}`;
}

/**
 * The text of the kubeconfig that a provider without one uses: $KUBECONFIG's first file that exists, else
 * ~/.kube/config; undefined if there is none.
 */
export function defaultKubeconfig(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const files = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((file) => file !== "");
  if (files.length === 0) files.push(join(homedir(), ".kube", "config"));
  const file = files.find((candidate) => existsSync(candidate));
  return file === undefined ? undefined : readFileSync(file, "utf8");
}

/** The access of a process that runs in a pod, or undefined if this isn't one. */
export function inClusterAccess(environment: NodeJS.ProcessEnv = process.env): ClusterAccess | undefined {
  const host = environment["KUBERNETES_SERVICE_HOST"] ?? "";
  const folder = "/var/run/secrets/kubernetes.io/serviceaccount";
  if (host === "" || !existsSync(join(folder, "token"))) return undefined;
  return {
    server: `https://${host}:${environment["KUBERNETES_SERVICE_PORT"] ?? "443"}`,
    ca: readFileSync(join(folder, "ca.crt"), "utf8"),
    insecure: false,
    authorization: () => Promise.resolve(`Bearer ${readFileSync(join(folder, "token"), "utf8").trim()}`),
  };
}

/** Which parts of a kubeconfig to take, where they aren't those of its current context. */
export interface Selection {
  readonly context?: string | undefined;
  readonly cluster?: string | undefined;
  /** folder that relative file names are relative to; default: the working directory */
  readonly folder?: string;
}

/** The access a kubeconfig describes. Throws KubeconfigError or CredentialError. */
export function accessOf(config: JsonObject, selection: Selection = {}): ClusterAccess {
  const contextName = selection.context ?? textAt(config, "current-context") ?? "";
  const context = named(config, "contexts", contextName, "context");
  if (context === undefined && contextName !== "") {
    throw new KubeconfigError(`context "${contextName}" does not exist`);
  }
  const clusterName = selection.cluster ?? textAt(context, "cluster") ?? "";
  const cluster = named(config, "clusters", clusterName, "cluster");
  const server = textAt(cluster, "server");
  if (cluster === undefined || server === undefined) {
    throw new KubeconfigError(
      "invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable",
    );
  }
  const user = named(config, "users", textAt(context, "user") ?? "", "user") ?? {};
  const folder = selection.folder ?? process.cwd();
  const certificate = material(user, "client-certificate", folder);
  const key = material(user, "client-key", folder);
  if (certificate !== undefined && !/-----BEGIN/.test(certificate)) {
    throw new CredentialError("tls: failed to find any PEM data in certificate input");
  }
  if (key !== undefined && !/-----BEGIN/.test(key)) {
    throw new CredentialError("tls: failed to find any PEM data in key input");
  }
  const ca = material(cluster, "certificate-authority", folder);
  const serverName = textAt(cluster, "tls-server-name");
  const namespace = textAt(context, "namespace");
  return {
    server: server.replace(/\/+$/, ""),
    insecure: at(cluster, "insecure-skip-tls-verify") === true,
    authorization: authorizationOf(user, folder),
    ...(ca === undefined ? {} : { ca }),
    ...(certificate === undefined || key === undefined ? {} : { certificate, key }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

function named(config: JsonObject, list: string, name: string, part: string): JsonObject | undefined {
  const found = at(
    objectsAt(config, list).find((entry) => entry["name"] === name),
    part,
  );
  return isJsonObject(found) ? found : undefined;
}

/** A certificate or key, from `<name>-data` (base64) or from the file `<name>`. */
function material(holder: JsonObject, name: string, folder: string): string | undefined {
  const data = textAt(holder, `${name}-data`);
  if (data !== undefined && data !== "") return Buffer.from(data, "base64").toString("utf8");
  const file = textAt(holder, name);
  if (file === undefined || file === "") return undefined;
  try {
    return readFileSync(isAbsolute(file) ? file : join(folder, file), "utf8");
  } catch (error) {
    throw new KubeconfigError(
      `unable to read ${name} ${file}: ${error instanceof Error ? error.message : ""}`,
    );
  }
}

function authorizationOf(user: JsonObject, folder: string): ClusterAccess["authorization"] {
  const token = textAt(user, "token");
  if (token !== undefined && token !== "") return () => Promise.resolve(`Bearer ${token}`);
  const tokenFile = textAt(user, "tokenFile");
  if (tokenFile !== undefined) {
    const file = isAbsolute(tokenFile) ? tokenFile : join(folder, tokenFile);
    return () => Promise.resolve(`Bearer ${readFileSync(file, "utf8").trim()}`);
  }
  const username = textAt(user, "username");
  if (username !== undefined) {
    const pair = Buffer.from(`${username}:${textAt(user, "password") ?? ""}`).toString("base64");
    return () => Promise.resolve(`Basic ${pair}`);
  }
  const plugin = at(user, "exec");
  if (isJsonObject(plugin)) return credentialPlugin(plugin, folder);
  return () => Promise.resolve(undefined);
}

/** Runs a kubeconfig's `exec` credential plugin; keeps its token until 10 s before it expires. */
function credentialPlugin(plugin: JsonObject, folder: string): ClusterAccess["authorization"] {
  let held: { readonly token: string; readonly until: number } | undefined;
  return async () => {
    if (held !== undefined && held.until > Date.now()) return `Bearer ${held.token}`;
    const command = textAt(plugin, "command") ?? "";
    const words = at(plugin, "args");
    const env = { ...process.env };
    for (const variable of objectsAt(plugin, "env")) {
      env[textAt(variable, "name") ?? ""] = textAt(variable, "value") ?? "";
    }
    const apiVersion = textAt(plugin, "apiVersion") ?? "client.authentication.k8s.io/v1";
    env["KUBERNETES_EXEC_INFO"] = JSON.stringify({
      apiVersion,
      kind: "ExecCredential",
      spec: { interactive: false },
    });
    const output = await new Promise<string>((resolve, reject) => {
      const file = command.includes("/") && !isAbsolute(command) ? join(folder, command) : command;
      execFile(file, Array.isArray(words) ? words.map(String) : [], { env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else
          reject(
            new Error(`getting credentials: exec: executable ${command} failed: ${stderr || error.message}`),
          );
      });
    });
    const status = at(JSON.parse(output) as JsonObject, "status");
    const token = textAt(status, "token");
    if (token === undefined) throw new Error(`getting credentials: executable ${command} gave no token`);
    const expires = textAt(status, "expirationTimestamp");
    held = { token, until: expires === undefined ? Infinity : Date.parse(expires) - 10_000 };
    return `Bearer ${token}`;
  };
}
