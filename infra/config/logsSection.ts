import { z } from "zod";
import { help } from "./help";

/** Where lines are kept and for how long. */
export interface LogsConfig {
  readonly storage: LogsStorage;
  /** Days, by the tenants' size, and for the platform's own lines. */
  readonly retention: {
    readonly small: number;
    readonly medium: number;
    readonly large: number;
    readonly platform: number;
  };
}

/**
 * A volume for one replica of Loki, or a cloud's store for several, which they reach by an identity and no secret. `own` is the store
 * that the section `azure` makes, with the identity that it makes.
 */
export type LogsStorage =
  | {
      readonly kind: "volume";
      /** In GiB. */ readonly size: number;
      readonly storageClass?: string | undefined;
    }
  | {
      readonly kind: "azure-blob";
      readonly account: string;
      readonly container: string;
      /** The client id of a managed identity. */
      readonly clientId: string;
      readonly replicas: number;
    }
  | {
      readonly kind: "s3";
      readonly bucket: string;
      readonly region: string;
      /** The ARN of a role. */
      readonly role: string;
      readonly replicas: number;
    }
  | { readonly kind: "own"; readonly replicas: number };

const days = (byDefault: number): z.ZodDefault<z.ZodInt> =>
  z
    .int()
    .min(1)
    .max(3650)
    .register(help, { expected: "a whole number of days from 1 to 3650", example: String(byDefault) })
    .default(byDefault);

const text = (pattern: RegExp, expected: string, example: string): z.ZodString =>
  z.string().regex(pattern).register(help, { expected, example });

const replicas = z
  .int()
  .min(2)
  .max(20)
  .register(help, { expected: "a whole number from 2 to 20", example: "3" })
  .default(3);

const storage = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("volume"),
      size: z
        .int()
        .min(1)
        .max(65536)
        .register(help, { expected: "a whole number of GiB from 1 to 65536", example: "50" })
        .default(10),
      storageClass: text(
        /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
        "the name of a StorageClass",
        "managed-csi",
      ).optional(),
    }),
    z.strictObject({
      kind: z.literal("azure-blob"),
      account: text(
        /^[a-z0-9]{3,24}$/,
        "a storage account's name: 3 to 24 lower-case letters and digits",
        "terplogs",
      ),
      container: text(
        /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
        "a container's name: 3 to 63 lower-case letters, digits and single dashes",
        "loki",
      ),
      clientId: text(
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        "the client id of a managed identity, in lower case",
        "0a1b2c3d-0000-4000-8000-000000000000",
      ),
      replicas,
    }),
    z.strictObject({
      kind: z.literal("s3"),
      bucket: text(/^(?=.{3,63}$)[a-z0-9][a-z0-9.-]*[a-z0-9]$/, "a bucket's name", "terp-logs"),
      region: text(/^[a-z]{2}(-[a-z]+)+-[0-9]$/, "a region of AWS", "eu-west-1"),
      role: text(
        /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/.+$/,
        "the ARN of a role",
        "arn:aws:iam::123456789012:role/terp-logs",
      ),
      replicas,
    }),
    z.strictObject({ kind: z.literal("own"), replicas }),
  ])
  .default({ kind: "volume", size: 10 });

/** The section `logs`. Where it is left out, nothing is collected. */
export const logs = z
  .strictObject({
    storage,
    retention: z
      .strictObject({ small: days(7), medium: days(14), large: days(30), platform: days(14) })
      .default({ small: 7, medium: 14, large: 30, platform: 14 }),
  })
  .optional();
