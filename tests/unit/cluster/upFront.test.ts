import { strict as assert } from "node:assert";
import { stringify } from "yaml";

import { checkUpFront } from "../../../infra/cluster/upFront";
import type { ExistingCluster } from "../../../infra/config/existingSection";
import { answerAsCluster, defaultClass } from "../../support/aCluster";
import { ScriptedServer } from "../../support/scriptedServer";

const cluster: ExistingCluster = {
  kind: "existing",
  name: "theirs",
  kubernetesVersion: "1.34",
  kubeconfig: { kind: "secret" },
  deployers: { groups: ["operators"], users: [] },
  accept: [],
};

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
    await checkUpFront(cluster, kubeconfig(), undefined);
  });

  it("is refused with all that it lacks, before anything is done", async () => {
    answerAsCluster(server, { storageClasses: [defaultClass("standard")] });
    await assert.rejects(checkUpFront(cluster, kubeconfig(), undefined), (error: Error) => {
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
      checkUpFront(cluster, kubeconfig(), undefined),
      /\n\nthe kubeconfig's rights\n[^\n]+\n[^\n]+\n[^\n]+\n$/,
    );
  });

  it("isn't asked for what the settings accept", async () => {
    answerAsCluster(server, {});
    const accept = ["network-policy", "storage-class", "load-balancer"] as const;
    await checkUpFront({ ...cluster, accept }, kubeconfig(), undefined);
  });

  it("that can't be reached is named, with the reason", async () => {
    await assert.rejects(checkUpFront(cluster, kubeconfig("http://127.0.0.1:9"), undefined), {
      message:
        /^cluster\.kubeconfig: http:\/\/127\.0\.0\.1:9 can't be reached \(.+\); expected a cluster that answers from here, to the kubeconfig's credentials$/,
    });
  });

  it("that doesn't know us is named", async () => {
    for (const path of ["/version", "/apis/apps/v1/daemonsets"]) server.on(`GET ${path}`, [401, "no"]);
    await assert.rejects(checkUpFront(cluster, kubeconfig(), undefined), (error: Error) => {
      assert.ok(error.message.includes("doesn't know the credentials"), error.message);
      assert.ok(!error.message.includes("the token"));
      return true;
    });
  });

  it("is the one of the context that the settings name", async () => {
    const other = { ...cluster, kubeconfig: { kind: "secret", context: "nowhere" } } as const;
    await assert.rejects(checkUpFront(other, kubeconfig(), undefined), /"nowhere" names no cluster or user/);
  });
});
