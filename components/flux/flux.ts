import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resourceOf, type Manifest } from "../manifest";
import { logicalName, metadata, restrictedPods, withoutAwait, type Ownership } from "../metadata";
import { artifactHost, reachingArtifactsAlone } from "./artifactAccess";
import type { Pace } from "./controllers";
import { lockDown } from "./lockdown";
import { kustomizeController, sourceController } from "./names";
import { fluxManifests, type FluxManifestSource } from "./manifests";

export interface FluxArgs {
  /** The stack's name. */
  readonly environment: string;
  /** Where the manifests come from. */
  readonly manifests: FluxManifestSource;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** The platform's age identity, from which the artifacts' secret name follows. Secret. */
  readonly identity: pulumi.Input<string>;
  /**
   * How hard the controllers may work.
   *
   * @default 8 reconciliations at a time, another try after 2 s
   */
  readonly pace?: Pace;
}

/** Kinds that have to be there before the objects that need them, in order. */
const stages = [
  ["Namespace", "CustomResourceDefinition"],
  ["ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Service", "NetworkPolicy"],
  ["Deployment"],
];

/** Flux, locked down: source- and kustomize-controller with their CRDs. */
export class Flux extends pulumi.ComponentResource {
  /** Flux's version. */
  readonly version: pulumi.Output<string>;
  /** For each controller, whether it is available and why. */
  readonly conditions: pulumi.Output<Readonly<Record<string, string>>>;
  /** All that must be there before an object of Flux's is made. */
  readonly ready: readonly pulumi.Resource[];

  /**
   * @param name Logical name.
   * @throws if the manifests can't be read or lack a controller.
   */
  constructor(name: string, args: FluxArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:flux:Flux", name, {}, options);
    const owner: Ownership = { environment: args.environment, role: "platform" };
    const manifests = lockDown(
      fluxManifests(args.manifests),
      args.pace === undefined ? {} : { pace: args.pace },
    );
    const podSecurity = restrictedPods(args.podSecurityVersion);

    const host = pulumi.output(args.identity).apply(artifactHost);
    const made: pulumi.CustomResource[] = [];
    for (const kinds of stages) {
      const dependsOn = [...made];
      for (const manifest of manifests.filter((one) => kinds.includes(one.kind))) {
        const own = owned(manifest, owner, manifest.kind === "Namespace" ? podSecurity : {});
        const isApplying = manifest.kind === "Deployment" && manifest.metadata.name === kustomizeController;
        made.push(
          resourceOf(
            logicalName(manifest.kind, manifest.metadata.name, manifest.metadata.namespace),
            isApplying ? reachingArtifactsAlone(own, { host, address: addressOf(dependsOn) }) : own,
            { parent: this, dependsOn },
          ),
        );
      }
    }

    const deployments = made.filter((one) => one instanceof kubernetes.apps.v1.Deployment);
    this.ready = made;
    this.version = pulumi.output(args.manifests.version);
    this.conditions = pulumi
      .all(deployments.map((deployment) => pulumi.all([deployment.metadata.name, deployment.status])))
      .apply((all) =>
        Object.fromEntries(all.map(([controller, status]) => [controller, availability(status)])),
      );
    this.registerOutputs({ version: this.version, conditions: this.conditions });
  }
}

/** The address of source-controller's Service, which is among what was made before. */
function addressOf(made: readonly pulumi.Resource[]): pulumi.Output<string> {
  const services = made.filter((one) => one instanceof kubernetes.core.v1.Service);
  const addresses = services.map(({ metadata: { name }, spec }) => pulumi.all([name, spec.clusterIP]));
  return pulumi.all(addresses).apply((all) => all.find(([name]) => name === sourceController)?.[1] ?? "");
}

function owned(manifest: Manifest, owner: Ownership, labels: Readonly<Record<string, string>>): Manifest {
  const own = metadata(owner, {
    ...manifest.metadata,
    labels: { ...manifest.metadata.labels, ...labels },
  });
  return { ...manifest, metadata: manifest.kind === "Service" ? withoutAwait(own) : own };
}

interface DeploymentStatus {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
  }[];
}

/** One line about whether a Deployment is available. */
export function availability(status: DeploymentStatus | undefined): string {
  const condition = status?.conditions?.find((one) => one.type === "Available");
  if (condition === undefined) return "Unknown";
  return condition.reason === undefined ? condition.status : `${condition.status}: ${condition.reason}`;
}
