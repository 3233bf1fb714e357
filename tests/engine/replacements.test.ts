import { strict as assert } from "node:assert";
import { join, resolve } from "node:path";

import { ArmClient } from "../../cli/init/arm";
import { look, perform } from "../../cli/init/perform";
import { initSteps } from "../../cli/init/plan";
import { operate } from "../../cli/engine/operations";
import { renderText } from "../../cli/preview/render";
import { summarise, type PreviewSummary } from "../../cli/preview/summary";
import type { AksCluster } from "../../infra/config/aksSection";
import type { AzureConfig } from "../../infra/config/azureSection";
import { silent } from "../../local/progress";
import { ArmDouble } from "../support/arm/double";
import { anAksCluster, anAzure, kubeconfigAnswer } from "../support/azureRun";
import { EngineProject } from "../support/engineProject";

const checkout = resolve(__dirname, "..", "..");

/** A cluster of AKS on its foundation, from settings of the stack's. */
const program = `
import * as pulumi from "@pulumi/pulumi";
export = () => {
  const { aksOnFoundation } = require(${JSON.stringify(join(checkout, "stacks", "aks.ts"))});
  const config = new pulumi.Config();
  aksOnFoundation("dev", config.requireObject("cluster"), config.requireObject("azure"));
};
`;

describe("what replaces a cluster or a pool, on a real engine and a double of Azure", () => {
  let double: ArmDouble;
  let project: EngineProject;

  before(async () => {
    double = await ArmDouble.start();
    double.answers.set("listClusterUserCredential", kubeconfigAnswer());
    project = await EngineProject.create(program, double.environment);
    for (const name of ["azure-native", "kubernetes"] as const) await project.attach(name);
    await project.initialise();
    const { subscription, tenant: directory } = double.model;
    const azure = anAzure({ subscription, directory });
    await keep(azure);
    await set("azure", azure);
    await settings({});
    const { code, output } = await project.up();
    assert.equal(code, 0, output);
  });
  after(async () => {
    await project.remove();
    await double.close();
  });

  /** Makes what outlives the stack, as `terp init` does. */
  async function keep(azure: AzureConfig): Promise<void> {
    const client = new ArmClient({
      address: double.address,
      credential: { getToken: () => Promise.resolve({ token: "t", expiresOnTimestamp: 0 }) },
      signal: new AbortController().signal,
      interval: 1,
    });
    const person = "00000000-0000-0000-0000-00000000000b";
    const steps = initSteps(azure, "dev", { ranges: undefined, keepsState: true, person });
    await perform(client, await look(client, steps), silent);
  }

  async function set(name: string, value: object): Promise<void> {
    const words = ["config", "set", "--stack", "test", name, JSON.stringify(value)];
    const { code, output } = await project.run(...words);
    assert.equal(code, 0, output);
  }
  const settings = (changes: Partial<AksCluster>): Promise<void> => set("cluster", anAksCluster(changes));

  async function previewed(changes: Partial<AksCluster>): Promise<PreviewSummary> {
    await settings(changes);
    const outcome = await operate(project.asStack("test"), { kind: "preview" }, () => undefined);
    return summarise("test", outcome, []);
  }

  /** What would be deleted or replaced. */
  async function graveIn(changes: Partial<AksCluster>): Promise<string[]> {
    return (await previewed(changes)).changes
      .filter(({ change }) => change === "delete" || change === "replace")
      .map(({ change, resource }) => `${change} ${resource}`)
      .sort();
  }

  const pool = { size: "Standard_D4ads_v5", minimum: 1, maximum: 6 };
  const larger = { size: "Standard_D8ads_v5", minimum: 1, maximum: 6 };

  it("is nothing where nothing changes", async () => {
    const [first] = renderText(await previewed({}));
    assert.match(first ?? "", /^preview of test: no changes \(\d+ unchanged\)$/);
  });

  it("is nothing that Azure changes in place", async () => {
    const changes = { pools: { general: { ...pool, maximum: 9 } }, kubernetesVersion: "1.35" };
    assert.deepEqual(await graveIn(changes), []);
  });

  it("is refused for the cluster in its preview, with the setting that lets it happen", async () => {
    for (const changes of [{ system: larger }, { zones: [1] }, { api: { kind: "private" } as const }])
      await assert.rejects(previewed(changes), (error: Error) => {
        assert.match(
          error.message,
          /^the cluster would be replaced: Azure can't change what was changed of it\./m,
        );
        assert.match(
          error.message,
          /add "cluster" to terp:cluster\.replace, run `terp up` without the change/,
        );
        return true;
      });
  });

  it("is refused for a pool alike", async () => {
    await assert.rejects(
      previewed({ pools: { general: larger } }),
      /^pool "general" would be replaced: [^\n]+\n.*add "general" to terp:cluster\.replace/m,
    );
  });

  it("is refused for a pool that is no longer in the settings", async () => {
    await assert.rejects(
      previewed({ pools: {} }),
      /^pool "general" is no longer in the settings, and what runs there would go with it\.$/m,
    );
  });

  it("is named as a replacement where the settings let it happen, and nothing else goes with a pool", async () => {
    assert.deepEqual(await graveIn({ pools: { general: larger }, replace: ["general"] }), [
      "replace AgentPool pool-general",
    ]);
  });

  it("is the cluster with its pools, once a run has let go of all", async () => {
    await settings({ replace: ["cluster"] });
    const { code, output } = await project.up();
    assert.equal(code, 0, output);
    const grave = await graveIn({ system: larger, replace: ["cluster"] });
    assert.ok(grave.includes("replace ManagedCluster aks-cluster"), grave.join("\n"));
    assert.ok(grave.includes("replace AgentPool pool-general"), grave.join("\n"));
  });
});
