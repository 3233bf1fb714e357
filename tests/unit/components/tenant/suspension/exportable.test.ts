import { strict as assert } from "node:assert";
import fc from "fast-check";

import {
  exportableKinds,
  fileOf,
  isExported,
  volumeEntry,
  withoutTraces,
  type Exportable,
} from "../../../../../components/tenant/suspension/exportable";

const every = ["create", "delete", "get", "list", "patch", "update", "watch"];

describe("the kinds of an API group that are exported", () => {
  /** Names of the kinds that are, of these. */
  function exported(...resources: Parameters<typeof exportableKinds>[2]): string[] {
    return exportableKinds("/apis/apps/v1", "apps/v1", resources).map(({ kind }) => kind);
  }
  const deployment = { name: "deployments", kind: "Deployment", namespaced: true, verbs: every };

  it("are known by what it takes to list them", () => {
    assert.deepEqual(exportableKinds("/apis/apps/v1", "apps/v1", [deployment]), [
      { root: "/apis/apps/v1", apiVersion: "apps/v1", kind: "Deployment", plural: "deployments" },
    ]);
  });

  const cases: readonly (readonly [string, Partial<typeof deployment>, boolean])[] = [
    ["that lives in namespaces", {}, true],
    ["of somebody's own definition", { name: "databases", kind: "Database" }, true],
    ["that can be listed and created alone", { verbs: ["list", "create"] }, true],
    ["that lives outside namespaces", { namespaced: false }, false],
    ["that is a part of another", { name: "deployments/status" }, false],
    ["that can be created alone, as a review of rights", { verbs: ["create"] }, false],
    ["that can't be created, as the use of memory", { verbs: ["get", "list"] }, false],
    ["without a verb", { verbs: [] }, false],
    ...[
      ["events", "Event"],
      ["endpoints", "Endpoints"],
      ["endpointslices", "EndpointSlice"],
      ["leases", "Lease"],
      ["controllerrevisions", "ControllerRevision"],
      ["pods", "PodMetrics"],
      ["helmcharts", "HelmChart"],
    ].map(([name = "", kind = ""]) => [`that the cluster makes: ${kind}`, { name, kind }, false] as const),
  ];
  for (const [what, changes, expected] of cases) {
    it(`${expected ? "have" : "don't have"} one ${what}`, () => {
      const kind = { ...deployment, ...changes };
      assert.deepEqual(exported(kind), expected ? [kind.kind] : []);
    });
  }

  it("are never more than there are, and each lives in namespaces and can be made again", () => {
    const resource = fc.record({
      name: fc.constantFrom("a", "b", "a/status", "b/scale"),
      kind: fc.constantFrom("A", "B", "Event", "Lease"),
      namespaced: fc.boolean(),
      verbs: fc.subarray(every),
    });
    fc.assert(
      fc.property(fc.array(resource), (resources) => {
        const found = exportableKinds("/api/v1", "v1", resources);
        const fitting = resources.filter(
          ({ name, kind, namespaced, verbs }) =>
            namespaced &&
            /^[ab]$/.test(name) &&
            /^[AB]$/.test(kind) &&
            verbs.includes("list") &&
            verbs.includes("create"),
        );
        assert.deepEqual(
          found.map(({ kind, plural }) => [kind, plural]),
          fitting.map(({ kind, name }) => [kind, name]),
        );
      }),
    );
  });
});

/** An object of a tenant's. */
function object(kind: string, name: string, more: Partial<Exportable> = {}): Exportable {
  return {
    apiVersion: "v1",
    kind,
    ...more,
    metadata: { name, namespace: "team-blue-app", ...more.metadata },
  };
}

describe("whether an object is exported", () => {
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-1", uid: "1" };
  for (const [what, given, expected] of [
    ["a ConfigMap of the tenant's", object("ConfigMap", "settings"), true],
    ["an account of the tenant's", object("ServiceAccount", "web"), true],
    ["a ConfigMap named as the account that each namespace has", object("ConfigMap", "default"), true],
    ["the certificate that each namespace has", object("ConfigMap", "kube-root-ca.crt"), false],
    ["the account that each namespace has", object("ServiceAccount", "default"), false],
    [
      "a pod that a ReplicaSet has made",
      object("Pod", "web-1-x", { metadata: { name: "web-1-x", ownerReferences: [owner] } }),
      false,
    ],
    [
      "a pod that nobody owns any more",
      object("Pod", "web", { metadata: { name: "web", ownerReferences: [] } }),
      true,
    ],
  ] as const) {
    it(`is ${expected ? "so" : "not so"} for ${what}`, () => {
      assert.equal(isExported(given), expected);
    });
  }
});

