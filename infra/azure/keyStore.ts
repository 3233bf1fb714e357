import type { AzureConfig } from "../config/azureSection";
import type { KeyVaultStoreReference } from "../keys/store";
import { azureNames, vaultUrl } from "./names";

/** Where the platform's key of an environment in Azure is backed up: the vault that outlives the stack. */
export function platformKeyStore(azure: AzureConfig, environment: string): KeyVaultStoreReference {
  return { kind: "azure-key-vault", url: vaultUrl(azureNames(azure, environment).keep.vault) };
}
