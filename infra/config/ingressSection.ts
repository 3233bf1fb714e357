import { z } from "zod";
import { help, homePath } from "./help";

/** What brings requests from outside to applications: the Gateway API, ingress-nginx, or nothing of the platform's. */
export type IngressConfig = NoIngress | GatewayIngress | NginxIngress;

/** Requests from outside are somebody else's affair, or there are none. */
export interface NoIngress {
  readonly kind: "none";
}

/** What both kinds have in common. */
export interface IngressEntry {
  /** The domain below which the platform's own pages have their host names, e.g. `platform.example.org`. */
  readonly domain: string;
  /** What GatewayClass or IngressClass is called. */
  readonly class: string;
  /** How many pods answer, spread over nodes. */
  readonly replicas: number;
  /** How requests come in. Absent for the default: the embedded node's own address, elsewhere a load balancer. */
  readonly service?: IngressService | undefined;
}

/** The Gateway API, by Traefik. */
export interface GatewayIngress extends IngressEntry {
  readonly kind: "gateway";
  readonly crds: GatewayCrds;
  /** The ClusterIssuer of cert-manager's that makes the certificates. Absent where the platform's private CA does. */
  readonly issuer?: string | undefined;
}

/** ingress-nginx, by its chart. */
export interface NginxIngress extends IngressEntry {
  readonly kind: "nginx";
}

/** A load balancer that the cluster's cloud makes, with what that is told by annotations; or ports of every node. */
export type IngressService =
  | { readonly kind: "load-balancer"; readonly annotations: Readonly<Record<string, string>> }
  | { readonly kind: "node-port"; readonly http: number; readonly https: number };

/** The Gateway API's definitions: from its module (the embedded cluster), a release's file, or there already. */
export type GatewayCrds =
  | { readonly kind: "own" }
  | { readonly kind: "release"; readonly file: string }
  | { readonly kind: "installed" };

const domainLabel = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";

const domain = z
  .string()
  .max(200)
  .regex(new RegExp(`^(${domainLabel}\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`))
  .register(help, {
    expected:
      "a DNS name of at least two parts, without a wildcard: lower-case letters, digits and dashes, with dots between",
    example: "platform.example.org",
  });

const className = (byDefault: string): z.ZodDefault<z.ZodString> =>
  z
    .string()
    .max(63)
    .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/)
    .register(help, {
      expected: "at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends",
      example: byDefault,
    })
    .default(byDefault);

const replicas = z
  .int()
  .min(1)
  .max(20)
  .register(help, { expected: "a whole number from 1 to 20", example: "2" })
  .default(2);

const nodePort = (example: string): z.ZodInt =>
  z
    .int()
    .min(30000)
    .max(32767)
    .register(help, { expected: "a port of Kubernetes' range for nodes, from 30000 to 32767", example });

const service = z
  .discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("load-balancer"),
      annotations: z
        .record(
          z
            .string()
            .regex(/^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/)
            .register(help, {
              expected: "an annotation's name",
              example: "service.beta.kubernetes.io/azure-load-balancer-internal",
            }),
          z
            .string()
            .register(help, { expected: "a text, in quotes where it is a number or true", example: "true" }),
        )
        .default({}),
    }),
    z.strictObject({ kind: z.literal("node-port"), http: nodePort("30080"), https: nodePort("30443") }),
  ])
  .optional();

const crds = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("own") }),
    z.strictObject({
      kind: z.literal("release"),
      file: homePath("~/terp/gateway-api/standard-install.yaml"),
    }),
    z.strictObject({ kind: z.literal("installed") }),
  ])
  .default({ kind: "own" });

const issuer = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/)
  .register(help, { expected: "the name of a ClusterIssuer of cert-manager's", example: "letsencrypt" })
  .optional();

/** The section `ingress`. */
export const ingress = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("gateway"),
    domain,
    class: className("terp"),
    replicas,
    service,
    crds,
    issuer,
  }),
  z.strictObject({ kind: z.literal("nginx"), domain, class: className("nginx"), replicas, service }),
  z.strictObject({ kind: z.literal("none") }),
]);
