import { z } from "zod";

import { codeOwner } from "../codeOwner";
import { help, homePath } from "./help";

/** What applies tenants' repositories. */
export type Engine = "flux" | "argocd";

/** What there is to apply tenants' repositories with. Flux is always there: it brings keys and Secrets whichever engine applies the rest. */
export interface GitopsConfig {
  /** One engine for all tenants, or both: then a tenant has Flux unless it is given the other. */
  readonly engine: Engine | "both";
  readonly crds: ArgocdCrds;
  /** Whether tenants may have Argo CD make their services from small files: one program more. @default false */
  readonly services: boolean;
  /** Who answers for the platform repository, as the Git host writes them: written into its `CODEOWNERS` once. @default nobody */
  readonly codeOwners: readonly string[];
}

/** Argo CD's definitions: from its module (the embedded cluster), a release's file, or there already. */
export type ArgocdCrds =
  | { readonly kind: "own" }
  | { readonly kind: "release"; readonly file: string }
  | { readonly kind: "installed" };

/** The section `gitops`. */
export const gitops = z.strictObject({
  engine: z
    .union([z.literal("flux"), z.literal("argocd"), z.literal("both")])
    .register(help, { expected: "flux, argocd or both", example: "both" })
    .default("flux"),
  crds: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("own") }),
      z.strictObject({ kind: z.literal("release"), file: homePath("~/terp/argocd/install.yaml") }),
      z.strictObject({ kind: z.literal("installed") }),
    ])
    .default({ kind: "own" }),
  services: z.boolean().register(help, { expected: "true or false", example: "true" }).default(false),
  codeOwners: z
    .array(
      z.string().regex(codeOwner).register(help, {
        expected: "an account or a team of the Git host's, with its @",
        example: "@acme/platform",
      }),
    )
    .default([]),
});

/** Whether Argo CD is among what an environment has. */
export function hasArgocd({ engine }: Pick<GitopsConfig, "engine">): boolean {
  return engine !== "flux";
}
