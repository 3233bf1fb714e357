import assert from "node:assert/strict";
import { KubeApi } from "../../../../infra/cluster/kubeApi";
import { composeTenant, tenantNames, type TenantFacts } from "../../../../cli/tenant/view/compose";
import { readCluster } from "../../../../cli/tenant/view/readCluster";
import { ScriptedServer } from "../../../support/scriptedServer";

const labels = { "terp.dev/tenant": "team-blue", "terp.dev/role": "tenant" };
const control = "terp-tenant-team-blue";
const app = "team-blue-app";

const ready = [
  { type: "Ready", status: "True", message: "Applied", lastTransitionTime: "2026-11-01T10:00:00Z" },
];
const items = (...objects: readonly object[]) => [200, { items: objects }] as const;
const own = (name: string, more: object = {}) => ({ metadata: { name, namespace: app }, ...more });

/** What the cluster answers, by collection. */
const answers: Readonly<Record<string, readonly [number, unknown]>> = {
  "/api/v1/namespaces": items({
    metadata: {
      name: app,
      labels: { ...labels, "reaches.terp.dev/team-red": "true" },
      annotations: { "terp.dev/domains": "blue.example.org,blue.example.com" },
    },
  }),
  "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations": items({
    metadata: { name: "apps", namespace: control, labels },
    spec: { sourceRef: { name: "apps" } },
    status: { conditions: ready, lastAppliedRevision: "main@sha1:0123456789abcdef" },
  }),
  "/apis/source.toolkit.fluxcd.io/v1/gitrepositories": items({
    metadata: { name: "apps", namespace: control, labels },
    status: { conditions: ready },
  }),
  "/api/v1/resourcequotas": items({
    metadata: { name: "terp", namespace: app, labels },
    spec: { hard: { pods: "20", "services.nodeports": "0" } },
    status: { hard: { pods: "20", "services.nodeports": "0" }, used: { pods: "3" } },
  }),
  "/apis/rbac.authorization.k8s.io/v1/rolebindings": items(
    {
      metadata: { name: "terp-viewer", namespace: app, labels },
      roleRef: { kind: "ClusterRole", name: "terp-viewer" },
      subjects: [{ kind: "Group", name: "staff" }],
    },
    {
      metadata: { name: "terp-owner", namespace: app, labels },
      roleRef: { kind: "ClusterRole", name: "terp-owner" },
      subjects: [
        { kind: "Group", name: "blue" },
        { kind: "Group", name: "admins" },
      ],
    },
    {
      metadata: { name: "terp-robot", namespace: app, labels },
      roleRef: { kind: "ClusterRole", name: "terp-robot" },
      subjects: [{ kind: "ServiceAccount", name: "robot-delivery", namespace: control }],
    },
    { metadata: { name: "terp-tenant", namespace: app, labels }, roleRef: { name: "terp-tenant" } },
  ),
  [`/api/v1/namespaces/${app}/pods`]: items(
    own("web-1", {
      status: {
        containerStatuses: [{ state: { waiting: { reason: "ImagePullBackOff", message: "no such image" } } }],
      },
    }),
    own("job-1", {
      status: { containerStatuses: [{ state: { waiting: { reason: "CreateContainerConfigError" } } }] },
    }),
    own("fine-1", { status: { containerStatuses: [{ state: { running: {} } }] } }),
  ),
  [`/apis/apps/v1/namespaces/${app}/deployments`]: items(
    own("web", { spec: { replicas: 1 }, status: { observedGeneration: 1 } }),
    own("fine", {
      spec: { replicas: 1 },
      status: { observedGeneration: 1, readyReplicas: 1, updatedReplicas: 1 },
    }),
  ),
  [`/apis/apps/v1/namespaces/${app}/statefulsets`]: items(),
  [`/apis/apps/v1/namespaces/${app}/daemonsets`]: items(),
  [`/api/v1/namespaces/${app}/persistentvolumeclaims`]: items(
    own("old", { spec: { resources: { requests: { storage: "1Gi" } } }, status: { phase: "Pending" } }),
    own("data", { status: { phase: "Bound", capacity: { storage: "5Gi" } } }),
  ),
  [`/api/v1/namespaces/${app}/events`]: items(
    own("e1", {
      type: "Warning",
      reason: "BackOff",
      message: "again\n and again",
      count: 7,
      lastTimestamp: "2026-11-01T09:00:00Z",
      involvedObject: { kind: "Pod", name: "web-1" },
    }),
    own("e2", {
      type: "Warning",
      reason: "Failed",
      message: "no",
      eventTime: "2026-11-01T09:30:00Z",
      involvedObject: { kind: "Pod", name: "job-1" },
    }),
    own("e3", {
      type: "Normal",
      reason: "Pulled",
      message: "yes",
      involvedObject: { kind: "Pod", name: "fine-1" },
    }),
  ),
  [`/api/v1/namespaces/${control}/secrets/sops-age`]: [
    200,
    {
      kind: "PartialObjectMetadata",
      metadata: {
        name: "sops-age",
        namespace: control,
        annotations: { "terp.dev/recipient": "age1new", "terp.dev/former-recipients": "age1old age1older" },
      },
    },
  ],
};

