import * as kubernetes from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import { admissionPolicy } from "../admissionPolicy";
import { logicalName, metadata, type Ownership } from "../metadata";
import type { ManagedKind } from "./kinds";
import { applicationSetController, argocdGroup, argocdNamespace, argocdPorts, removerRole } from "./names";
import type { ArgocdObjects } from "./objects";
import { pod, scratch } from "./pods";
import { applicationSetRules, removerRules } from "./rights";

type PodTemplate = kubernetes.types.input.core.v1.PodTemplateSpec;
type PolicySpec = kubernetes.types.input.admissionregistration.v1.ValidatingAdmissionPolicySpec;

/** What makes Applications of files in repositories. It fetches nothing itself: the repo server does. */
export function applicationSetPod(image: string): PodTemplate {
  const running = { tcpSocket: { port: "metrics" } };
  return pod({
    name: applicationSetController,
    image,
    hasToken: true,
    // It asks the API server for its settings, and knows of no cache.
    settingsDigest: "none",
    container: {
      command: [`/usr/local/bin/${applicationSetController}`],
      env: [
        // Generators that list an organisation's repositories.
        { name: "ARGOCD_APPLICATIONSET_CONTROLLER_ENABLE_SCM_PROVIDERS", value: "false" },
        { name: "GOMEMLIMIT", value: "192MiB" },
      ],
      ports: [{ name: "metrics", containerPort: argocdPorts.applicationSetMetrics }],
      startupProbe: { ...running, periodSeconds: 1, failureThreshold: 300 },
      livenessProbe: { ...running, periodSeconds: 30, timeoutSeconds: 10 },
      resources: { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } },
      volumeMounts: [{ name: "temporary", mountPath: "/tmp" }],
    },
    volumes: [scratch("temporary")],
  });
}

/** The beginning of the finalizers by which an Application has hooks run when it is deleted: https://argo-cd.readthedocs.io/en/release-3.2/user-guide/resource_hooks/ */
const hookFinalizer = "post-delete-finalizer.argocd.argoproj.io";

/**
 * What keeps an Application from waiting for hooks of its chart's when it is deleted. Argo CD would make them as itself, which it has
 * no right to, and the Application, its tenant and the run that removes it would wait for ever.
 */
export const withoutDeletionHooks: PolicySpec = {
  failurePolicy: "Fail",
  matchConstraints: {
    resourceRules: [
      {
        apiGroups: [argocdGroup],
        apiVersions: ["*"],
        operations: ["CREATE", "UPDATE"],
        resources: ["applications"],
      },
    ],
  },
  validations: [
    {
      expression: `!object.metadata.?finalizers.orValue([]).exists(each, each.startsWith("${hookFinalizer}"))`,
      message: "hooks after an Application's deletion aren't run here: leave them out of the chart",
    },
  ],
};

/** What {@link argocdApplicationSets} needs to know. */
export interface ApplicationSetsArgs {
  readonly owner: Ownership;
  readonly image: string;
  /** What tenants may have applied, and so what is deleted with an Application. */
  readonly kinds: readonly ManagedKind[];
}

/**
 * Makes what has Argo CD make Applications of files, and the role by which it deletes what they applied.
 *
 * @returns what must be there before an ApplicationSet.
 */
export function argocdApplicationSets(
  objects: ArgocdObjects,
  { owner, image, kinds }: ApplicationSetsArgs,
  options: { readonly parent: pulumi.Resource; readonly dependsOn: readonly pulumi.Resource[] },
): readonly pulumi.Resource[] {
  const { parent } = options;
  const name = "terp-argocd-applications";
  const matchResources = {
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": argocdNamespace } },
  };
  const bound = admissionPolicy({ owner, name, spec: withoutDeletionHooks, matchResources }, parent);
  const remover = new kubernetes.rbac.v1.ClusterRole(
    logicalName("ClusterRole", removerRole),
    { metadata: metadata(owner, { name: removerRole }), rules: removerRules(kinds) },
    { parent },
  );
  const within = { parent, dependsOn: [...options.dependsOn] };
  const account = objects.account(applicationSetController, within);
  const rights = objects.role(applicationSetController, applicationSetRules, within);
  const controller = objects.deployment(applicationSetController, applicationSetPod(image), {
    parent,
    dependsOn: [...options.dependsOn, account, ...rights, bound],
  });
  return [remover, controller];
}
