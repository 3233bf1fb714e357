import { strict as assert } from "node:assert";
import { stringify } from "yaml";

import { checkUpFront } from "../../../infra/cluster/upFront";
import { anExistingCluster } from "../../support/aConfig";
import { answerAsCluster, defaultClass } from "../../support/aCluster";
import { ScriptedServer } from "../../support/scriptedServer";

const cluster = anExistingCluster();
const look = { isPreview: false };
const served = { metadata: { name: "web" }, status: { loadBalancer: { ingress: [{ ip: "192.0.2.1" }] } } };

describe("a cluster of somebody else's, up front", () => {
  let server: ScriptedServer;
  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  const kubeconfig = (url = server.url): string =>
    stringify({
      "current-context": "one",
      clusters: [{ name: "c", cluster: { server: url } }],
      users: [{ name: "u", user: { token: "the token" } }],
      contexts: [
        { name: "one", context: { cluster: "c", user: "u" } },
        { name: "nowhere", context: { cluster: "none", user: "u" } },
      ],
    });

  it("is let pass where it has all that the platform needs", async () => {
    answerAsCluster(server, {
      daemonSets: [{ metadata: { name: "cilium" } }],
      storageClasses: [defaultClass("standard")],
      nodes: [{ metadata: { name: "n" }, spec: { providerID: "gce://project/zone/n" } }],
    });
    await checkUpFront(cluster, kubeconfig(), look);
  });

  it("is refused with all that it lacks, before anything is done", async () => {
    answerAsCluster(server, { storageClasses: [defaultClass("standard")] });
    await assert.rejects(checkUpFront(cluster, kubeconfig(), look), (error: Error) => {
      assert.match(
        error.message,
        /^the cluster "theirs" lacks what the platform needs, and nothing was done:\n\nthe cluster's network policies\n[^]*\n\nthe cluster's load balancers\n/,
      );
      assert.ok("__pulumiRunError" in error);
      return true;
    });
  });

  it("that gives us too few rights is asked no more, and says so", async () => {
    answerAsCluster(server, { mayDoEverything: false });
    server.on("GET /api/v1/nodes", [403, "no"]);
    await assert.rejects(
      checkUpFront(cluster, kubeconfig(), look),
      /\n\nthe kubeconfig's rights\n[^\n]+\n[^\n]+\n[^\n]+\n$/,
    );
  });

  it("is previewed by who may look at it, and by no other without all rights", async () => {
    answerAsCluster(server, {
      groups: ["previewers"],
      mayDoEverything: false,
      daemonSets: [{ metadata: { name: "cilium" } }],
      storageClasses: [defaultClass("standard")],
      services: [served],
    });
    const readers = { groups: ["previewers"], users: [] };
    await checkUpFront({ ...cluster, readers }, kubeconfig(), { isPreview: true });
    await assert.rejects(checkUpFront(cluster, kubeconfig(), { isPreview: true }), /the kubeconfig's rights/);
  });

  it("isn't changed by who may look at it", async () => {
    answerAsCluster(server, { groups: ["previewers"], mayDoEverything: false });
    const readers = { groups: ["previewers"], users: [] };
    await assert.rejects(
      checkUpFront({ ...cluster, readers }, kubeconfig(), look),
      /\n\nthe kubeconfig's identity\n[^]+\n\nthe kubeconfig's rights\n/,
    );
  });

  it("isn't asked for what the settings accept", async () => {
    answerAsCluster(server, {});
    const accept = ["network-policy", "storage-class", "load-balancer"] as const;
    await checkUpFront({ ...cluster, accept }, kubeconfig(), look);
  });

  describe("whose policies packets are to show", () => {
    const byPackets = { ...cluster, policyCheck: "packets" } as const;
    const rest = { storageClasses: [defaultClass("standard")], services: [served] };
    const made = (): readonly string[] =>
      server.requests.filter((each) => /^(POST|DELETE) .*\/namespaces/.test(each));

    it("gets a namespace for it, which is deleted again, and is refused where nothing can be seen", async () => {
      answerAsCluster(server, rest);
      const places = "/api/v1/namespaces";
      server.on(`GET ${places}?labelSelector=app%3Dterp-policy-proof`, [200, { items: [] }]);
      server.on(`POST ${places}`, [201, { metadata: { name: "terp-policy-proof-x" } }]);
      server.on(`POST ${places}/terp-policy-proof-x/pods`, [403, "no pods here"]);
      server.on(`DELETE ${places}/terp-policy-proof-x`, [200, {}]);
      const patience = { start: 0, pause: 0, looks: 1 };
      await assert.rejects(
        checkUpFront(byPackets, kubeconfig(), { ...look, patience }),
        /\n {2}given {5}nothing that packets could show \(.*the API server answered 403: no pods here\)\n/,
      );
      assert.deepEqual(
        [made().at(0), made().at(-1)],
        [`POST ${places}`, `DELETE ${places}/terp-policy-proof-x`],
      );
    });

    it("gets nothing in a preview, which then says nothing of policies", async () => {
      answerAsCluster(server, rest);
      await checkUpFront(byPackets, kubeconfig(), { isPreview: true });
      assert.deepEqual(made(), []);
    });

    it("gets nothing where it is refused anyway", async () => {
      answerAsCluster(server, { services: [served] });
      await assert.rejects(checkUpFront(byPackets, kubeconfig(), look), /default storage class/);
      assert.deepEqual(made(), []);
    });

    it("gets nothing where the settings accept that it has none", async () => {
      answerAsCluster(server, rest);
      await checkUpFront({ ...byPackets, accept: ["network-policy"] }, kubeconfig(), look);
      assert.deepEqual(made(), []);
    });
  });

  it("that can't be reached is named, with the reason", async () => {
    await assert.rejects(checkUpFront(cluster, kubeconfig("http://127.0.0.1:9"), look), {
      message:
        /^cluster\.kubeconfig: http:\/\/127\.0\.0\.1:9 can't be reached \(.+\); expected a cluster that answers from here, to the kubeconfig's credentials$/,
    });
  });

  it("that doesn't know us is named", async () => {
    for (const path of ["/version", "/apis/apps/v1/daemonsets"]) server.on(`GET ${path}`, [401, "no"]);
    await assert.rejects(checkUpFront(cluster, kubeconfig(), look), (error: Error) => {
      assert.ok(error.message.includes("doesn't know the credentials"), error.message);
      assert.ok(!error.message.includes("the token"));
      return true;
    });
  });

  it("is the one of the context that the settings name", async () => {
    const other = { ...cluster, kubeconfig: { kind: "secret", context: "nowhere" } } as const;
    await assert.rejects(checkUpFront(other, kubeconfig(), look), /"nowhere" names no cluster or user/);
  });
});