describe("what the cluster has of a tenant", () => {
  let server: ScriptedServer;
  let api: KubeApi;

  /** Answers to each collection, whatever is selected from it. */
  function answer(changes: Readonly<Record<string, readonly [number, unknown]>> = {}): void {
    const all = { ...answers, ...changes };
    const blue = "labelSelector=terp.dev%2Ftenant%3Dteam-blue";
    const queries: Readonly<Record<string, string>> = {
      "/api/v1/namespaces": `${blue}%2Cterp.dev%2Frole%3Dtenant`,
      [`/api/v1/namespaces/${app}/events`]: "fieldSelector=type%3DWarning",
    };
    for (const [path, [status, body]] of Object.entries(all)) {
      const query = queries[path] ?? (path.includes("/namespaces/") ? "" : blue);
      server.on(`GET ${path}${query === "" ? "" : `?${query}`}`, [status, body]);
    }
  }

  beforeEach(async () => {
    server = await ScriptedServer.start();
    api = new KubeApi({ server: server.url });
  });

  afterEach(async () => {
    await api.close();
    await server.stop();
  });

  const factsOf = async (): Promise<TenantFacts> => ({
    state: undefined,
    cluster: await readCluster(api, "team-blue"),
    clusterReason: "",
  });

  it("is all of its parts, without the state", async () => {
    answer();
    const facts = await factsOf();
    assert.deepEqual(tenantNames(facts), ["team-blue"]);
    assert.deepEqual(composeTenant("team-blue", facts), {
      name: "team-blue",
      ready: true,
      reason: "Applied",
      suspended: false,
      revision: "main@sha1:0123456789abcdef",
      reconciled: "2026-11-01T10:00:00Z",
      repository: undefined,
      brought: undefined,
      recipient: "age1new",
      former: ["age1old", "age1older"],
      namespaces: [{ name: app, size: undefined, quota: [{ resource: "pods", used: "3", hard: "20" }] }],
      people: [
        { role: "owner", members: ["admins", "blue"] },
        { role: "viewer", members: ["staff"] },
        { role: "robot", members: ["delivery"] },
      ],
      allowances: [
        { what: "reaches", values: ["team-red"] },
        { what: "domains", values: ["blue.example.org", "blue.example.com"] },
      ],
      troubles: [
        { what: `${app}/Deployment/web`, reason: "ImagePullBackOff: no such image" },
        { what: `${app}/Pod/job-1`, reason: "CreateContainerConfigError" },
      ],
      volumes: [
        { name: `${app}/data`, phase: "Bound", size: "5Gi" },
        { name: `${app}/old`, phase: "Pending", size: "1Gi" },
      ],
      warnings: [
        { what: `${app}/Pod/job-1`, reason: "Failed", message: "no", count: 1, last: "2026-11-01T09:30:00Z" },
        {
          what: `${app}/Pod/web-1`,
          reason: "BackOff",
          message: "again and again",
          count: 7,
          last: "2026-11-01T09:00:00Z",
        },
      ],
    });
  });

  it("has nothing of the private key", async () => {
    answer();
    assert.ok(!JSON.stringify(composeTenant("team-blue", await factsOf())).includes("c2VjcmV0"));
  });

  it("takes repository and recipient from the state, where there is one", async () => {
    answer();
    const state = {
      names: ["team-blue"],
      repositories: { "team-blue": "http://git/team-blue/apps" },
      recipients: { "team-blue": "age1state" },
      deployKeys: {},
      environment: "dev",
    };
    const view = composeTenant("team-blue", { ...(await factsOf()), state });
    assert.deepEqual([view.repository, view.recipient], ["http://git/team-blue/apps", "age1state"]);
  });

  it("takes the deploy key of a repository that it brought along from there as well, with the folder that is applied", async () => {
    answer();
    const state = {
      names: ["team-blue"],
      repositories: {},
      recipients: {},
      deployKeys: { "team-blue": "ssh-ed25519 AAAA" },
      environment: "dev",
    };
    const facts = await factsOf();
    assert.deepEqual(composeTenant("team-blue", { ...facts, state }).brought, {
      deployKey: "ssh-ed25519 AAAA",
      folder: "environments/dev",
    });
    assert.equal(composeTenant("team-blue", facts).brought, undefined);
  });

  it("is said to be suspended, and that is no fault", async () => {
    const kustomization = { metadata: { name: "apps", namespace: control, labels }, spec: { suspend: true } };
    answer({ "/apis/kustomize.toolkit.fluxcd.io/v1/kustomizations": items(kustomization) });
    const view = composeTenant("team-blue", await factsOf());
    assert.deepEqual(
      [view.suspended, view.ready, view.reason],
      [true, true, "suspended: nothing is applied"],
    );
  });

  it("is shown without what the API server refuses, which is named", async () => {
    answer({
      [`/api/v1/namespaces/${app}/events`]: [403, "no"],
      [`/api/v1/namespaces/${control}/secrets/sops-age`]: [403, "no"],
    });
    const cluster = await readCluster(api, "team-blue");
    assert.deepEqual(cluster.events, []);
    assert.equal(cluster.key, undefined);
    const unread = cluster.unread.map((each) => each.split(": ")[0]);
    assert.deepEqual(unread.sort(), ["events", "the tenant's key"]);
  });

  it("is nothing where the cluster doesn't answer", async () => {
    server.on(
      "GET /api/v1/namespaces?labelSelector=terp.dev%2Ftenant%3Dteam-blue%2Cterp.dev%2Frole%3Dtenant",
      "nothing",
    );
    await assert.rejects(readCluster(api, "team-blue"), { message: "fetch failed" });
  });
});

describe("a tenant that only the state knows", () => {
  const state = {
    names: ["team-blue"],
    repositories: {},
    recipients: { "team-blue": "age1state" },
    deployKeys: {},
    environment: "dev",
  };

  it("isn't ready, for what is wrong with the cluster", () => {
    const facts: TenantFacts = { state, cluster: undefined, clusterReason: "Stack local has no cluster." };
    assert.deepEqual(tenantNames(facts), ["team-blue"]);
    const { ready, reason, recipient } = composeTenant("team-blue", facts);
    assert.deepEqual([ready, reason, recipient], [false, "Stack local has no cluster.", "age1state"]);
  });
});
