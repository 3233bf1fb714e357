import { azureNames, vaultUrl } from "../../infra/azure/names";
import type { PlatformConfig } from "../../infra/config";

/** The container in the state's account, and the key in the vault that encrypts the secrets of the state. */
export const stateContainer = "state";
export const stateKey = "state";

/** Where a stack's state is, and what encrypts the secrets in it. */
export interface Backend {
  /** As in `PULUMI_BACKEND_URL`. */
  readonly url: string;
  /** As in `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
}

/**
 * The backend that a stack in Azure has, unless somebody chose another one: by `PULUMI_BACKEND_URL`, or Pulumi Cloud by
 * `PULUMI_ACCESS_TOKEN`.
 *
 * @returns undefined where the user's own settings decide.
 */
export function backendOf(
  { azure, environment }: Pick<PlatformConfig, "azure" | "environment">,
  variables: NodeJS.ProcessEnv,
): Backend | undefined {
  const isChosen = ["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"].some((name) => variables[name]);
  if (azure === undefined || isChosen) return undefined;
  const { stateAccount, vault } = azureNames(azure, environment).keep;
  return {
    url: `azblob://${stateContainer}?storage_account=${stateAccount}`,
    secretsProvider: `azurekeyvault://${new URL(vaultUrl(vault)).host}/keys/${stateKey}`,
  };
}
