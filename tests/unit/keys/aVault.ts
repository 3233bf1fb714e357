import { strict as assert } from "node:assert";
import { type AgeKeyPair, formatKeyFile } from "../../../infra/keys/age";
import { keyFiles } from "../../../infra/keys/form";
import { KeyVaultStore } from "../../../infra/keys/keyVaultStore";
import { aFolder } from "../../support/folders";
import { KeyVaultDouble } from "../../support/keyVaultDouble";
import type { Version, VersionChange } from "../../support/keyVault/vault";

/** Long enough for the double, which answers at once. */
export const limits = { read: 8_000, change: 8_000, request: 2_000, settle: 40, pause: 20 };

/** What a version that Terp wrote holds, for somebody who writes one by hand. */
export function asWritten(
  key: AgeKeyPair,
  tags: Readonly<Record<string, string>> = {},
): VersionChange & { readonly value: string } {
  return { value: formatKeyFile(key), tags: { "terp-recipient": key.recipient, ...tags } };
}

/** A vault for each test of the suite, and a store on it. */
export interface TestVault {
  readonly double: KeyVaultDouble;
  /** A folder that is gone after the test. */
  readonly folder: { readonly path: string };
  /** A store of a stack, which is `dev` unless told. */
  readonly store: (changes?: Partial<typeof limits>, stack?: string) => KeyVaultStore<AgeKeyPair>;
  /** The message of what stops some work: one line that names the place, without key or token. */
  readonly fault: (work: Promise<unknown>, ...keys: readonly AgeKeyPair[]) => Promise<string>;
  readonly versions: () => readonly Version[];
  readonly enabled: () => readonly Version[];
}

/** A vault for each test of the suite, whose credentials are in the environment. Call it in `describe`. */
export function aVault(): TestVault {
  const folder = aFolder();
  const kept = { ...process.env };
  let double: KeyVaultDouble;

  beforeEach(async () => {
    double = await KeyVaultDouble.start();
    Object.assign(process.env, double.credentials);
  });
  afterEach(async () => {
    await double.close();
    for (const name of Object.keys(process.env))
      if (!(name in kept)) Reflect.deleteProperty(process.env, name);
    Object.assign(process.env, kept);
  });

  const versions = (): readonly Version[] => double.vault.secrets.get("platform")?.versions ?? [];
  return {
    get double() {
      return double;
    },
    folder,
    store: (changes = {}, stack = "dev") =>
      new KeyVaultStore({ kind: "azure-key-vault", url: double.url, stack }, keyFiles, {
        connection: { agent: double.agent },
        limits: { ...limits, ...changes },
      }),
    fault: async (work, ...keys) => {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof Error, "it was accepted");
      const { message } = error;
      assert.ok(message.startsWith(`Azure Key Vault ${double.url}, secret "platform": `), message);
      assert.ok(!message.includes("\n"), message);
      const secrets = [...keys.map(({ identity }) => identity), ...double.tokens, double.identity.secret];
      for (const secret of secrets) assert.ok(!message.includes(secret), message);
      return message;
    },
    versions,
    enabled: () => versions().filter((each) => each.enabled),
  };
}
