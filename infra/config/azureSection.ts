import { z } from "zod";

import { ipv4Range, uuid } from "./azureSettings";
import { help } from "./help";

/** Where in Azure an environment lives, and what it has there beside its cluster. Names are made by a rule from these settings. */
export interface AzureConfig {
  /** Id of the Entra ID directory, which Azure also calls tenant. */
  readonly directory: string;
  /** Id of the subscription in which everything is made. */
  readonly subscription: string;
  /** Azure's name of the region, e.g. `westeurope`. */
  readonly location: string;
  /** What all names begin with. */
  readonly organisation: string;
  readonly keep: AzureKeep;
  readonly network: AzureNetwork;
  /** The platform's DNS zone. Absent where none is made. */
  readonly dns?: { readonly zone: string } | undefined;
  /** Resource id of the Azure Container Registry that nodes may pull from. Absent where there is none. */
  readonly registry?: string | undefined;
  /**
   * How often Azure keeps the data of logs and backups: thrice in one building, in three zones, or that and in another region.
   *
   * @default "ZRS"
   */
  readonly replication: "LRS" | "ZRS" | "GRS" | "GZRS";
  /**
   * How long what Azure tells of the cluster and the stores is kept, in days.
   *
   * @default 30
   */
  readonly diagnosticsDays: number;
  /**
   * Tags of everything, beside those that say whose it is.
   *
   * @default none
   */
  readonly tags: Readonly<Record<string, string>>;
  /**
   * Whether what holds data may be deleted: no locks, and no protection in the stack. For an environment on trial, and before the
   * end of any.
   *
   * @default false
   */
  readonly disposable: boolean;
}

/** What `terp init` made, which outlives every stack. */
export interface AzureKeep {
  /** @default a name by rule */
  readonly resourceGroup?: string | undefined;
  /**
   * The vault with the platform's key.
   *
   * @default a name by rule
   */
  readonly vault?: string | undefined;
  /**
   * Object id of the Entra ID group whose members may read the keys of the platform and of its private CA in an emergency,
   * and the copies of tenants' sealed keys.
   *
   * @default nobody beside the pipeline
   */
  readonly breakGlass?: string | undefined;
}

/** Ranges of addresses. The last two are known inside the cluster alone, and may be the same in every environment. */
export interface AzureNetwork {
  /**
   * The environment's own range, from `/16` to `/22`.
   *
   * @default "10.64.0.0/16"
   */
  readonly range: string;
  /**
   * Pods' addresses. Each node takes 256 of them.
   *
   * @default "10.244.0.0/16"
   */
  readonly pods: string;
  /** @default "10.96.0.0/16" */
  readonly services: string;
}

const networkDefaults = { range: "10.64.0.0/16", pods: "10.244.0.0/16", services: "10.96.0.0/16" };

/** The settings of {@link AzureConfig}. Its rules for names are those of Azure's documentation on each kind of resource. */
export const azure = z
  .strictObject({
    directory: uuid("the Entra ID directory"),
    subscription: uuid("the subscription"),
    location: z
      .string()
      .regex(/^[a-z]+[0-9]?$/)
      .register(help, { expected: "Azure's name of a region, in small letters", example: "westeurope" }),
    organisation: z
      .string()
      .regex(/^[a-z][a-z0-9]{1,9}$/)
      .register(help, {
        expected: "2 to 10 lower-case letters and digits, with a letter first",
        example: "example",
      }),
    keep: z
      .strictObject({
        resourceGroup: z
          .string()
          .regex(/^[\w().-]{0,89}[\w()-]$/)
          .register(help, { expected: "the name of a resource group", example: "example-dev-keep" })
          .optional(),
        vault: z
          .string()
          .regex(/^(?=.{3,24}$)[a-z](-?[a-z0-9])*$/)
          .register(help, {
            expected: "the name of a vault: 3 to 24 lower-case letters, digits and single dashes",
            example: "example-dev-keep",
          })
          .optional(),
        breakGlass: uuid("a group in Entra ID").optional(),
      })
      .default({}),
    network: z
      .strictObject({
        range: ipv4Range("10.64.0.0/16").default(networkDefaults.range),
        pods: ipv4Range("10.244.0.0/16").default(networkDefaults.pods),
        services: ipv4Range("10.96.0.0/16").default(networkDefaults.services),
      })
      .default(networkDefaults),
    dns: z
      .strictObject({
        zone: z
          .string()
          .regex(/^(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$/)
          .register(help, {
            expected: "a domain in small letters, without a dot at its end",
            example: "dev.example.org",
          }),
      })
      .optional(),
    registry: z
      .string()
      .regex(
        /^\/subscriptions\/[0-9a-fA-F-]{36}\/resourceGroups\/[\w().-]+\/providers\/Microsoft\.ContainerRegistry\/registries\/[A-Za-z0-9]{5,50}$/,
      )
      .register(help, {
        expected: "the resource id of an Azure Container Registry",
        example:
          "/subscriptions/1b4c7d2e-5f60-4a8b-9c3d-2e1f0a9b8c7d/resourceGroups/images/providers/Microsoft.ContainerRegistry/registries/example",
      })
      .optional(),
    replication: z.enum(["LRS", "ZRS", "GRS", "GZRS"]).default("ZRS"),
    diagnosticsDays: z
      .int()
      .min(30)
      .max(730)
      .register(help, { expected: "a whole number of days from 30 to 730", example: "30" })
      .default(30),
    tags: z
      .record(
        z
          .string()
          .regex(/^[^<>%&\\?/]{1,128}$/)
          .refine((name) => !name.startsWith("terp-"))
          .register(help, {
            expected: "1 to 128 characters other than <>%&\\?/, which don't begin with terp-",
            example: "cost-centre",
          }),
        z
          .string()
          .max(256)
          .register(help, { expected: "a text of at most 256 characters", example: "platform" }),
      )
      .default({}),
    disposable: z.boolean().register(help, { expected: "true or false", example: "true" }).default(false),
  })
  .optional();
