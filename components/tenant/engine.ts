import type { Fault } from "../../infra/fault";
import type { PushWebhook } from "../webhook";

/** What applies a tenant's repository. */
export type Engine = "flux" | "argocd";

/** The engines of an environment. Flux is in each: it brings keys and Secrets. */
export interface Engines {
  /** Those that a tenant may have. */
  readonly offered: readonly Engine[];
  /** The one of a tenant that names none. */
  readonly usual: Engine;
  /** What Applications are made of files with; absent where tenants can't have that. */
  readonly services?: ServicesMaking | undefined;
  /** What a Git host calls when something is pushed that Argo CD applies; absent where none reaches it. */
  readonly webhook?: PushWebhook | undefined;
  /** What the API server puts before a group's name, which the identity provider knows nothing of. */
  readonly groupsPrefix: string;
}

/** What each tenant's services are made with. */
export interface ServicesMaking {
  /** How often a repository is asked for its newest commit, in seconds. */
  readonly everySeconds: number;
  /** What their repository starts with of this project's: the chart, the pipeline and the schema. */
  readonly starter: () => Readonly<Record<string, string>>;
}

/** What of a tenant and its platform decides its engine. */
export interface EngineRequest {
  readonly engine?: Engine;
  readonly services?: boolean;
  readonly platform: { readonly environment: string; readonly engines?: Engines | undefined };
}

/** The engine that a tenant has. */
export function engineOf({ engine, platform }: EngineRequest): Engine {
  return engine ?? platform.engines?.usual ?? "flux";
}

/** What is called, beside Flux's Receiver, when a repository of this tenant's is pushed to. */
export function engineWebhook(request: EngineRequest): PushWebhook | undefined {
  return engineOf(request) === "argocd" ? request.platform.engines?.webhook : undefined;
}

/** A tenant can't have an engine that its environment hasn't, nor services of files where nothing makes them. */
export function engineFaults(request: EngineRequest): Fault[] {
  return [...offeredFaults(request), ...servicesFaults(request)];
}

function offeredFaults({ engine, platform }: EngineRequest): Fault[] {
  const offered = platform.engines?.offered ?? ["flux"];
  if (engine === undefined || offered.includes(engine)) return [];
  const expected = `an engine that the environment has: ${offered.join(" or ")}`;
  const remedy = `leave it out, or type: pulumi config set --path terp:gitops.engine both --stack ${platform.environment}`;
  return [{ path: "engine", given: JSON.stringify(engine), expected, remedy }];
}

function servicesFaults(request: EngineRequest): Fault[] {
  const { services, platform } = request;
  if (services !== true) return [];
  const fault = { path: "services", given: "true" };
  if (platform.engines?.services === undefined) {
    const expected = "the setting gitops.services: only then does the environment have what makes them";
    const remedy = `type: pulumi config set --path terp:gitops.services true --stack ${platform.environment}`;
    return [{ ...fault, expected, remedy }];
  }
  if (engineOf(request) === "argocd") return [];
  const expected = "Argo CD as the tenant's engine, which makes them";
  return [{ ...fault, expected, remedy: 'give this tenant `engine: "argocd"`, or leave services out' }];
}
