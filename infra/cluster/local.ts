import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { ImageService } from "../../local/images";
import { logFolders, type LogFolders } from "../../local/node/logFolders";
import type { NodeLogin } from "../../local/node/login";
import { paths } from "../../local/paths";
import { silent } from "../../local/progress";
import { definitionsAsJson } from "../../local/toolchain/definitions";
import { ensureTools } from "../../local/toolchain/ensure";
import { DynamicResource, providerFrom } from "../dynamic";
import type { StoreReference } from "../keys/store";
import { clusterProvider, type ClusterHandle } from "./handle";

export type { ImageService, LogFolders };

/** What the embedded cluster is made from. */
export interface LocalClusterArgs {
  /**
   * Where images of a registry are pulled from instead, as `{ "docker.io": "https://mirror.example.org" }`.
   *
   * @default the registries themselves
   */
  readonly registries?: Readonly<Record<string, string>>;
  /**
   * Services that run in it beside what every stack has, whose images it gets.
   *
   * @default none
   */
  readonly services?: readonly ImageService[];
  /**
   * By whom people log in. Another one restarts the API server.
   *
   * @default nobody does
   */
  readonly login?: NodeLogin | undefined;
}

/**
 * The embedded cluster on this machine: a real Kubernetes of one node, without Docker. `up` creates it, or takes over one of
 * this name; repairs it when something of it has died; `refresh` notices that it is gone; `destroy` leaves nothing of it.
 */
export class LocalCluster extends DynamicResource {
  /** An administrator's kubeconfig. A secret. */
  declare readonly kubeconfig: pulumi.Output<string>;
  /** The API server's URL. */
  declare readonly server: pulumi.Output<string>;
  /** Where this machine reaches the node: its API server and NodePorts. */
  declare readonly nodeAddress: pulumi.Output<string>;
  /** What pods see as the source of what comes from this machine. */
  declare readonly hostAddress: pulumi.Output<string>;
  /** `running`, or what was wrong at the last refresh. */
  declare readonly state: pulumi.Output<string>;
  readonly handle: ClusterHandle;
  /** Where the Git host keeps its data: outside the cluster. */
  readonly gitFolder: string;
  /** Where the platform's keys are backed up: outside the cluster. */
  readonly keyStore: StoreReference;
  /** What suspended tenants leave: outside the cluster. */
  readonly exports: string;
  /** Where the node has what becomes and remembers logs: inside the cluster, gone with it. */
  readonly logFolders: LogFolders;

  /** @param name the stack's name: the node, its cgroups and its folders are called after it. */
  constructor(name: string, args: LocalClusterArgs = {}, options?: pulumi.CustomResourceOptions) {
    super(
      providerFrom("local/node/clusterProvider"),
      { area: "cluster", kind: "LocalCluster" },
      name,
      {
        name,
        registries: args.registries ?? {},
        ...(args.services === undefined || args.services.length === 0
          ? {}
          : { services: [...args.services] }),
        ...(args.login === undefined ? {} : { login: nodeLogin(args.login) }),
        kubeconfig: undefined,
        server: undefined,
        nodeAddress: undefined,
        hostAddress: undefined,
        state: undefined,
      },
      { ...options, additionalSecretOutputs: ["kubeconfig"] },
    );
    const kubeconfig = pulumi.secret(this.kubeconfig);
    this.handle = {
      name,
      kubeconfig,
      provider: clusterProvider(name, kubeconfig, { parent: this }),
      endsWith: this,
    };
    const { git, keys, exports, node } = paths(name);
    this.gitFolder = git;
    this.keyStore = { kind: "file", folder: keys };
    this.exports = exports;
    this.logFolders = logFolders(node);
  }
}

/** What of a login the node needs: nothing else is to make the API server start anew. */
function nodeLogin({ issuer, clientId, authority }: NodeLogin): NodeLogin {
  return { issuer, clientId, ...(authority === undefined ? {} : { authority }) };
}

/** The file with the Gateway API's CRDs, from its module. */
export async function gatewayCrdFile(): Promise<string> {
  const { "gateway-crds": tool } = await ensureTools(["gateway-crds"], silent);
  return definitionsAsJson(join(tool.directory, "gateway-crds.yaml"));
}

/** The file with Argo CD's CRDs, from its module. */
export async function argocdCrdFile(): Promise<string> {
  const { "argocd-crds": tool } = await ensureTools(["argocd-crds"], silent);
  return join(tool.directory, "argocd-crds.yaml");
}

/** The file with Flux's CRDs, made from the API types of its modules. */
export async function fluxCrdFile(): Promise<string> {
  const { "flux-crds": tool } = await ensureTools(["flux-crds"], silent);
  return definitionsAsJson(join(tool.directory, "flux-crds.yaml"));
}
