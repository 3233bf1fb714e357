import type * as server from "../server/provider";
import type { PropertyMap } from "../server/values";
import { checkResource } from "./check";
import { Cluster } from "./cluster";
import { constructComponent } from "./components/construct";
import type { Context } from "./context";
import { createResource } from "./createResource";
import { deleteResource } from "./deleteResource";
import { diffResource } from "./diffResource";
import {
  checkRelease,
  createRelease,
  deleteRelease,
  diffRelease,
  readRelease,
  releaseType,
  updateRelease,
} from "./helm/release";
import { invokeFunction } from "./invoke";
import { CredentialError } from "./kubeconfig";
import { providerDiff } from "./providerDiff";
import { readResource } from "./readResource";
import { settingsOf } from "./settings";
import { updateResource } from "./updateResource";

/** The version of the SDK whose plugin this one stands in for: the engine compares it with what the program asks for. */
const version = "4.34.2";

/** A Pulumi provider of the package `kubernetes`. */
export class KubernetesProvider implements server.ResourceProvider {
  public readonly version = version;
  private configured: Context | undefined;
  private readonly cancelled = new AbortController();

  public constructor(private readonly host: server.EngineHost) {}

  public checkConfig(request: server.CheckConfigRequest): Promise<server.CheckResult> {
    return Promise.resolve({ inputs: request.news });
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
  public async diffConfig(request: server.DiffRequest): Promise<server.DiffResult> {
    const hasInputs = Object.keys(request.oldInputs).length > 0;
    return providerDiff(hasInputs ? request.oldInputs : request.olds, request.news);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
  public async configure(request: server.ConfigureRequest): Promise<void> {
    const settings = settingsOf(request);
    try {
      const cluster = new Cluster(settings);
      this.configured = { host: this.host, settings, cluster, signal: this.cancelled.signal };
    } catch (error) {
      if (!(error instanceof CredentialError)) throw error;
      throw new Error(`failed to initialize discovery client: ${error.message}`);
    }
  }

  public async check(request: server.CheckRequest): Promise<server.CheckResult> {
    return await (request.type === releaseType
      ? checkRelease(this.context, request)
      : checkResource(this.context, request));
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws has to be a rejection
  public async diff(request: server.DiffRequest): Promise<server.DiffResult> {
    return request.type === releaseType ? diffRelease(request) : diffResource(this.context, request);
  }

  public async create(request: server.CreateRequest): Promise<{ id: string; properties: PropertyMap }> {
    return await (request.type === releaseType
      ? createRelease(this.context, request)
      : createResource(this.context, request));
  }

  public async read(request: server.ReadRequest): Promise<server.ReadResult> {
    return await (request.type === releaseType
      ? readRelease(this.context, request)
      : readResource(this.context, request));
  }

  public async update(request: server.UpdateRequest): Promise<PropertyMap> {
    return await (request.type === releaseType
      ? updateRelease(this.context, request)
      : updateResource(this.context, request));
  }

  public async delete(request: server.DeleteRequest): Promise<void> {
    await (request.type === releaseType
      ? deleteRelease(this.context, request)
      : deleteResource(this.context, request));
  }

  public async invoke(request: server.InvokeRequest): Promise<server.InvokeResult> {
    return await invokeFunction(this.context, request);
  }

  public async construct(request: server.ConstructRequest): Promise<server.ConstructResult> {
    return await constructComponent(this.context, request);
  }

  public cancel(): void {
    this.cancelled.abort();
  }

  private get context(): Context {
    if (this.configured === undefined)
      throw new Error("the kubernetes provider is used before it is configured");
    return this.configured;
  }
}
