import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { aConfig, gitOnANode } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { anAksCluster, anAzure } from "../../support/azureRun";
import { asYaml, releaseManifests } from "../../support/fluxRelease";
import { run } from "../../support/platformRun";

describe("in an emergency", () => {
  const machine = aMachine();

  /** Names of the secrets that the group may read, of those in the vault that outlives the stack. */
  async function readable(breakGlass: string | undefined): Promise<string[]> {
    const file = join(machine.folder, "install.yaml");
    writeFileSync(file, asYaml(releaseManifests()));
    const { record } = await run(
      aConfig({
        cluster: anAksCluster(),
        azure: anAzure({ keep: { breakGlass } }),
        git: gitOnANode,
        flux: { manifests: { kind: "release", file, version: "v2.7.5" }, concurrency: 4, interval: "30s" },
        keys: { store: { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net" } },
      }),
    );
    return record
      .ofType("azure-native:authorization:RoleAssignment")
      .map(({ inputs }) => String(inputs.scope).split("/secrets/")[1] ?? "")
      .filter((name) => name !== "")
      .sort();
  }

  it("the group reads the platform's keys and each tenant's sealed one, and nothing else of the vault", async () => {
    assert.deepEqual(await readable("the emergency group"), ["platform", "private-ca", "tenant-team-blue"]);
  });

  it("nobody does where no group is named", async () => {
    assert.deepEqual(await readable(undefined), []);
  });
});
