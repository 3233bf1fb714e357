import { strict as assert } from "node:assert";
import { parse, stringify } from "yaml";

import { checkUpFront } from "../../infra/cluster/upFront";
import type { ExistingCluster } from "../../infra/config/existingSection";
import { versions } from "../../infra/versions";
import { anExistingCluster } from "../support/aConfig";
import { ControlPlane, type Answer } from "../support/controlPlane";

const cluster = anExistingCluster({
  kubernetesVersion: versions.kubernetes.split(".").slice(0, 2).join("."),
  deployers: { groups: ["system:masters"], users: [] },
});
const look = { isPreview: false };

/** Paths of the faults that a message has. */
function faultsIn(message: string): string[] {
  return message
    .split("\n\n")
    .slice(1)
    .map((fault) => fault.split("\n")[0] ?? "");
}

describe("a real API server, as somebody else's cluster", () => {
  let plane: ControlPlane;
  before(async () => {
    plane = await ControlPlane.start();
  });
  after(() => plane.stop());

  async function refusal(changes: Partial<ExistingCluster>, kubeconfig = plane.kubeconfig): Promise<string> {
    let message = "";
    await assert.rejects(checkUpFront({ ...cluster, ...changes }, kubeconfig, look), (error: Error) => {
      message = error.message;
      return true;
    });
    return message;
  }

  async function make(path: string, body: object): Promise<Answer["body"]> {
    const { status, body: made } = await plane.call({ method: "POST", path, body });
    assert.equal(status, 201, JSON.stringify(made));
    return made;
  }

  it("lacks what a bare one lacks, and neither version, identity nor rights", async () => {
    assert.deepEqual(faultsIn(await refusal({})), [
      "the cluster's network policies",
      "the cluster's default storage class",
      "the cluster's load balancers",
    ]);
  });

  it("says who we are, where the settings name others", async () => {
    const message = await refusal({ deployers: { groups: ["operators"], users: [] } });
    assert.match(message, /the kubeconfig's identity\n {2}given {5}user \S+ in the groups .*system:masters/);
  });

  it("says what an account without rights lacks, and shows it nothing else", async () => {
    const account = { metadata: { name: "poor" } };
    await make("/api/v1/namespaces/default/serviceaccounts", account);
    const made = await make("/api/v1/namespaces/default/serviceaccounts/poor/token", { spec: {} });
    const { token } = made["status"] as { token: string };
    const given = parse(plane.kubeconfig) as { users: { name: string; user: object }[] };
    const users = given.users.map(({ name }) => ({ name, user: { token } }));
    assert.deepEqual(faultsIn(await refusal({}, stringify({ ...given, users }))), [
      "the kubeconfig's identity",
      "the kubeconfig's rights",
    ]);
  });

  it("lacks nothing once it has what is asked for", async () => {
    const labels = { app: "cilium" };
    await make("/apis/apps/v1/namespaces/kube-system/daemonsets", {
      metadata: { name: "cilium" },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [{ name: "agent", image: "cilium" }] } },
      },
    });
    await make("/apis/storage.k8s.io/v1/storageclasses", {
      metadata: {
        name: "standard",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "example.org/none",
    });
    await make("/api/v1/nodes", {
      metadata: { name: "one" },
      spec: { providerID: "aws:///eu-west-1a/i-0abc" },
    });
    await checkUpFront(cluster, plane.kubeconfig, look);
  });
});
