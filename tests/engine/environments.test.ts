import { strict as assert } from "node:assert";
import { nginxNotice } from "../../stacks/ingress";
import { AzureEnvironment } from "../support/azureEnvironment";

for (const environment of ["dev", "prd"]) {
  describe(`the environment ${environment} on a real engine`, () => {
    let made: AzureEnvironment;

    before(async () => {
      made = await AzureEnvironment.create(environment);
    });
    after(() => made.remove());

    it("is previewed as a whole, and nothing is made", async () => {
      const { code, output } = await made.project.run("preview", "--stack", environment);
      assert.equal(code, 0, output);
      for (const kind of [
        "azure-native:containerservice:ManagedCluster",
        "azure-native:network:VirtualNetwork",
        "kubernetes:apps/v1:Deployment",
        "kubernetes:apps/v1:StatefulSet",
        "github:index:RepositoryDeployKey",
        "github:index:BranchProtection",
        "terp:tenant:Tenant",
        "terp:ingress:IngressNginx",
      ]) {
        assert.ok(output.includes(kind), `${kind} is in the plan:\n${output}`);
      }
      assert.deepEqual(made.arm.model.ids, []);
    });

    it("says that ingress-nginx is retired, and what leads away from it", async () => {
      const { output } = await made.project.run("preview", "--stack", environment);
      assert.ok(output.replace(/\s+/g, " ").includes(nginxNotice), output);
    });
  });
}
