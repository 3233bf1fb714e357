import { z } from "zod";

import { ipv4Range, uuid } from "./azureSettings";
import { help } from "./help";
import { kubernetesVersion } from "./kubernetesVersion";

/** A cluster of Azure Kubernetes Service, made by this stack in what the section `azure` describes. */
export interface AksCluster {
  readonly kind: "aks";
  /** Kubernetes' minor version, e.g. `1.34`. Azure brings in its patches by itself. */
  readonly kubernetesVersion: string;
  /**
   * What Azure promises for the control plane: nothing, an availability, or that and two years of support for a version.
   *
   * @default "Standard"
   */
  readonly tier: "Free" | "Standard" | "Premium";
  /** Object ids of the Entra ID groups whose members may do everything in the cluster: operators, and the pipeline. */
  readonly administrators: readonly string[];
  /** Who may look at everything in the cluster and change nothing: pipelines that preview. */
  readonly readers: {
    /**
     * Object ids of managed identities and service principals.
     *
     * @default none
     */
    readonly identities: readonly string[];
    /**
     * Object ids of Entra ID groups.
     *
     * @default none
     */
    readonly groups: readonly string[];
  };
  readonly api: AksApi;
  /**
   * The availability zones over which nodes are spread. A region without zones has none.
   *
   * @default all three
   */
  readonly zones: readonly number[];
  /** The pool for Kubernetes' own parts; for everything where there is no other. */
  readonly system: AksPool;
  /** The pools for the platform and its tenants, by their names. */
  readonly pools: Readonly<Record<string, AksPool>>;
  readonly maintenance: AksMaintenance;
  /**
   * Which versions of Kubernetes Azure brings in by itself: patches of the one above, or none. A minor version is raised here.
   *
   * @default "patch"
   */
  readonly upgrades: "patch" | "none";
  /**
   * What this run may replace: `cluster`, or names of pools.
   *
   * @default nothing: a run that would is refused in its preview
   */
  readonly replace: readonly string[];
}

/** Who reaches the API server: these ranges of addresses, or nobody from outside the network. */
export type AksApi =
  { readonly kind: "public"; readonly ranges: readonly string[] } | { readonly kind: "private" };

/** Nodes that are alike. Azure adds and removes some as pods need them. */
export interface AksPool {
  /** A size of virtual machine that can encrypt at the host, e.g. `Standard_D4ads_v5`. */
  readonly size: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** The hours of a week in which Azure may upgrade the control plane and nodes. */
export interface AksMaintenance {
  /** @default "Sunday" */
  readonly day: (typeof days)[number];
  /**
   * When it begins, in UTC.
   *
   * @default 1
   */
  readonly hour: number;
  /**
   * How long it lasts, in hours. Azure asks for four or more.
   *
   * @default 6
   */
  readonly hours: number;
}

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

function wholeNumber(least: number, most: number, example: string): z.ZodInt {
  return z
    .int()
    .min(least)
    .max(most)
    .register(help, { expected: `a whole number from ${String(least)} to ${String(most)}`, example });
}

const poolName = z
  .string()
  .regex(/^[a-z][a-z0-9]{0,11}$/)
  .refine((name) => name !== "system" && name !== "cluster")
  .register(help, {
    expected: "at most 12 lower-case letters and digits, with a letter first, and neither system nor cluster",
    example: "general",
  });

const pool = z.strictObject({
  size: z
    .string()
    .regex(/^Standard_[A-Za-z0-9_-]+$/)
    .register(help, {
      expected: "a size of virtual machine in Azure's words",
      example: "Standard_D4ads_v5",
    }),
  minimum: wholeNumber(0, 1000, "1"),
  maximum: wholeNumber(1, 1000, "3"),
});

/** The settings of {@link AksCluster}. */
export const aksCluster = z.strictObject({
  kind: z.literal("aks"),
  kubernetesVersion,
  tier: z.enum(["Free", "Standard", "Premium"]).default("Standard"),
  administrators: z.array(uuid("a group in Entra ID")).min(1),
  readers: z
    .strictObject({
      identities: z.array(uuid("an identity in Entra ID")).default([]),
      groups: z.array(uuid("a group in Entra ID")).default([]),
    })
    .default({ identities: [], groups: [] }),
  api: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("public"),
      ranges: z.array(ipv4Range("192.0.2.0/24")).min(1).max(200),
    }),
    z.strictObject({ kind: z.literal("private") }),
  ]),
  zones: z.array(wholeNumber(1, 3, "1")).default([1, 2, 3]),
  system: pool,
  pools: z.record(poolName, pool),
  maintenance: z
    .strictObject({
      day: z.enum(days).default("Sunday"),
      hour: wholeNumber(0, 23, "1").default(1),
      hours: wholeNumber(4, 24, "6").default(6),
    })
    .default({ day: "Sunday", hour: 1, hours: 6 }),
  upgrades: z.enum(["patch", "none"]).default("patch"),
  replace: z
    .array(z.string().register(help, { expected: "cluster, or the name of a pool", example: "cluster" }))
    .default([]),
});
