import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { HelmRelease, type HelmReleaseArgs } from "../../../components/helmRelease";
import { recorder, type Recorder } from "../../support/recorder";
import { resolve } from "../../support/resolve";

const least: HelmReleaseArgs = {
  chart: { name: "web", repository: "https://charts.example.org", version: "1.0.0" },
  source: {},
  name: "web",
  namespace: "platform-web",
  values: {},
  kubeconfig: "an administrator's kubeconfig",
};

async function make(changes: Partial<HelmReleaseArgs> = {}): Promise<Recorder> {
  const record = recorder({
    outputs: ({ type }) => (type.endsWith(":ReleaseRecords") ? { repair: "the repair" } : {}),
  });
  const made = new HelmRelease("web", { ...least, ...changes });
  await resolve(made.ready.urn);
  await record.settled();
  return record;
}

const release = "Release/platform-web/web";

describe("a chart's release", () => {
  it("is the pinned chart of its repository, waited for with its hooks and jobs", async () => {
    const { inputs } = (await make()).byName(release);
    assert.equal(inputs.chart, "web");
    assert.equal(inputs.version, "1.0.0");
    assert.deepEqual(inputs.repositoryOpts, { repo: "https://charts.example.org" });
    assert.equal(inputs.waitForJobs, true);
    assert.equal(inputs.skipAwait ?? false, false);
    assert.equal(inputs.timeout, 600);
  });

  it("is taken from the mirror, whose server is trusted by a file", async () => {
    const source = { mirror: "oci://mirror.example.org/charts", caFile: "/etc/ca.pem" };
    const { inputs } = (await make({ source })).byName(release);
    assert.equal(inputs.chart, "oci://mirror.example.org/charts/web");
    assert.deepEqual(inputs.repositoryOpts, { caFile: "/etc/ca.pem" });
  });

  it("begins where Helm's records let it", async () => {
    const record = await make();
    assert.ok(record.byName(release).dependsOn.includes("ReleaseRecords/platform-web/web"));
    assert.equal(record.byName(release).inputs.replace, true);
  });

  it("is upgraded once its records had to be repaired", async () => {
    assert.equal((await make()).byName(release).inputs.description, "the repair");
  });

  it("keeps the kubeconfig secret, also in what the state has of its records", async () => {
    const record = await make();
    const { inputs, secretOutputs } = record.byName("ReleaseRecords/platform-web/web");
    assert.ok(record.isSecret(inputs.kubeconfig));
    assert.deepEqual(secretOutputs, ["kubeconfig"]);
  });

  it("has the values that it was given, those of other resources among them", async () => {
    const values = {
      replicas: 2,
      tags: ["a", pulumi.output("b")],
      deep: { address: pulumi.output("10.0.0.1") },
    };
    const { inputs } = (await make({ values })).byName(release);
    assert.deepEqual(inputs.values, { replicas: 2, tags: ["a", "b"], deep: { address: "10.0.0.1" } });
  });

  it("isn't made with a secret among its values, however deep", async () => {
    const values = { deep: [{ password: pulumi.secret("hidden") }] };
    await assert.rejects(
      make({ values }),
      /: chart release "platform-web\/web": got a secret among its values, expected values without; Helm and previews show them in clear: put it into a Secret and give the chart the Secret's name$/,
    );
  });
});
