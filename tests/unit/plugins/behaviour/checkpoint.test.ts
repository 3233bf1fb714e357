import assert from "node:assert/strict";
import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { CheckpointReader } from "../../../engine/plugin-behaviour/checkpoint";
import { startVault } from "../../../engine/plugin-behaviour/vault";

const signature = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

function sealed(key: Buffer, text: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const bytes = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${bytes.toString("base64")}`;
}

/** Asks the vault as the engine does. */
async function ask(address: string, verb: string, body: Record<string, string>): Promise<string> {
  const init = { method: "PUT", body: JSON.stringify(body) };
  const answer = await fetch(`${address}/v1/transit/${verb}/scenarios`, init);
  const { data } = (await answer.json()) as { data: Record<string, string> };
  return Object.values(data)[0] ?? "";
}

describe("reading a stack's state", () => {
  let directory = "";
  before(async () => (directory = await mkdtemp(path.join(os.tmpdir(), "checkpoint-test-"))));
  after(() => rm(directory, { recursive: true }));

  it("opens secrets, also those inside of others, with the key that the vault keeps", async () => {
    const vault = await startVault();
    const address = vault.environment["VAULT_SERVER_URL"] ?? "";
    const key = randomBytes(32);
    const plaintext = key.toString("base64");
    const ciphertext = await ask(address, "encrypt", { plaintext });
    assert.equal(await ask(address, "decrypt", { ciphertext }), plaintext);
    vault.close();

    const inner = { ...signature, ciphertext: '"inside"' };
    const outer = { ...signature, ciphertext: sealed(key, JSON.stringify({ a: 1, inner })) };
    const state = { encryptedkey: Buffer.from(ciphertext).toString("base64") };
    const latest = { secrets_providers: { state }, resources: [{ urn: "u", type: "t", outputs: { outer } }] };
    const file = path.join(directory, "s.json");
    await writeFile(file, JSON.stringify({ checkpoint: { latest } }));

    const opened = { a: 1, inner: { ...signature, plaintext: '"inside"' } };
    assert.deepEqual(await new CheckpointReader(file).resources(), [
      { urn: "u", type: "t", outputs: { outer: { ...signature, plaintext: JSON.stringify(opened) } } },
    ]);
  });

  it("finds nothing before there is a state", async () => {
    assert.deepEqual(await new CheckpointReader(path.join(directory, "none.json")).resources(), []);
  });
});
