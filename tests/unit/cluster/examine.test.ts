import { strict as assert } from "node:assert";

import { examine } from "../../../infra/cluster/examine";
import { KubeApi } from "../../../infra/cluster/kubeApi";
import type { ClusterFacts } from "../../../infra/cluster/requirements";
import { answerAsCluster, defaultClass, type ClusterObjects } from "../../support/aCluster";
import { ScriptedServer } from "../../support/scriptedServer";

const daemonSet = (name: string, args: string[] = []): object => ({
  metadata: { name },
  spec: { template: { spec: { containers: [{ args }] } } },
});
const k3sNode = (...args: string[]): object => ({
  metadata: { name: "one", annotations: { "k3s.io/node-args": JSON.stringify(["server", ...args]) } },
  spec: { providerID: "k3s://one" },
});

describe("a cluster shows", () => {
  let server: ScriptedServer;
  let api: KubeApi;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    api = new KubeApi({ server: server.url, token: "the token" });
  });
  afterEach(async () => {
    await api.close();
    await server.stop();
  });

  async function shown(objects: ClusterObjects): Promise<ClusterFacts> {
    answerAsCluster(server, objects);
    return examine(api, { groups: [], users: [] });
  }

  it("its version, and whether we may do everything", async () => {
    const { version, mayDoEverything } = await shown({ version: "v1.33.5-eks-1a2b", mayDoEverything: false });
    assert.deepEqual([version, mayDoEverything], ["v1.33.5-eks-1a2b", false]);
  });

  it("that we may do everything only where it says so of everything", async () => {
    await shown({});
    const asked = server.asked.find(({ path }) => path.endsWith("/selfsubjectaccessreviews"))?.body as {
      spec: object;
    };
    assert.deepEqual(asked.spec, {
      resourceAttributes: { group: "*", version: "*", resource: "*", verb: "*" },
    });
  });

  it("who we are", async () => {
    const { identity } = await shown({ groups: ["operators", "system:authenticated"] });
    assert.deepEqual(identity, { user: "ann", groups: ["operators", "system:authenticated"] });
  });

  it("all this without being changed: nothing is posted but questions", async () => {
    await shown({});
    const posted = server.asked.filter(({ method }) => method !== "GET").map(({ path }) => path);
    assert.deepEqual(posted.map((path) => path.split("/").at(-1)).sort(), [
      "selfsubjectaccessreviews",
      "selfsubjectreviews",
    ]);
  });

  it("its default storage classes, and not the others", async () => {
    const { defaultStorageClasses } = await shown({
      storageClasses: [defaultClass("gp3"), { metadata: { name: "slow" } }],
    });
    assert.deepEqual(defaultStorageClasses, ["gp3"]);
  });

  for (const name of [
    "cilium",
    "anetd",
    "calico-node",
    "antrea-agent",
    "kube-router",
    "azure-npm",
    "kindnet",
  ]) {
    it(`that ${name} applies network policies`, async () => {
      assert.equal((await shown({ daemonSets: [daemonSet(name)] })).policies, name);
    });
  }

  it("nothing that applies network policies by a name that only resembles one", async () => {
    assert.equal((await shown({ daemonSets: [daemonSet("cilium-envoy")] })).policies, undefined);
  });

  it("that Amazon's plugin applies network policies only where it is told to", async () => {
    const on = daemonSet("aws-node", ["--enable-network-policy=true"]);
    assert.equal((await shown({ daemonSets: [on] })).policies, "aws-node");
    const off = daemonSet("aws-node", ["--enable-network-policy=false"]);
    assert.equal((await shown({ daemonSets: [off] })).policies, undefined);
  });

  it("that k3s applies network policies and gives addresses, unless it is told not to", async () => {
    const plain = await shown({ nodes: [k3sNode()] });
    assert.deepEqual([plain.policies, plain.loadBalancer], ["k3s", "k3s"]);
    const less = await shown({ nodes: [k3sNode("--disable-network-policy", "--disable", "servicelb")] });
    assert.deepEqual([less.policies, less.loadBalancer], [undefined, undefined]);
  });

  it("that a Service has an address", async () => {
    const waiting = { metadata: { namespace: "a", name: "waiting" }, status: { loadBalancer: {} } };
    const served = {
      metadata: { namespace: "b", name: "served" },
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } },
    };
    assert.equal((await shown({ services: [waiting, served] })).loadBalancer, "b/served");
    assert.equal((await shown({ services: [waiting] })).loadBalancer, undefined);
  });

  it("that its nodes are a cloud's, which has load balancers, and kind's are not", async () => {
    const node = (providerID: string): object => ({ metadata: { name: "n" }, spec: { providerID } });
    assert.equal((await shown({ nodes: [node("aws:///eu-west-1a/i-0abc")] })).loadBalancer, "aws");
    assert.equal((await shown({ nodes: [node("kind://docker/kind/one")] })).loadBalancer, undefined);
  });

  it("whether its API server is told of an issuer, or that it hides that", async () => {
    const apiServer = (...command: string[]): object => ({
      metadata: { name: "kube-apiserver" },
      spec: { containers: [{ command: ["kube-apiserver", ...command] }] },
    });
    assert.equal((await shown({})).login, "hidden");
    assert.equal((await shown({ apiServers: [apiServer()] })).login, "missing");
    const told = apiServer("--oidc-issuer-url=https://login.example.org");
    assert.equal((await shown({ apiServers: [told] })).login, "there");
    const structured = apiServer("--authentication-config=/etc/authentication.yaml");
    assert.equal((await shown({ apiServers: [structured] })).login, "there");
  });
});
