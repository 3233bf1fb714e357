import type { Manifest } from "../manifest";
import { tcp } from "../networkPolicy";
import { restrictedContainer } from "../pod";
import { controllers, type Controller, type Pace } from "./controllers";
import { fluxNamespace, sourceController, webhookService } from "./names";

/** What {@link lockDown} needs to know. */
export interface LockdownOptions {
  /** @default { concurrent: 8, requeueDependency: "2s" } */
  readonly pace?: Pace;
}

const defaultPace: Pace = { concurrent: 8, requeueDependency: "2s" };

/** Arguments that nobody may give a controller. */
const forbiddenArguments = [
  // A key for every Kustomization that names none: any tenant could decrypt what is meant for the platform.
  "--sops-age-secret",
  // A kubeconfig could start a program, or talk to a server that isn't the one it claims to be.
  "--insecure-kubeconfig-exec",
  "--insecure-kubeconfig-tls",
  // Replaced by our own values below.
  "--no-cross-namespace-refs",
  "--no-remote-bases",
  "--default-service-account",
  "--override-manager",
  "--watch-all-namespaces",
  "--concurrent",
  "--requeue-dependency",
  "--enable-leader-election",
  "--events-addr",
  "--feature-gates",
  "--metrics-addr",
  "--health-addr",
];

/** Kinds that {@link lockDown} makes itself: what a release brings of them is left out. */
const replacedKinds = new Set([
  "ClusterRole",
  "ClusterRoleBinding",
  "Role",
  "RoleBinding",
  "NetworkPolicy",
  "ResourceQuota",
]);

/**
 * A set of Flux's manifests, locked down: the controllers that this platform uses and their CRDs, with rights, arguments,
 * network and resources of our own; everything else is left out.
 *
 * - No reference into another namespace, no base from elsewhere, no key that serves everyone.
 * - A Kustomization that names no account runs as one without rights.
 * - In place of cluster-admin: the right to act as a tenant's reconciler, to read the Secrets that hold
 *   keys (by name), and to keep the status of Flux's own objects.
 *
 * @param manifests A release's own `install.yaml`, or a set of ours.
 * @throws if a controller this platform needs, or its container, is missing from the set.
 */
export function lockDown(manifests: readonly Manifest[], options: LockdownOptions = {}): Manifest[] {
  const pace = options.pace ?? defaultPace;
  for (const name of Object.keys(controllers)) {
    if (!manifests.some((manifest) => manifest.kind === "Deployment" && manifest.metadata.name === name)) {
      throw new Error(
        `Flux's manifests: no Deployment "${name}" among ${String(manifests.length)} objects; give the release's whole install.yaml`,
      );
    }
  }
  const kept = manifests
    .filter((manifest) => isKept(manifest))
    .map((manifest) =>
      manifest.kind === "Deployment" ? lockedDeployment(manifest, pace) : withoutAggregation(manifest),
    );
  return [
    ...kept,
    ...Object.entries(controllers).flatMap(([name, controller]) => rightsAndNetwork(name, controller)),
  ];
}

const services = new Set<string>([sourceController, webhookService]);

function isKept(manifest: Manifest): boolean {
  if (manifest.kind === "CustomResourceDefinition")
    return /\.(source|kustomize|helm|notification)\.toolkit\.fluxcd\.io$/.test(manifest.metadata.name);
  if (replacedKinds.has(manifest.kind)) return false;
  if (manifest.kind === "Namespace") return true;
  if (manifest.kind === "Service") return services.has(manifest.metadata.name);
  return manifest.metadata.name in controllers;
}

/** Without labels by which a role of Kubernetes would take in rights to Flux's objects. */
function withoutAggregation(manifest: Manifest): Manifest {
  const labels = Object.fromEntries(
    Object.entries(manifest.metadata.labels ?? {}).filter(
      ([key]) => !key.startsWith("rbac.authorization.k8s.io/"),
    ),
  );
  return { ...manifest, metadata: { ...manifest.metadata, labels } };
}

interface Container {
  readonly name: string;
  readonly args?: readonly string[];
  readonly [field: string]: unknown;
}

interface DeploymentSpec {
  readonly template: {
    readonly metadata?: Readonly<Record<string, unknown>>;
    readonly spec: { readonly containers: readonly Container[]; readonly [field: string]: unknown };
  };
  readonly [field: string]: unknown;
}

function lockedDeployment(manifest: Manifest, pace: Pace): Manifest {
  const name = manifest.metadata.name;
  const controller = controllers[name];
  const spec = manifest["spec"] as DeploymentSpec;
  if (
    controller === undefined ||
    !spec.template.spec.containers.some((container) => container.name === "manager")
  ) {
    throw new Error(`Flux's manifests: Deployment "${name}" has no container "manager"`);
  }
  const containers = spec.template.spec.containers.map((container) =>
    container.name !== "manager"
      ? container
      : {
          ...container,
          args: [
            ...(container.args ?? []).filter((argument) => !isForbidden(argument)),
            ...controller.arguments(pace),
          ],
          resources: controller.resources,
          securityContext: {
            ...restrictedContainer,
            runAsNonRoot: true,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
  );
  return {
    ...manifest,
    spec: {
      ...spec,
      // One at a time: there is no leader election, whose lease would have to run out after a crash.
      replicas: 1,
      strategy: { type: "Recreate" },
      template: { ...spec.template, spec: { ...spec.template.spec, serviceAccountName: name, containers } },
    },
  };
}

function isForbidden(argument: string): boolean {
  return forbiddenArguments.some(
    (forbidden) => argument === forbidden || argument.startsWith(`${forbidden}=`),
  );
}

function rightsAndNetwork(name: string, controller: Controller): Manifest[] {
  const role = `terp-flux-${name}`;
  return [
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRole",
      metadata: { name: role },
      rules: controller.rules,
    },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", name, namespace: fluxNamespace }],
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name, namespace: fluxNamespace },
      spec: {
        podSelector: { matchLabels: { app: name } },
        policyTypes: ["Ingress", "Egress"],
        ingress: controller.ingress.map((rule) => ({
          from: [rule.from],
          ports: tcp(rule.port),
        })),
        egress: controller.egress,
      },
    },
  ];
}
