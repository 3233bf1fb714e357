import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** The option of `pulumi stack init` that makes a stack keep its key in the vault. */
export const secretsProvider = "hashivault://scenarios";

const mark = "vault:v1:";

/** Who keeps the stacks' keys during a run. */
export interface Vault {
  /** What the engine needs to find it. */
  readonly environment: NodeJS.ProcessEnv;
  readonly close: () => void;
}

/**
 * Starts what stands in for a HashiCorp Vault: it "encrypts" by a mark in front. The key of a passphrase would take each
 * of hundreds of commands a quarter of a second to derive, and what a scenario's state holds is no secret.
 */
export async function startVault(): Promise<Vault> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { plaintext, ciphertext } = JSON.parse(body) as { plaintext?: string; ciphertext?: string };
      const data =
        plaintext === undefined
          ? { plaintext: ciphertext?.slice(mark.length) }
          : { ciphertext: `${mark}${plaintext}` };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ data }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  const close = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { environment: { VAULT_SERVER_URL: address, VAULT_SERVER_TOKEN: "none" }, close };
}

/** The key that the engine had encrypted, from what a stack's state says of its secrets' provider. */
export function keyOf(encrypted: string): Buffer {
  const ciphertext = Buffer.from(encrypted, "base64").toString("utf8");
  return Buffer.from(ciphertext.slice(mark.length), "base64");
}
