import type { TokenCredential } from "@azure/identity" with { "resolution-mode": "import" };
import { z } from "zod";
import { CommandError, exitCodes } from "../exit";

/** Who signs in to Azure. */
export interface SignedIn {
  readonly credential: TokenCredential;
  /** Object id. */
  readonly person: string;
}

const claims = z.object({ oid: z.string() });

/**
 * Signs in as whoever Azure's tools on this machine are signed in as.
 *
 * @param directory id of the Entra ID directory.
 * @throws CommandError if nobody is.
 */
export async function signIn(directory: string, signal: AbortSignal): Promise<SignedIn> {
  const { DefaultAzureCredential } = await import("@azure/identity");
  const credential = new DefaultAzureCredential({ tenantId: directory });
  try {
    const token = await credential.getToken("https://management.azure.com/.default", { abortSignal: signal });
    return { credential, person: objectIdIn(token.token) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CommandError) throw error;
    throw new CommandError(
      `signing in to Azure failed; expected one of: az login; a managed identity; AZURE_TENANT_ID and AZURE_CLIENT_ID with a secret\n` +
        `  remedy    type: az login --tenant ${directory}`,
      exitCodes.prerequisites,
    );
  }
}

/** Whose token it is: Azure looks at the signature, this only at the name. @throws CommandError if it has none. */
export function objectIdIn(token: string): string {
  try {
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    return claims.parse(JSON.parse(payload)).oid;
  } catch {
    throw new CommandError("signing in to Azure: its token names no object id; type: az login");
  }
}
