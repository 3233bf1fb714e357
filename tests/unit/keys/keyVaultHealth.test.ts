import { strict as assert } from "node:assert";
import { type AgeKeyPair, makeKeyPair } from "../../../infra/keys/age";
import { aVault, asWritten } from "./aVault";

describe("the Key Vault store", () => {
  const at = aVault();

  describe("asked for its health", () => {
    const day = 86_400;
    const health = async (): Promise<string> =>
      (await at.store().health("platform"))
        .map(
          ({ severity, text }) =>
            `${severity}: ${text.replace(/^Azure Key Vault \S+, secret "platform": /, "")}`,
        )
        .join("\n");
    let key: AgeKeyPair;
    beforeEach(async () => {
      key = await makeKeyPair();
    });

    it("finds nothing where all is well", async () => {
      at.double.vault.set("platform", asWritten(key));
      assert.equal(await health(), "");
    });

    const cases: readonly (readonly [string, () => void, RegExp])[] = [
      [
        "a missing secret",
        () => {
          at.double.vault.secrets.clear();
        },
        /^fault: it isn't there; the next `up` puts the key back/,
      ],
      [
        "soft delete off",
        () => (at.double.vault.softDelete = false),
        /^fault: .* soft delete is off \(Purgeable\)/,
      ],
      [
        "purge protection off",
        () => (at.double.vault.purgeProtected = false),
        /^warning: .* purge protection is off \(Recoverable\+Purgeable\)/,
      ],
      [
        "a disabled version",
        () => {
          at.versions().forEach((each) => (each.enabled = false));
        },
        /^fault: its 1 versions are all disabled/,
      ],
      [
        "an expiry that is near",
        () => {
          at.versions().forEach((each) => (each.exp = Math.floor(Date.now() / 1000) + 20 * day));
        },
        /^warning: version [0-9a-f]+ expires on /,
      ],
      [
        "an expiry that is over",
        () => {
          at.versions().forEach((each) => (each.exp = 1_000_000));
        },
        /^warning: version [0-9a-f]+ expired on 1970-01-12/,
      ],
      [
        "no right to list",
        () => at.double.denied.set("list", "role"),
        /^fault: listing the versions .* is refused/,
      ],
      [
        "no right to read",
        () => at.double.denied.set("get", "role"),
        /^fault: reading the secret is refused/,
      ],
      [
        "another stack's key",
        () => {
          at.versions().forEach((each) => (each.tags = { "terp-stack": "prd" }));
        },
        /^fault: it is the key of stack "prd"/,
      ],
      [
        "a vault that is throttled",
        () => (at.double.throttle = { requests: Infinity }),
        /^fault: listing .* is throttled/,
      ],
    ];
    for (const [what, prepare, expected] of cases) {
      it(`finds ${what}, and writes nothing`, async () => {
        at.double.vault.set("platform", asWritten(key));
        prepare();
        const text = await health();
        assert.match(text, expected);
        assert.equal(text.split("\n").length, 1, text);
        assert.ok(!text.includes(key.identity));
        assert.ok(
          !at.double.asked.some((each) => ["set", "update", "recover", "delete", "purge"].includes(each)),
        );
      });
    }
  });
});
