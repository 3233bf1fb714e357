import { Sdk, type Kind } from "../../local/plugins/azure-native/sdk";

/** The SDK of this checkout. */
export const sdk = Sdk.find([__dirname]);

/** A kind by module and name, e.g. `network:Subnet`. */
export function aKind(name: string): Kind {
  return sdk.kind(`azure-native:${name}`);
}
