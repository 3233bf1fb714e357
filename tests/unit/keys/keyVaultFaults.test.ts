import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeKeyPair } from "../../../infra/keys/age";
import { keyFiles } from "../../../infra/keys/form";
import { KeyVaultStore } from "../../../infra/keys/keyVaultStore";
import { objectId } from "../../support/keyVaultDouble";
import { FailingAgent } from "../../support/keyVault/ways";
import { aVault, asWritten, limits } from "./aVault";

describe("the Key Vault store, where something fails", () => {
  const at = aVault();

  describe("where it isn't allowed to", () => {
    const cases = [
      [
        "list",
        "inspect",
        /listing the versions of the secret is refused .* role "Key Vault Secrets User" on that/,
      ],
      ["get", "get", /reading the secret is refused .* role "Key Vault Secrets User" on that secret/],
      [
        "getDeleted",
        "inspect",
        /looking whether the secret was deleted is refused .* "Key Vault Secrets Officer"/,
      ],
      ["set", "put", /writing the secret is refused .* role "Key Vault Secrets Officer" on that secret/],
    ] as const;
    for (const [operation, asked, message] of cases) {
      it(`says which role is missing: ${operation}`, async () => {
        const key = await makeKeyPair();
        if (operation === "get") at.double.vault.set("platform", asWritten(key));
        at.double.denied.set(operation, "role");
        const work = {
          inspect: async () => at.store().inspect("platform"),
          get: async () => at.store().get("platform"),
          put: async () => at.store().putIfAbsent("platform", key),
        }[asked];
        const text = await at.fault(work(), key);
        assert.match(text, message);
        assert.ok(text.includes(`(403, ForbiddenByRbac) to the identity with object id ${objectId}`), text);
        assert.ok(text.includes(`--assignee ${objectId} --role "Key Vault Secrets `), text);
        assert.ok(text.includes(`/secrets/platform"`), text);
      });
    }

    it("says which permission is missing in a vault with access policies", async () => {
      at.double.denied.set("list", "policy");
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /\(403, AccessDenied\).* permission "list" for secrets; type: az keyvault set-policy --name terp-test --object-id 1/,
      );
    });

    it("tells a firewall from a missing role", async () => {
      at.double.denied.set("list", "firewall");
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /the vault's firewall refuses this machine .* az keyvault network-rule add --name terp-test --ip-address 192\.0\.2\.7$/,
      );
      at.double.denied.set("list", "connection");
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /is closed to public networks .* private endpoint$/,
      );
    });

    it("says that a sign-in is another tenant's", async () => {
      at.double.refusesTokens = true;
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /the vault refuses the sign-in \(401, Unauthorized\)/,
      );
    });
  });

  describe("signing in", () => {
    it("works with a federated token as well", async () => {
      const file = join(at.folder.path, "token");
      await writeFile(file, "header.payload.signature");
      Reflect.deleteProperty(process.env, "AZURE_CLIENT_SECRET");
      process.env["AZURE_FEDERATED_TOKEN_FILE"] = file;
      assert.equal(await at.store().inspect("platform"), undefined);
    });

    it("says that a secret is wrong, by its code alone", async () => {
      process.env["AZURE_CLIENT_SECRET"] = "not-the-right-secret";
      const text = await at.fault(at.store().inspect("platform"));
      assert.match(
        text,
        /signing in to Azure failed \(AADSTS7000215\); expected one of: az login; a managed identity;/,
      );
      assert.ok(!text.includes("not-the-right-secret"));
    });

    it("says that there are no credentials", async () => {
      for (const name of Object.keys(at.double.credentials)) Reflect.deleteProperty(process.env, name);
      process.env["AZURE_TOKEN_CREDENTIALS"] = "EnvironmentCredential";
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /signing in to Azure failed; expected one of: az login/,
      );
    });

    it("gives no token to what asks for one for something else", async () => {
      at.double.challenge = `Bearer authorization="https://login.microsoftonline.com/x", resource="https://storage.azure.com"`;
      assert.match(
        await at.fault(at.store().inspect("platform")),
        /asks for a sign-in to something else than Azure Key/,
      );
      assert.deepEqual(at.double.tokens, []);
    });

    it("logs nothing, even if the SDK is told to", async () => {
      process.env["AZURE_LOG_LEVEL"] = "verbose";
      await at.store().inspect("platform");
      assert.equal(process.env["AZURE_LOG_LEVEL"], undefined);
    });
  });

  describe("where the vault is throttled", () => {
    it("comes again when it is told to", async () => {
      at.double.throttle = { requests: 2, retryAfter: 0 };
      assert.equal(await at.store().inspect("platform"), undefined);
    });

    it("comes again where it isn't told when", async () => {
      at.double.throttle = { requests: 3 };
      assert.equal(await at.store().inspect("platform"), undefined);
    });

    for (const retryAfter of [undefined, 0, 3600]) {
      it(`says so in the end, given a Retry-After of ${String(retryAfter)}`, async () => {
        at.double.throttle = { requests: Infinity, ...(retryAfter === undefined ? {} : { retryAfter }) };
        assert.match(
          await at.fault(at.store({ read: 1_500 }).inspect("platform")),
          /listing the versions of the secret is throttled \(429\): .* run this again in a minute/,
        );
      });
    }
  });

  describe("where the vault can't be reached", () => {
    it("says so of a connection that is refused", async () => {
      const given = at.store();
      await at.double.disconnect();
      assert.match(
        await at.fault(given.inspect("platform")),
        /can't be reached \(ECONNREFUSED\); look at the network/,
      );
    });

    it("tells the sign-in service from the vault", async () => {
      const { agent } = at.double;
      agent.block("login.microsoftonline.com");
      const given = new KeyVaultStore({ kind: "azure-key-vault", url: at.double.url }, keyFiles, {
        connection: { agent },
        limits,
      });
      assert.match(
        await at.fault(given.inspect("platform")),
        /Azure's sign-in service can't be reached \(network_error\); look at the network/,
      );
    });

    it("says so of a name that nobody knows", async () => {
      const given = new KeyVaultStore({ kind: "azure-key-vault", url: at.double.url }, keyFiles, {
        connection: { agent: new FailingAgent("ENOTFOUND") },
        limits,
      });
      assert.match(
        await at.fault(given.inspect("platform")),
        /\(ENOTFOUND\); nobody knows its name; look whether the URL/,
      );
    });

    it("says so of an answer that doesn't come, in time", async () => {
      const hold = at.double.hold("list", "before");
      assert.match(
        await at.fault(at.store({ request: 300 }).inspect("platform")),
        /listing the versions of the secret took longer than 0\.3 s; look at the network/,
      );
      hold.release();
    });

    it("says so of a certificate that isn't trusted", async () => {
      const { agent } = at.double;
      agent.distrust();
      const given = new KeyVaultStore({ kind: "azure-key-vault", url: at.double.url }, keyFiles, {
        connection: { agent },
        limits,
      });
      assert.match(
        await at.fault(given.inspect("platform")),
        /isn't trusted \([A-Z_]+\); .* NODE_EXTRA_CA_CERTS$/,
      );
    });
  });

  describe("with a key that isn't as it should be", () => {
    it("refuses another stack's, and says how to take it over", async () => {
      const key = await makeKeyPair();
      at.double.vault.set("platform", asWritten(key, { "terp-stack": "prd" }));
      for (const work of [
        at.store().inspect("platform"),
        at.store().get("platform"),
        at.store().putIfAbsent("platform", key),
      ]) {
        const text = await at.fault(work, key);
        assert.match(text, /it is the key of stack "prd", expected "dev"; nothing was changed/);
        assert.ok(text.includes(`--tags terp-recipient=${key.recipient} terp-stack=dev`), text);
      }
      assert.deepEqual(await at.store({}, "prd").get("platform"), key);
    });

    it("refuses a recipient that isn't its private key's", async () => {
      const [key, other] = [await makeKeyPair(), await makeKeyPair()];
      at.double.vault.set("platform", { ...asWritten(key), tags: { "terp-recipient": other.recipient } });
      assert.match(
        await at.fault(at.store().get("platform"), key, other),
        new RegExp(
          `has the key of ${key.recipient}, but its tag terp-recipient says ${other.recipient}; nothing`,
        ),
      );
    });

    it("refuses a damaged one, and writes none in its place", async () => {
      const key = await makeKeyPair();
      at.double.vault.set("platform", { ...asWritten(key), value: key.identity.slice(0, -3) });
      assert.match(
        await at.fault(at.store().putIfAbsent("platform", key), key),
        /version [0-9a-f]{32}: age identity: /,
      );
      assert.equal(at.versions().length, 1);
    });

    it("takes one that was put there by hand, and says which tag a preview needs", async () => {
      const key = await makeKeyPair();
      at.double.vault.set("platform", { value: key.identity });
      assert.deepEqual(await at.store().get("platform"), key);
      assert.match(
        await at.fault(at.store().inspect("platform"), key),
        /has no tag terp-recipient, .* set-attributes --vault-name terp-test --name platform --version [0-9a-f]{32} --tags/,
      );
    });

    it("makes no other in place of one that is disabled", async () => {
      const key = await makeKeyPair();
      at.double.vault.set("platform", { ...asWritten(key), attributes: { enabled: false } });
      for (const work of [
        at.store().inspect("platform"),
        at.store().get("platform"),
        at.store().putIfAbsent("platform", key),
      ])
        assert.match(await at.fault(work, key), /its 1 versions are all disabled, .* --enabled true$/);
      assert.equal(at.versions().length, 1);
    });

    it("takes another where the one before was set aside as it says", async () => {
      const [before, key] = [await makeKeyPair(), await makeKeyPair()];
      at.double.vault.set("platform", asWritten(before));
      const command = at.store().howToSetAside("platform");
      assert.match(
        command,
        /--vault-name terp-test --name platform --version VERSION --enabled false --tags terp-set-aside=yes,/,
      );
      for (const version of at.versions()) {
        version.enabled = false;
        version.tags = { "terp-set-aside": "yes" };
      }
      assert.equal(await at.store().inspect("platform"), undefined);
      assert.equal(await at.store().get("platform"), undefined);
      assert.deepEqual(await at.store().putIfAbsent("platform", key), key);
      assert.deepEqual(await at.store().get("platform"), key);
      assert.equal(at.versions().length, 2);
    });
  });
});
