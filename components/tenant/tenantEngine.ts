import * as pulumi from "@pulumi/pulumi";

import { logicalName } from "../metadata";
import { engineOf } from "./engine";
import { EngineHandover } from "./handover/engineHandover";
import { secretsFolder } from "./scaffold";
import type { TenantArgs } from "./tenantArgs";
import { tenantArgocd } from "./tenantArgocd";
import { tenantServices, type TenantServices } from "./tenantServices";
import type { TenantSource } from "./tenantSource";

/** What {@link tenantEngine} makes is for. */
export interface TenantEngineArgs {
  readonly tenant: string;
  readonly request: TenantArgs;
  /** Full names of the tenant's own namespaces. */
  readonly namespaces: readonly string[];
  readonly repository: Pick<TenantSource, "sshUrl" | "branch" | "privateKey">;
}

/** What a tenant has of its engine. */
export interface TenantEngine {
  /** What must be there before the tenant's Kustomization. */
  readonly ready: readonly pulumi.Resource[];
  /** Absent where no services are made of files. */
  readonly services?: TenantServices | undefined;
}

/**
 * Makes what Argo CD applies a tenant's repository by, where that is the tenant's engine, and what hands the tenant over to another
 * one, where there is another. None of it is protected: it goes when the engine changes.
 */
export function tenantEngine(
  { tenant, request, namespaces, repository }: TenantEngineArgs,
  options: pulumi.CustomResourceOptions,
): TenantEngine {
  const { platform, people = {}, suspended = false } = request;
  if (platform.engines?.offered.includes("argocd") !== true) return { ready: [] };
  const engine = engineOf(request);
  const { places, sshUrlOf } = platform.repositories;
  const others = request.services === true ? [sshUrlOf(places.services(tenant))] : [];
  const applying =
    engine === "flux"
      ? []
      : tenantArgocd(
          { tenant, platform, namespaces, people, isSuspended: suspended, repository, others },
          options,
        );
  const services = tenantServices(
    { tenant, request, namespaces },
    pulumi.mergeOptions(options, { dependsOn: [...applying] }),
  );
  const ready = [...applying, ...(services?.ready ?? [])];
  // Nothing is applied meanwhile that could be waited for.
  if (suspended) return { ready, services };
  const handover = new EngineHandover(
    logicalName("EngineHandover", tenant),
    {
      kubeconfig: platform.kubeconfig,
      tenant,
      engine,
      secretsPath: `./${secretsFolder(platform.environment)}`,
      namespaces,
    },
    { ...options, dependsOn: [...[options.dependsOn ?? []].flat(), ...applying] as pulumi.Resource[] },
  );
  return { ready: [...ready, handover], services };
}
