import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { parseAllDocuments } from "yaml";

/** An object as a manifest holds it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/**
 * The objects of a YAML text with one or more documents, or of a JSON list of them.
 *
 * @param text The text.
 * @param origin The file that it comes from, for the message. One whose name ends in `.json` holds a list, which is read in a
 *   hundredth of the time.
 * @throws if a document isn't YAML, or isn't a Kubernetes object.
 */
export function parseManifests(text: string, origin: string): Manifest[] {
  return (origin.endsWith(".json") ? listIn : documentsIn)(text, origin).flatMap((value, index) => {
    if (value === null || value === undefined) return [];
    if (!isManifest(value)) {
      throw new Error(
        `${placeOf(origin, index)}: expected a Kubernetes object with apiVersion, kind and metadata.name`,
      );
    }
    return [value];
  });
}

function listIn(text: string): readonly unknown[] {
  return JSON.parse(text) as readonly unknown[];
}

function documentsIn(text: string, origin: string): readonly unknown[] {
  return parseAllDocuments(text).map((document, index) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${placeOf(origin, index)}: not YAML: ${error.message}`);
    return document.toJS() as unknown;
  });
}

function placeOf(origin: string, index: number): string {
  return `${origin}, document ${String(index + 1)}`;
}

function isManifest(value: unknown): value is Manifest {
  if (typeof value !== "object" || value === null) return false;
  const { apiVersion, kind, metadata } = value as Record<string, unknown>;
  return (
    typeof apiVersion === "string" &&
    typeof kind === "string" &&
    typeof metadata === "object" &&
    metadata !== null &&
    typeof (metadata as Record<string, unknown>)["name"] === "string"
  );
}

type Constructor = new (
  name: string,
  args: never,
  options?: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** Kinds that have a class of their own in the SDK: `apiextensions.CustomResource` refuses those without a group. */
const classes: Readonly<Record<string, () => Constructor>> = {
  "v1/Namespace": () => kubernetes.core.v1.Namespace,
  "v1/Service": () => kubernetes.core.v1.Service,
  "v1/ServiceAccount": () => kubernetes.core.v1.ServiceAccount,
  "v1/ConfigMap": () => kubernetes.core.v1.ConfigMap,
  "v1/Secret": () => kubernetes.core.v1.Secret,
  "v1/ResourceQuota": () => kubernetes.core.v1.ResourceQuota,
  "apps/v1/Deployment": () => kubernetes.apps.v1.Deployment,
  "rbac.authorization.k8s.io/v1/Role": () => kubernetes.rbac.v1.Role,
  "rbac.authorization.k8s.io/v1/RoleBinding": () => kubernetes.rbac.v1.RoleBinding,
  "rbac.authorization.k8s.io/v1/ClusterRole": () => kubernetes.rbac.v1.ClusterRole,
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": () => kubernetes.rbac.v1.ClusterRoleBinding,
  "networking.k8s.io/v1/NetworkPolicy": () => kubernetes.networking.v1.NetworkPolicy,
  "apiextensions.k8s.io/v1/CustomResourceDefinition": () =>
    kubernetes.apiextensions.v1.CustomResourceDefinition,
};

/**
 * The resource for a manifest: of the kind's own class where the SDK has one, which knows when the object is ready,
 * else a custom resource.
 *
 * @param name Logical name.
 * @param manifest What to apply.
 * @throws for a kind without a group that isn't among the known ones.
 */
export function resourceOf(
  name: string,
  manifest: Manifest,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const kind = `${manifest.apiVersion}/${manifest.kind}`;
  const known = classes[kind]?.();
  if (known !== undefined) return new known(name, manifest as never, options);
  if (!manifest.apiVersion.includes("/")) {
    throw new Error(
      `manifest of ${manifest.metadata.name}: kind ${kind} isn't among those this program applies`,
    );
  }
  return new kubernetes.apiextensions.CustomResource(name, manifest, options);
}