describe("an exported object", () => {
  const live = object("Deployment", "web", {
    apiVersion: "apps/v1",
    metadata: {
      name: "web",
      namespace: "team-blue-app",
      labels: { app: "web" },
      annotations: { note: "ours", "kubectl.kubernetes.io/last-applied-configuration": "{}" },
      uid: "1",
      resourceVersion: "2",
      generation: 3,
      creationTimestamp: "2026-01-01T00:00:00Z",
      managedFields: [{}],
      finalizers: ["x"],
      selfLink: "/x",
    },
    spec: { replicas: 2, status: "a field of that name" },
    status: { readyReplicas: 2 },
  });

  it("is what somebody would write to make it again", () => {
    assert.deepEqual(withoutTraces(live), {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: {
        name: "web",
        namespace: "team-blue-app",
        labels: { app: "web" },
        annotations: { note: "ours" },
      },
      spec: { replicas: 2, status: "a field of that name" },
    });
  });

  it("may have no labels and no annotations", () => {
    const bare = object("ConfigMap", "bare", { data: { a: "b" } });
    assert.deepEqual(withoutTraces(bare), bare);
  });

  it("that is a Secret has its values in one place: what `kubectl apply` noted of them isn't exported", () => {
    const secret = object("Secret", "login", {
      data: { password: "aGlkZGVu" },
      metadata: {
        name: "login",
        annotations: {
          "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"password":"aGlkZGVu"}}',
        },
      },
    });
    assert.equal(JSON.stringify(withoutTraces(secret)).split("aGlkZGVu").length, 2);
  });

  it("is left as it is by making it bare once more", () => {
    assert.deepEqual(withoutTraces(withoutTraces(live)), withoutTraces(live));
  });

  it("is not changed itself", () => {
    const before = JSON.stringify(live);
    withoutTraces(live);
    assert.equal(JSON.stringify(live), before);
  });
});

describe("the file of an exported object", () => {
  it("is in its namespace's folder, with its kind as `kubectl get -o name` has it, and its name", () => {
    assert.equal(fileOf(object("Secret", "login")), "manifests/team-blue-app/secret-login.yaml");
    const route = object("HTTPRoute", "web", { apiVersion: "gateway.networking.k8s.io/v1" });
    assert.equal(fileOf(route), "manifests/team-blue-app/httproute.gateway.networking.k8s.io-web.yaml");
  });

  it("is another one for another object, also of a group that has a kind of the same name", () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9.-]{0,4}[a-z0-9])?$/);
    const any = fc.record({
      apiVersion: fc.constantFrom("v1", "apps/v1", "example.org/v1", "serving.example.org/v1"),
      kind: fc.constantFrom("Service", "Serviceroute", "Secret"),
      metadata: fc.record({ name, namespace: fc.constantFrom("a", "a-b") }),
    });
    fc.assert(
      fc.property(any, any, (one, other) => {
        const isSame = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(fileOf(one) === fileOf(other), isSame);
      }),
      { numRuns: 500 },
    );
  });

  it("stays in the export's folder, whatever the object is called", () => {
    for (const name of [".", "..", "...", "a..b", "system:controller:x"])
      assert.match(fileOf(object("Role", name)), /^manifests\/team-blue-app\/role-[^/]+\.yaml$/);
  });
});

describe("what the list of volumes says of a claim", () => {
  it("is where its data is: the volume, its class and its size", () => {
    const claim = object("PersistentVolumeClaim", "data", {
      spec: {
        volumeName: "pvc-1",
        storageClassName: "fast",
        resources: { requests: { storage: "10Gi" } },
      },
    });
    assert.deepEqual(volumeEntry(claim), {
      namespace: "team-blue-app",
      claim: "data",
      volume: "pvc-1",
      storageClass: "fast",
      size: "10Gi",
    });
  });

  it("is empty where nothing is known: the claim has no volume yet", () => {
    for (const spec of [undefined, {}, { resources: {} }]) {
      const { volume, storageClass, size } = volumeEntry(object("PersistentVolumeClaim", "data", { spec }));
      assert.deepEqual([volume, storageClass, size], ["", "", ""]);
    }
  });
});
