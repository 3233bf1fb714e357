import { strict as assert } from "node:assert";
import { backendOf } from "../../../../cli/engine/backend";
import type { AzureConfig } from "../../../../infra/config/azureSection";

const azure = {
  organisation: "example",
  subscription: "00000000-0000-0000-0000-000000000000",
  keep: { vault: "example-keep" },
} as AzureConfig;

describe("the backend of a stack", () => {
  it("in Azure is a container there, and its secrets are encrypted by a key in the vault", () => {
    const backend = backendOf({ azure, environment: "dev" }, {});
    assert.match(backend?.url ?? "", /^azblob:\/\/state\?storage_account=exampledevstate[a-z2-7]{8}$/);
    assert.equal(backend?.secretsProvider, "azurekeyvault://example-keep.vault.azure.net/keys/state");
  });

  for (const name of ["PULUMI_BACKEND_URL", "PULUMI_ACCESS_TOKEN"]) {
    it(`is another one with ${name}`, () => {
      assert.equal(backendOf({ azure, environment: "dev" }, { [name]: "x" }), undefined);
    });
  }

  it("elsewhere is the user's", () => {
    assert.equal(backendOf({ azure: undefined, environment: "dev" }, {}), undefined);
  });
});
