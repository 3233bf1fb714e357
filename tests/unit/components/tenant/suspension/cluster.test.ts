import { strict as assert } from "node:assert";
import { stringify } from "yaml";

import { SuspensionCluster } from "../../../../../components/tenant/suspension/cluster";
import { ScriptedServer } from "../../../../support/scriptedServer";

const every = ["create", "delete", "get", "list", "patch", "update", "watch"];
const kustomize = "/apis/kustomize.toolkit.fluxcd.io/v1";
const networking = "/apis/networking.k8s.io/v1";
const inApp = "namespaces/team-blue-app";
const suspending = "?fieldManager=kubectl-terp-suspend";

/** A kind as discovery names it. */
const discovered = (name: string, kind: string): object => ({ name, kind, namespaced: true, verbs: every });
/** An object as a list has it: without its kind. */
const item = (name: string, labels: Record<string, string> = {}, more: object = {}): object => ({
  metadata: { name, namespace: "team-blue-app", labels, ...more },
});

describe("the cluster of a tenant that is suspended", () => {
  let server: ScriptedServer;
  let cluster: SuspensionCluster;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    server
      .on("GET /apis", [
        200,
        {
          groups: ["kustomize.toolkit.fluxcd.io/v1", "networking.k8s.io/v1"].map((groupVersion) => ({
            preferredVersion: { groupVersion },
          })),
        },
      ])
      .on("GET /api/v1", [
        200,
        { resources: [discovered("configmaps", "ConfigMap"), discovered("pods", "Pod")] },
      ])
      .on(`GET ${kustomize}`, [200, { resources: [discovered("kustomizations", "Kustomization")] }])
      .on(`GET ${networking}`, [200, { resources: [discovered("networkpolicies", "NetworkPolicy")] }])
      .on(`GET /api/v1/${inApp}/configmaps`, [200, { items: [item("settings"), item("kube-root-ca.crt")] }])
      .on(`GET /api/v1/${inApp}/pods`, [
        200,
        { items: [item("web-1", {}, { ownerReferences: [{ kind: "ReplicaSet", name: "web" }] })] },
      ])
      .on(`GET ${kustomize}/${inApp}/kustomizations`, [200, { items: [item("more"), item("others")] }])
      .on(`GET ${networking}/${inApp}/networkpolicies`, [
        200,
        { items: [item("terp", { "terp.dev/environment": "dev" }), item("theirs")] },
      ]);
    cluster = new SuspensionCluster(
      stringify({
        "current-context": "terp",
        clusters: [{ name: "terp", cluster: { server: server.url } }],
        users: [{ name: "admin", user: { token: "the administrator's" } }],
        contexts: [{ name: "terp", context: { cluster: "terp", user: "admin" } }],
      }),
    );
  });

  afterEach(async () => {
    await cluster.close();
    await server.stop();
  });

  const changes = (): string[] => server.requests.filter((request) => !request.startsWith("GET "));

  it("has what it stopped go on, and nothing that somebody else stopped", async () => {
    const stopped = (name: string, manager: string, field = "f:suspend"): object =>
      item(name, {}, { managedFields: [{ manager, fieldsV1: { "f:spec": { [field]: {} } } }] });
    server.on(`GET ${kustomize}/${inApp}/kustomizations`, [
      200,
      {
        items: [
          stopped("more", "kubectl-terp-suspend"),
          stopped("by-hand", "kubectl-edit"),
          stopped("changed", "kubectl-terp-suspend", "f:path"),
          item("others"),
        ],
      },
    ]);
    server.on(`PATCH ${kustomize}/${inApp}/kustomizations/more${suspending}`, [200, {}]);
    await cluster.resumeReconciling(["team-blue-app"]);
    assert.deepEqual(changes(), [`PATCH ${kustomize}/${inApp}/kustomizations/more${suspending}`]);
    assert.deepEqual(server.asked.at(-1)?.body, { spec: { suspend: null } });
  });

  it("tells of every object in a namespace that is the tenant's and made by nobody else, with its kind", async () => {
    const { objects, unread } = await cluster.objects(["team-blue-app"]);
    assert.deepEqual(
      objects.map(({ apiVersion, kind, metadata }) => [apiVersion, kind, metadata.name]),
      [
        ["v1", "ConfigMap", "settings"],
        ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "more"],
        ["kustomize.toolkit.fluxcd.io/v1", "Kustomization", "others"],
        ["networking.k8s.io/v1", "NetworkPolicy", "theirs"],
      ],
    );
    assert.deepEqual(unread, []);
  });

  it("tells of none where there is no namespace", async () => {
    assert.deepEqual(await cluster.objects([]), { objects: [], unread: [] });
  });

  it("names what can't be listed, and tells of the rest", async () => {
    const path = `${kustomize}/${inApp}/kustomizations`;
    server.on(`GET ${path}`, [503, "away"]);
    const { objects, unread } = await cluster.objects(["team-blue-app"]);
    assert.deepEqual(
      objects.map(({ metadata }) => metadata.name),
      ["settings", "theirs"],
    );
    assert.deepEqual(unread, [`kustomizations in team-blue-app: ${path}: the API server answered 503: away`]);
  });

  it("has Flux do nothing more for the tenant, as somebody whose changes Flux takes back when it resumes", async () => {
    for (const name of ["more", "others"])
      server.on(`PATCH ${kustomize}/${inApp}/kustomizations/${name}${suspending}`, [200, {}]);
    await cluster.stopReconciling(["team-blue-app"]);
    assert.deepEqual(
      changes(),
      ["more", "others"].map((name) => `PATCH ${kustomize}/${inApp}/kustomizations/${name}${suspending}`),
    );
    const [patch] = server.asked.filter(({ method }) => method === "PATCH");
    assert.deepEqual(
      [patch?.body, patch?.contentType],
      [{ spec: { suspend: true } }, "application/merge-patch+json"],
    );
  });

  it("isn't taken for stopped where something can't be", async () => {
    server.on(`PATCH ${kustomize}/${inApp}/kustomizations/more${suspending}`, [403, "no"]);
    await assert.rejects(cluster.stopReconciling(["team-blue-app"]), { status: 403 });
  });

  describe("with charts", () => {
    const helm = "/apis/helm.toolkit.fluxcd.io/v2";
    const pods = "GET /api/v1/namespaces/control/pods?labelSelector=app%3Dhelm-controller";
    const patched = `PATCH ${helm}/${inApp}/helmreleases/web${suspending}`;

    beforeEach(() => {
      server
        .on("GET /apis", [
          200,
          { groups: [{ preferredVersion: { groupVersion: "helm.toolkit.fluxcd.io/v2" } }] },
        ])
        .on(`GET ${helm}`, [200, { resources: [discovered("helmreleases", "HelmRelease")] }])
        .on(`GET ${helm}/${inApp}/helmreleases`, [200, { items: [item("web")] }])
        .on(patched, [200, {}]);
    });

    it("loses the finalizers of HelmReleases, whose controller couldn't take them away when the namespaces go", async () => {
      server.on(pods, [200, { items: [] }]);
      await cluster.releaseCharts("control", ["team-blue-app"]);
      assert.deepEqual(changes(), [patched]);
      const [patch] = server.asked.filter(({ method }) => method === "PATCH");
      assert.deepEqual(patch?.body, { metadata: { finalizers: null } });
    });

    it("loses them only when the controller has stopped, which would put them back", async () => {
      server.on(pods, [200, { items: [item("helm-controller-1")] }], [200, { items: [] }]);
      await cluster.releaseCharts("control", ["team-blue-app"]);
      assert.deepEqual(
        server.requests.filter((request) => request === pods || request === patched),
        [pods, pods, patched],
      );
    });
  });

  describe("with services under Argo CD", () => {
    const argo = "/apis/argoproj.io/v1alpha1";
    const applications = `${argo}/namespaces/argocd/applications`;

    it("loses the finalizers of their Applications, and of no other tenant's", async () => {
      const named = ["team-blue", "team-blue.shop", "team-blue-x.shop"].map((name) => ({
        ...item(name),
        // Argo CD's conditions have no status.
        status: { conditions: [{ type: "InvalidSpecError", message: "" }] },
      }));
      server
        .on("GET /apis", [200, { groups: [{ preferredVersion: { groupVersion: "argoproj.io/v1alpha1" } }] }])
        .on(`GET ${applications}`, [200, { items: named }])
        .on(`PATCH ${applications}/team-blue.shop${suspending}`, [200, {}]);
      await cluster.releaseServices("team-blue");
      assert.deepEqual(changes(), [`PATCH ${applications}/team-blue.shop${suspending}`]);
    });

    it("has none where Argo CD isn't there", async () => {
      await cluster.releaseServices("team-blue");
      assert.deepEqual(server.requests, ["GET /apis"]);
    });
  });

  it("loses the tenant's own network policies, and keeps the platform's", async () => {
    const theirs = `DELETE ${networking}/${inApp}/networkpolicies/theirs`;
    server.on(theirs, [200, {}]);
    await cluster.closeNetwork(["team-blue-app"]);
    assert.deepEqual(changes(), [theirs]);
  });

  it("may have lost them meanwhile", async () => {
    server.on(`DELETE ${networking}/${inApp}/networkpolicies/theirs`, [404, {}]);
    await cluster.closeNetwork(["team-blue-app"]);
  });

  it("isn't taken for closed where a policy stays", async () => {
    server.on(`DELETE ${networking}/${inApp}/networkpolicies/theirs`, [500, "no"]);
    await assert.rejects(cluster.closeNetwork(["team-blue-app"]), { status: 500 });
  });

  it("is asked as its administrator", async () => {
    await cluster.objects([]);
    assert.deepEqual(
      [...new Set(server.asked.map(({ authorization }) => authorization))],
      ["Bearer the administrator's"],
    );
  });
});
