import { strict as assert } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { azureNames } from "../../infra/azure/names";
import { configOf } from "../../cli/engine/source";
import { ArmDouble } from "../support/arm/double";
import { EngineProject } from "../support/engineProject";
import { asYaml, releaseManifests } from "../support/fluxRelease";
import { KeyVaultDouble } from "../support/keyVaultDouble";

const checkout = resolve(__dirname, "..", "..");

/** The program of this checkout. */
const program = `export = require(${JSON.stringify(join(checkout, "stacks", "index.ts"))});`;

/** The file that the settings name as Flux's release. */
const flux = "~/terp/flux/install.yaml";

for (const environment of ["dev", "prd"]) {
  describe(`the environment ${environment} on a real engine`, () => {
    let arm: ArmDouble;
    let vault: KeyVaultDouble;
    let project: EngineProject;

    before(async () => {
      const { azure } = await configOf(environment);
      assert.ok(azure, "it is in Azure");
      arm = await ArmDouble.start();
      vault = await KeyVaultDouble.start(azureNames(azure, environment).keep.vault);
      project = await EngineProject.create(program, { ...vault.environment, ...arm.environment });
      for (const name of ["azure-native", "kubernetes", "random", "tls"] as const) await project.attach(name);
      await project.initialise();
      const release = join(project.folder, "install.yaml");
      await writeFile(release, asYaml(releaseManifests()));
      const name = `Pulumi.${environment}.yaml`;
      const settings = await readFile(join(checkout, name), "utf8");
      assert.ok(settings.includes(flux), "its Flux is a file");
      await writeFile(join(project.program, name), settings.replace(flux, release));
      const { code, output } = await project.run("stack", "init", environment);
      assert.equal(code, 0, output);
    });
    after(async () => {
      await project.remove();
      await vault.close();
      await arm.close();
    });

    it("is previewed as a whole, and nothing is made", async () => {
      const { code, output } = await project.run("preview", "--stack", environment);
      assert.equal(code, 0, output);
      for (const kind of [
        "azure-native:containerservice:ManagedCluster",
        "azure-native:network:VirtualNetwork",
        "kubernetes:apps/v1:Deployment",
        "terp:tenant:Tenant",
      ]) {
        assert.ok(output.includes(kind), `${kind} is in the plan:\n${output}`);
      }
      assert.deepEqual(arm.model.ids, []);
    });
  });
}
