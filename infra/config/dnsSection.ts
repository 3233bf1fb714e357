import { z } from "zod";
import { help } from "./help";

/** Where the platform's DNS zones are, and by which rights their records are written. */
export type DnsConfig = AzureDns | Route53Dns | OwnDns;

/** Zones of Azure DNS, by workload identity: https://learn.microsoft.com/azure/aks/workload-identity-overview */
export interface AzureDns {
  readonly kind: "azure-dns";
  /** The zones, each by its name. Nothing outside of them is written. */
  readonly zones: readonly string[];
  /** The directory (tenant) that the subscription belongs to, by its id. */
  readonly tenant: string;
  readonly subscription: string;
  readonly resourceGroup: string;
  /** Client ids of managed identities that may write the zones' records. */
  readonly identities: DnsWriters;
}

/** Zones of Route 53, by roles that service accounts take on. */
export interface Route53Dns {
  readonly kind: "route53";
  /** The zones, each by its name. Nothing outside of them is written. */
  readonly zones: readonly string[];
  readonly region: string;
  /** ARNs of roles that may write the zones' records. */
  readonly roles: DnsWriters;
}

/** The zone that the section `azure` makes, by identities that it makes. */
export interface OwnDns {
  readonly kind: "own";
}

/** Who writes records, each with rights of its own. */
export interface DnsWriters {
  /** external-dns: hosts' addresses. */
  readonly records: string;
  /** cert-manager: answers to ACME's DNS01 challenges. Needed where those are asked for. */
  readonly certificates?: string | undefined;
}

const zone = z
  .string()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/)
  .register(help, {
    expected: "a zone's name of at least two parts, in lower case, without a dot at the end",
    example: "dev.example.org",
  });
const zones = z.array(zone).min(1);

const uuid = (what: string): z.ZodString =>
  z
    .string()
    .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
    .register(help, {
      expected: `${what}: a UUID in lower case`,
      example: "00000000-0000-4000-8000-000000000000",
    });

const role = z
  .string()
  .regex(/^arn:aws[a-z-]*:iam::[0-9]{12}:role\/\S+$/)
  .register(help, { expected: "a role's ARN", example: "arn:aws:iam::123456789012:role/terp-dev-dns" });

/** The section `dns`. */
export const dns = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("azure-dns"),
      zones,
      tenant: uuid("the directory's id"),
      subscription: uuid("the subscription's id"),
      // Azure's rule for names of resource groups.
      resourceGroup: z
        .string()
        .regex(/^[A-Za-z0-9_().-]{0,89}[A-Za-z0-9_()-]$/)
        .register(help, { expected: "the name of the zones' resource group", example: "terp-dev-dns" }),
      identities: z.strictObject({
        records: uuid("a managed identity's client id"),
        certificates: uuid("a managed identity's client id").optional(),
      }),
    }),
    z.strictObject({
      kind: z.literal("route53"),
      zones,
      region: z
        .string()
        .regex(/^[a-z]{2}(-[a-z]+)+-[0-9]$/)
        .register(help, { expected: "a region of AWS", example: "eu-west-1" }),
      roles: z.strictObject({ records: role, certificates: role.optional() }),
    }),
    z.strictObject({ kind: z.literal("own") }),
  ])
  .optional();

/** Who may write records, by what for. */
export function writersOf(config: AzureDns | Route53Dns): DnsWriters {
  return config.kind === "azure-dns" ? config.identities : config.roles;
}
