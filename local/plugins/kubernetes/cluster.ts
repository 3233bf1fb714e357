import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { messageOf } from "../../../infra/fault";
import { ApiError, ConnectionError, KubeClient } from "./client";
import type { ClusterAccess } from "./kubeconfig";
import { accessOf, defaultKubeconfig, inClusterAccess, KubeconfigError, parseKubeconfig } from "./kubeconfig";
import { Kinds, knownKind } from "./kinds";
import type { Settings } from "./settings";

/** No request can reach the cluster; the message says why. */
export class Unreachable extends Error {
  public constructor(cause: string) {
    super(`configured Kubernetes cluster is unreachable: ${cause}`);
    this.name = "Unreachable";
  }
}

/** The open connection to a cluster. */
export interface Connection {
  readonly client: KubeClient;
  readonly kinds: Kinds;
}

/** The cluster a provider is for. It is asked for the first time when something needs it. */
export class Cluster {
  private readonly access: ClusterAccess | Unreachable;
  private connecting: Promise<Connection> | undefined;

  /** @throws CredentialError if the kubeconfig's key or certificate can't be one */
  public constructor(settings: Settings) {
    try {
      this.access = accessFor(settings);
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
      this.access = new Unreachable(error.message);
    }
  }

  /** The context's namespace, if the kubeconfig has one. */
  public get namespace(): string | undefined {
    return this.access instanceof Unreachable ? undefined : this.access.namespace;
  }

  /** The connection. Throws Unreachable if there is none; the next call tries again. */
  public async connect(): Promise<Connection> {
    this.connecting ??= this.open();
    try {
      return await this.connecting;
    } catch (error) {
      this.connecting = undefined;
      throw error;
    }
  }

  /** Why the cluster can't be reached, or undefined if it can. */
  public async problem(): Promise<Unreachable | undefined> {
    try {
      await this.connect();
      return undefined;
    } catch (error) {
      if (error instanceof Unreachable) return error;
      throw error;
    }
  }

  /**
   * Whether a kind's objects live in namespaces.
   * @returns undefined if that can't be found out: the kind isn't defined yet, or the cluster can't be reached
   */
  public async isNamespaced(apiVersion: string, kind: string): Promise<boolean | undefined> {
    const builtIn = knownKind(apiVersion, kind);
    if (builtIn !== undefined) return builtIn.namespaced;
    try {
      const { kinds } = await this.connect();
      return (await kinds.get(apiVersion, kind)).namespaced;
    } catch {
      return undefined;
    }
  }

  private async open(): Promise<Connection> {
    if (this.access instanceof Unreachable) throw this.access;
    const client = new KubeClient(this.access);
    try {
      await client.request("GET", "/api");
    } catch (error) {
      const because = "unable to load schema information from the API server: ";
      if (error instanceof ConnectionError) throw new Unreachable(because + error.message);
      if (error instanceof ApiError) {
        throw new Unreachable(
          because + (error.code === 401 || error.code === 403 ? "unknown" : error.message),
        );
      }
      throw new Unreachable(messageOf(error));
    }
    return { client, kinds: new Kinds(client) };
  }
}

function accessFor(settings: Settings): ClusterAccess {
  const selection = { context: settings.context, cluster: settings.cluster };
  if (settings.kubeconfig === undefined) {
    const text = defaultKubeconfig();
    const inCluster = text === undefined ? inClusterAccess() : undefined;
    return inCluster ?? located(() => accessOf(parseKubeconfig(text ?? ""), selection));
  }
  const isFile = !/[\n{]/.test(settings.kubeconfig) && existsSync(settings.kubeconfig);
  const text = isFile ? readFileSync(settings.kubeconfig, "utf8") : settings.kubeconfig;
  let config;
  try {
    config = parseKubeconfig(text);
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new KubeconfigError(
      `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${error.message}`,
    );
  }
  const folder = isFile ? { folder: dirname(resolve(settings.kubeconfig)) } : {};
  return located(() => accessOf(config, { ...selection, ...folder }));
}

function located(access: () => ClusterAccess): ClusterAccess {
  try {
    return access();
  } catch (error) {
    if (!(error instanceof KubeconfigError)) throw error;
    throw new KubeconfigError(
      "unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n" +
        " \t • set up the provider as per https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n " +
        error.message,
    );
  }
}
