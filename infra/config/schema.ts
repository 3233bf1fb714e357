import { z } from "zod";
import type { ChartSource } from "../charts/chart";
import type { ClusterConfig, FluxConfig, KeysConfig, TenantsConfig } from "../config";
import { isVaultUrl } from "../keys/store";
import { aksCluster } from "./aksSection";
import { azure, type AzureConfig } from "./azureSection";
import { existingCluster } from "./existingSection";
import { certificates, type CertificatesConfig } from "./certificatesSection";
import { charts } from "./chartsSection";
import { dns, type DnsConfig } from "./dnsSection";
import { gitSection, type GitConfig } from "./gitSection";
import { gitops, type GitopsConfig } from "./gitopsSection";
import { grafana, type GrafanaConfig } from "./grafanaSection";
import { help, homePath } from "./help";
import { knownHosts } from "./knownHosts";
import { logs, type LogsConfig } from "./logsSection";
import { ingress, type IngressConfig } from "./ingressSection";
import { clientSecrets, oidc, type OidcConfig } from "./oidcSection";

const registries = z.record(
  z
    .string()
    .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?$/)
    .register(help, { expected: "a registry's host, without https://", example: "docker.io" }),
  z.url({ protocol: /^https?$/ }).register(help, {
    expected: "a URL that starts with https:// or http://",
    example: "https://mirror.example.org",
  }),
);

const cluster = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("local"), registries: registries.default({}) }),
  aksCluster,
  existingCluster,
]);

const flux = z.strictObject({
  manifests: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("own") }),
      z.strictObject({
        kind: z.literal("release"),
        file: homePath("~/terp/flux/install.yaml"),
        version: z
          .string()
          .regex(/^v2\.[0-9]+\.[0-9]+$/)
          .register(help, { expected: "a release of Flux 2, with its v", example: "v2.7.5" }),
      }),
    ])
    .default({ kind: "own" }),
  concurrency: z
    .int()
    .min(1)
    .max(100)
    .register(help, { expected: "a whole number from 1 to 100", example: "8" })
    .default(8),
  interval: z
    .string()
    .regex(/^[1-9][0-9]*(s|m|h)$/)
    .register(help, { expected: 'a whole number with its unit: "s", "m" or "h"', example: "1m" })
    .default("1m"),
});

const keys = z.strictObject({
  store: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("file"), folder: homePath("~/terp/keys") }),
      z.strictObject({
        kind: z.literal("azure-key-vault"),
        url: z.string().refine(isVaultUrl).register(help, {
          expected:
            "the URL of a vault in Azure Key Vault: https://, its name of 3 to 24 lower-case letters, digits and single dashes, and .vault.azure.net (or .vault.azure.cn, .vault.usgovcloudapi.net)",
          example: "https://terp-dev.vault.azure.net",
        }),
      }),
    ])
    .optional(),
  recipient: z
    .string()
    .regex(/^age1[02-9ac-hj-np-z]{58}$/)
    .register(help, {
      expected: "an age recipient: age1 and 58 more characters",
      example: "age1…",
    })
    .optional(),
});

const tenants = z.strictObject({
  exports: homePath("~/terp/exports").optional(),
  charts: z.boolean().register(help, { expected: "true or false", example: "true" }).default(false),
  knownHosts: knownHosts.optional(),
});

const environment = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/)
  .register(help, {
    expected: "the name of the environment that this stack rehearses",
    example: "local",
  })
  .optional();

/** The sections of a stack's configuration. The types say what comes out of each. */
export const schemas = {
  cluster,
  azure,
  git: gitSection,
  flux,
  gitops,
  keys,
  tenants,
  oidc,
  logs,
  ingress,
  grafana,
  charts,
  certificates,
  dns,
  environment,
} satisfies {
  readonly cluster: z.ZodType<ClusterConfig>;
  readonly azure: z.ZodType<AzureConfig | undefined>;
  readonly git: z.ZodType<GitConfig>;
  readonly flux: z.ZodType<FluxConfig>;
  readonly gitops: z.ZodType<GitopsConfig>;
  readonly keys: z.ZodType<KeysConfig>;
  readonly tenants: z.ZodType<TenantsConfig>;
  readonly oidc: z.ZodType<OidcConfig | undefined>;
  readonly logs: z.ZodType<LogsConfig | undefined>;
  readonly ingress: z.ZodType<IngressConfig>;
  readonly grafana: z.ZodType<GrafanaConfig | undefined>;
  readonly charts: z.ZodType<ChartSource>;
  readonly certificates: z.ZodType<CertificatesConfig | undefined>;
  readonly dns: z.ZodType<DnsConfig | undefined>;
  readonly environment: z.ZodType<string | undefined>;
};

/** Sections that may be left out. */
export const defaults: Partial<Record<keyof typeof schemas, string>> = {
  git: '{"kind":"gitea"}',
  flux: "{}",
  gitops: "{}",
  keys: "{}",
  tenants: "{}",
  ingress: '{"kind":"none"}',
  charts: "{}",
};

/** Settings that are kept encrypted, and are read beside the schema. */
export const secretSettings: readonly string[] = ["kubeconfig", clientSecrets, "gitToken"];
