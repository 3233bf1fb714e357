import { createHash } from "node:crypto";

import type { AzureConfig } from "../config/azureSection";

/**
 * The names of all that an environment has in Azure. They follow from the configuration alone, so that a lost state finds
 * everything again, and `terp init` and the stack agree without telling each other. Lengths and letters are those of Azure's
 * naming rules; what must be unique in the world ends in eight characters that follow from the subscription and the environment.
 */
export interface AzureNames {
  /** `<organisation>-<environment>`: what the others begin with, and the cluster's own name. */
  readonly base: string;
  /** The group of all that the stack makes. */
  readonly resourceGroup: string;
  /** The group that Azure makes for the cluster's machines. */
  readonly nodeResourceGroup: string;
  /** The accounts with logs and with backups. Unique in the world. */
  readonly logsAccount: string;
  readonly backupsAccount: string;
  /** The vault with applications' secrets. Unique in the world. */
  readonly secretsVault: string;
  /** What `terp init` makes, and outlives the stack. */
  readonly keep: {
    readonly resourceGroup: string;
    /** The vault with the platform's key. Unique in the world. */
    readonly vault: string;
    /** The account with the stack's state. Unique in the world. */
    readonly stateAccount: string;
  };
}

/** The container for the lines that Loki keeps. */
export const logsContainer = "loki";

/** What names follow from. */
export type Named = Pick<AzureConfig, "organisation" | "subscription"> & {
  readonly keep?: AzureConfig["keep"];
};

/**
 * The names of an environment in Azure.
 *
 * @param azure the configuration's section; its `keep` may give other names than the rule does.
 * @param environment the stack's name, at most 30 characters.
 */
export function azureNames(azure: Named, environment: string): AzureNames {
  const base = `${azure.organisation}-${environment}`;
  const suffix = uniqueSuffix(azure.subscription, base);
  return {
    base,
    resourceGroup: base,
    nodeResourceGroup: `${base}-nodes`,
    logsAccount: accountName(base, "logs", suffix),
    backupsAccount: accountName(base, "backups", suffix),
    secretsVault: vaultName(base, "apps", suffix),
    keep: {
      resourceGroup: azure.keep?.resourceGroup ?? `${base}-keep`,
      vault: azure.keep?.vault ?? vaultName(base, "keep", suffix),
      stateAccount: accountName(base, "state", suffix),
    },
  };
}

/** The URL of a vault in Azure's public cloud. */
export function vaultUrl(vault: string): string {
  return `https://${vault}.vault.azure.net`;
}

/** 3 to 24 lower-case letters and digits. */
function accountName(base: string, purpose: string, suffix: string): string {
  const begin = base.replaceAll("-", "").slice(0, 24 - purpose.length - suffix.length);
  return `${begin}${purpose}${suffix}`;
}

/** 3 to 24 letters, digits and single dashes, with a letter first. */
function vaultName(base: string, purpose: string, suffix: string): string {
  const end = `-${purpose}-${suffix}`;
  const begin = base
    .replace(/-{2,}/g, "-")
    .slice(0, 24 - end.length)
    .replace(/-$/, "");
  return `${begin}${end}`;
}

function uniqueSuffix(subscription: string, base: string): string {
  const letters = "abcdefghijklmnopqrstuvwxyz234567";
  const digest = createHash("sha256").update(`${subscription.toLowerCase()}/${base}`).digest();
  return [...digest.subarray(0, 8)].map((byte) => letters[byte % letters.length] ?? "").join("");
}
