import assert from "node:assert/strict";
import { parse, stringify } from "yaml";

import type { Summary } from "../../cli/status/summary";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { provePolicies } from "../../infra/cluster/policyProof";
import { eventually } from "../support/eventually";
import { SomebodyElsesCluster } from "../support/somebodyElsesCluster";
import { TrialPlatform } from "../support/trialPlatform";

const lacking = ["storage-class", "load-balancer", "oidc-login"];

/** A cluster that takes policies and doesn't apply them. */
class Ignoring extends KubeApi {
  public override post(path: string, body: unknown): Promise<unknown> {
    return path.endsWith("/networkpolicies") ? Promise.resolve({}) : super.post(path, body);
  }
}

/** What the API server of a cluster that doesn't hide it shows of itself. It never runs. */
const apiServer = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "kube-apiserver", labels: { component: "kube-apiserver" } },
  spec: {
    schedulerName: "nobody",
    automountServiceAccountToken: false,
    containers: [{ name: "main", image: "none", command: ["kube-apiserver", "--secure-port=6443"] }],
  },
};

describe("a cluster that somebody else made", function () {
  // Each step stands on the one before.
  this.bail(true);
  let cluster: SomebodyElsesCluster;
  let api: KubeApi;
  const trials: TrialPlatform[] = [];

  before(async () => {
    cluster = await SomebodyElsesCluster.start();
    api = cluster.api();
  });

  after(async () => {
    for (const trial of trials) await trial.remove();
    await api.close();
    await cluster.remove();
  });

  async function trialWith(settings: Readonly<Record<string, unknown>>): Promise<TrialPlatform> {
    const trial = await TrialPlatform.create(cluster.settings(settings));
    trials.push(trial);
    return trial;
  }

  const namespaces = async (): Promise<string[]> =>
    (await api.list("/api/v1/namespaces")).map(({ metadata }) => metadata.name).sort();

  /** The faults with which `terp up` ends, each in its four lines; nothing may have been made. */
  async function refusal(settings: Readonly<Record<string, unknown>>): Promise<string[]> {
    const before = await namespaces();
    const trial = await trialWith(settings);
    const end = await trial.terp("up");
    assert.notEqual(end.code, 0, end.standardOutput);
    assert.deepEqual(await namespaces(), before);
    const text = end.standardError.slice(end.standardError.indexOf("lacks what the platform needs"));
    return [
      ...text.matchAll(/^ *(the (?:cluster|kubeconfig)'s [^\n]+)\n *given .+\n *expected .+\n *remedy .+$/gm),
    ].map(([, path = ""]) => path);
  }

  it("is refused with all that it lacks, each with its remedy, before anything is made", async () => {
    await api.post("/api/v1/namespaces/kube-system/pods", apiServer);
    assert.deepEqual(await refusal({}), [
      "the cluster's network policies",
      "the cluster's default storage class",
      "the cluster's load balancers",
      "the cluster's login",
    ]);
  });

  it("is refused where its version is older than what the settings name", async () => {
    assert.deepEqual(await refusal({ kubernetesVersion: "1.99", accept: [...lacking, "network-policy"] }), [
      "the cluster's version",
    ]);
  });

  it("is refused to an account without rights", async () => {
    const accounts = "/api/v1/namespaces/default/serviceaccounts";
    await api.post(accounts, { metadata: { name: "poor" } });
    const made = await api.post(`${accounts}/poor/token`, { spec: {} });
    const { token } = (made as { status: { token: string } }).status;
    const whole = parse(cluster.node.reach.kubeconfig) as { users: { name: string }[] };
    const users = whole.users.map(({ name }) => ({ name, user: { token } }));
    cluster.give(stringify({ ...whole, users }));
    assert.deepEqual(await refusal({}), ["the kubeconfig's identity", "the kubeconfig's rights"]);
    cluster.give(cluster.node.reach.kubeconfig);
  });

  it("holds packets that a policy forbids, and is left as it was", async () => {
    const before = await namespaces();
    assert.deepEqual(await provePolicies(api), { kind: "held" });
    await eventually(async () => {
      assert.deepEqual(await namespaces(), before);
    });
  });

  it("is found out where it takes policies and doesn't apply them", async () => {
    const ignoring = new Ignoring(accessFrom(cluster.node.reach.kubeconfig));
    try {
      assert.deepEqual(await provePolicies(ignoring, { start: 60_000, pause: 1_000, looks: 2 }), {
        kind: "passed",
      });
    } finally {
      await ignoring.close();
    }
  });

  it("carries the platform with its tenants, once its policies have been seen to hold", async () => {
    const trial = await trialWith({ policyCheck: "packets", accept: lacking });
    const raised = await trial.ask<Summary>("up");
    assert.deepEqual(
      raised.tenants.map(({ tenant, ready }) => [tenant, ready]),
      [["team-blue", true]],
    );
    assert.match(raised.answer?.body ?? "", /decrypted/);
    assert.deepEqual(Object.keys((await trial.ask<Summary>("up")).changes), ["same"]);
    // The second run doesn't wait until the namespace of its proof is gone.
    await eventually(async () => {
      const left = (await namespaces()).filter((name) => name.startsWith("terp-policy-proof-"));
      assert.deepEqual(left, []);
    });
  });
});
