import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import pLimit from "p-limit";
import { createObject } from "../../../local/plugins/kubernetes/apply";
import { KubeClient } from "../../../local/plugins/kubernetes/client";
import { Kinds } from "../../../local/plugins/kubernetes/kinds";
import { accessOf, parseKubeconfig } from "../../../local/plugins/kubernetes/kubeconfig";
import { textAt } from "../../../local/plugins/kubernetes/objects";
import { silent } from "../../../local/progress";
import { startCluster, toolEnvironment, type ScenarioCluster } from "./cluster";
import { compareScenarios } from "./compare";
import { judge } from "./differences";
import { expectedRecord, longestFirst, scenarioNames } from "./expected";
import { prepareMachine, type Machine } from "./machine";
import { describe as described } from "./report";
import { runScenario } from "./scenario";

/** How many scenarios run side by side: most of them wait for the cluster most of the time. */
const jobs = 4;

describe("the stand-in plugins behave as the official ones did", function () {
  // Everything runs side by side, so what one test waits for isn't its own.
  this.timeout(0);
  let machine: Machine | undefined;
  let cluster: ScenarioCluster | undefined;
  const complaints = new Map<string, Promise<string>>();

  before("start all scenarios, the longest first", async () => {
    const environment = await toolEnvironment(silent);
    // Set it to a cluster that may be used up, to look at what is left in it.
    const given = process.env["TERP_TEST_KUBECONFIG"];
    if (given === undefined) cluster = await startCluster(environment, silent);
    const prepared = await prepareMachine({ environment, kubeconfig: cluster?.kubeconfig ?? given });
    machine = prepared;
    const limit = pLimit(jobs);
    for (const name of longestFirst(scenarioNames())) {
      const complaint = limit(() => complaintAbout(name, prepared));
      // Its test takes the failure; until then nobody would.
      complaint.catch(() => undefined);
      complaints.set(name, complaint);
    }
  });

  for (const name of scenarioNames()) {
    it(name, async () => {
      const complaint = await complaints.get(name);
      if (complaint !== "") assert.fail(complaint);
    });
  }

  // Official plugins fail there, or don't, by who is faster: https://github.com/pulumi/pulumi-kubernetes/issues/3154
  it("and create under a name whose holder is still being deleted, as soon as it is gone", async () => {
    const file = machine?.environment["KUBECONFIG"] ?? "";
    const client = new KubeClient(accessOf(parseKubeconfig(readFileSync(file, "utf8"))));
    const target = {
      client,
      kinds: new Kinds(client),
      dryRun: false,
      onProgress: () => undefined,
      signal: new AbortController().signal,
    };
    const options = { fieldManager: "test", upsert: false, force: false };
    const metadata = { name: "held", namespace: "default" };
    const object = { apiVersion: "v1", kind: "ConfigMap", metadata };
    const held = { ...object, metadata: { ...metadata, finalizers: ["terp.test/held"] } };
    const first = await createObject(target, held, options);
    const path = "/api/v1/namespaces/default/configmaps/held";
    await client.request("DELETE", path);

    const creation = createObject(target, object, options);
    const release = { metadata: { finalizers: null } };
    await client.request("PATCH", path, { body: release, contentType: "application/merge-patch+json" });

    assert.notEqual(textAt(await creation, "metadata", "uid"), textAt(first, "metadata", "uid"));
    await client.request("DELETE", path);
  });

  after(async () => {
    await machine?.close();
    await cluster?.remove();
  });
});

/** What is wrong with a run of the scenario; empty if nothing is. */
async function complaintAbout(name: string, machine: Machine): Promise<string> {
  const expected = expectedRecord(name);
  const actual = await runScenario(name, { machine });
  return described(expected, judge(name, compareScenarios(expected, actual)));
}
