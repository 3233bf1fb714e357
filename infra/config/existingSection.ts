import { z } from "zod";

import { help, homePath } from "./help";
import { kubernetesVersion } from "./kubernetesVersion";

/** A cluster that somebody else made. */
export interface ExistingCluster {
  readonly kind: "existing";
  /** What the cluster is called. It identifies the cluster: another name means another cluster, and everything in it anew. */
  readonly name: string;
  /** Kubernetes' minor version, e.g. `1.34`: the rules for pods are held at it until it is raised here. */
  readonly kubernetesVersion: string;
  readonly kubeconfig: KubeconfigSource;
  /** Who the kubeconfig's credentials are, as the cluster knows them: these alone set the labels that say whose an object is. */
  readonly deployers: {
    /** @default ["system:masters"], unless the setting is there */
    readonly groups: readonly string[];
    /** @default none */
    readonly users: readonly string[];
  };
  /** Who may look at everything in the cluster and change nothing: with their kubeconfig a preview runs, and no more than that. */
  readonly readers: {
    /** @default none */
    readonly groups: readonly string[];
    /** @default none */
    readonly users: readonly string[];
  };
  /**
   * What the check up front may find missing.
   *
   * @default nothing
   */
  readonly accept: readonly ClusterNeed[];
  /**
   * How it is seen that NetworkPolicies are applied: by the name of what applies them, or by packets between pods that each run
   * makes for it and deletes again. A preview makes none, and then says nothing of policies.
   *
   * @default "names"
   */
  readonly policyCheck: "names" | "packets";
}

/** What the platform needs of a cluster and a person may answer for; all else it needs is never forgone. */
export type ClusterNeed = (typeof clusterNeeds)[number];

/** All that {@link ExistingCluster.accept} may have. */
export const clusterNeeds = ["network-policy", "storage-class", "load-balancer", "oidc-login"] as const;

/**
 * A kubeconfig in a file, as the stack's secret `kubeconfig`, or an output of another stack; in each, the named context or the
 * current one.
 */
export type KubeconfigSource =
  | { readonly kind: "file"; readonly path: string; readonly context?: string | undefined }
  | { readonly kind: "secret"; readonly context?: string | undefined }
  | {
      readonly kind: "stack";
      /** The other stack's whole name: `organisation/project/stack`. */
      readonly stack: string;
      /** @default "kubeconfig" */
      readonly output: string;
      readonly context?: string | undefined;
    };

const context = z
  .string()
  .min(1)
  .register(help, { expected: "the name of a context in that kubeconfig", example: "production" })
  .optional();

const kubeconfig = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("file"), path: homePath("~/.kube/config"), context }),
  z.strictObject({ kind: z.literal("secret"), context }),
  z.strictObject({
    kind: z.literal("stack"),
    stack: z
      .string()
      .regex(/^[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+\/[A-Za-z0-9_.-]+$/)
      .register(help, {
        expected: "the whole name of another stack, organisation/project/stack",
        example: "organization/clusters/prd",
      }),
    output: z
      .string()
      .min(1)
      .register(help, { expected: "the name of an output of that stack", example: "kubeconfig" })
      .default("kubeconfig"),
    context,
  }),
]);

/** Groups or users by their names in the cluster. */
function names(example: string): z.ZodDefault<z.ZodArray<z.ZodString>> {
  const name = z
    .string()
    .min(1)
    .refine((text) => !["system:authenticated", "system:unauthenticated", "system:anonymous"].includes(text))
    .register(help, { expected: "a name that isn't everybody's, as kubectl auth whoami shows it", example });
  return z.array(name).default([]);
}

/** The settings of {@link ExistingCluster}. */
export const existingCluster = z.strictObject({
  kind: z.literal("existing"),
  name: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .register(help, {
      expected: "at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends",
      example: "production",
    }),
  kubernetesVersion,
  kubeconfig,
  deployers: z
    .strictObject({ groups: names("platform-operators"), users: names("deployer@example.org") })
    .default({ groups: ["system:masters"], users: [] }),
  readers: z
    .strictObject({ groups: names("platform-previewers"), users: names("previewer@example.org") })
    .default({ groups: [], users: [] }),
  accept: z
    .array(
      z
        .enum(clusterNeeds)
        .register(help, { expected: `one of ${clusterNeeds.join(", ")}`, example: "load-balancer" }),
    )
    .default([]),
  policyCheck: z.enum(["names", "packets"]).default("names"),
});
