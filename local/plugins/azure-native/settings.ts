import type { ConfigureRequest } from "../server/provider";

/** What a provider of Azure is told. */
export interface Settings {
  readonly subscription: string;
  readonly tenant: string;
  /** Of who signs in. */
  readonly client: string;
  readonly location?: string | undefined;
  /** The address of a double of Azure on this machine; absent where there is nothing to make resources in. */
  readonly double?: string | undefined;
}

/** Stands for an identifier that nobody gave: nothing is asked of Azure, so that none is needed. */
const nobody = "00000000-0000-0000-0000-000000000000";

/** The settings of a provider: its own, the stack's, then those of the environment, by the official plugin's names. */
export function settingsOf(
  { args, variables }: ConfigureRequest,
  environment: NodeJS.ProcessEnv = process.env,
): Settings {
  const setting = (name: string, variable: string): string | undefined => {
    const own = args[name];
    const given = typeof own === "string" ? own : variables[`azure-native:config:${name}`];
    const value = given ?? environment[variable];
    return value === "" ? undefined : value;
  };
  return {
    subscription: setting("subscriptionId", "ARM_SUBSCRIPTION_ID") ?? nobody,
    tenant: setting("tenantId", "ARM_TENANT_ID") ?? nobody,
    client: setting("clientId", "ARM_CLIENT_ID") ?? nobody,
    location: setting("location", "ARM_LOCATION"),
    double: environment["TERP_AZURE_DOUBLE"],
  };
}
