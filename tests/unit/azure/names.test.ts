import { strict as assert } from "node:assert";
import fc from "fast-check";

import { azureNames, vaultUrl } from "../../../infra/azure/names";
import { isVaultUrl } from "../../../infra/keys/store";

const subscription = "00000000-0000-0000-0000-000000000002";

const anyEnvironment = [
  fc.stringMatching(/^[a-z][a-z0-9]{1,9}$/),
  fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/),
  fc.uuid(),
] as const;

describe("names in Azure", () => {
  it("follow from the organisation, the environment and the subscription", () => {
    assert.deepEqual(azureNames({ organisation: "example", subscription }, "dev"), {
      base: "example-dev",
      resourceGroup: "example-dev",
      nodeResourceGroup: "example-dev-nodes",
      logsAccount: "exampledevlogs5wge5qva",
      backupsAccount: "exampledebackups5wge5qva",
      secretsVault: "example-de-apps-5wge5qva",
      keep: {
        resourceGroup: "example-dev-keep",
        vault: "example-de-keep-5wge5qva",
        stateAccount: "exampledevstate5wge5qva",
      },
    });
  });

  it("of what outlives the stack are those that the settings give", () => {
    const keep = { resourceGroup: "shared", vault: "their-vault" };
    const { keep: names } = azureNames({ organisation: "example", subscription, keep }, "dev");
    assert.deepEqual([names.resourceGroup, names.vault], ["shared", "their-vault"]);
  });

  it("of accounts are 3 to 24 small letters and digits, whatever the environment's", () => {
    fc.assert(
      fc.property(...anyEnvironment, (organisation, environment, id) => {
        const names = azureNames({ organisation, subscription: id }, environment);
        for (const name of [names.logsAccount, names.backupsAccount, names.keep.stateAccount])
          assert.match(name, /^[a-z0-9]{3,24}$/);
      }),
    );
  });

  it("of vaults are those of a vault's URL, whatever the environment's", () => {
    fc.assert(
      fc.property(...anyEnvironment, (organisation, environment, id) => {
        const names = azureNames({ organisation, subscription: id }, environment);
        for (const name of [names.secretsVault, names.keep.vault])
          assert.ok(isVaultUrl(vaultUrl(name)), name);
      }),
    );
  });

  it("differ between environments and subscriptions where they must be unique in the world", () => {
    const unique = (environment: string, id: string): string[] => {
      const { logsAccount, backupsAccount, secretsVault, keep } = azureNames(
        { organisation: "example", subscription: id },
        environment,
      );
      return [logsAccount, backupsAccount, secretsVault, keep.vault, keep.stateAccount];
    };
    const other = "00000000-0000-0000-0000-000000000003";
    const long = "a-very-long-environment-name";
    const all = [
      unique("dev", subscription),
      unique("dev", other),
      unique(`${long}-1`, other),
      unique(`${long}-2`, other),
    ];
    assert.equal(new Set(all.flat()).size, 20);
  });

  it("don't depend on how a subscription's letters are written", () => {
    const id = "AAAAAAAA-0000-0000-0000-000000000002";
    assert.deepEqual(
      azureNames({ organisation: "example", subscription: id }, "dev"),
      azureNames({ organisation: "example", subscription: id.toLowerCase() }, "dev"),
    );
  });
});
