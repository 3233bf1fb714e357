import assert from "node:assert/strict";
import type { View } from "../../../local/plugins/kubernetes/await/awaiter";
import { deploymentAwaiter } from "../../../local/plugins/kubernetes/await/deployment";
import { definitionAwaiter, ingressAwaiter } from "../../../local/plugins/kubernetes/await/others";
import { podAwaiter, podProblems } from "../../../local/plugins/kubernetes/await/pods";
import { serviceAwaiter } from "../../../local/plugins/kubernetes/await/service";
import { fulfilment, parseWaitFor, waitForAwaiter } from "../../../local/plugins/kubernetes/await/waitFor";
import {
  daemonSetAwaiter,
  jobAwaiter,
  statefulSetAwaiter,
} from "../../../local/plugins/kubernetes/await/workloads";
import type { JsonObject } from "../../../local/plugins/kubernetes/objects";

function view(object: JsonObject, rest: Partial<View> = {}): View {
  const full = {
    apiVersion: "v1",
    kind: "X",
    metadata: { name: "a", namespace: "n", generation: 2 },
    ...object,
  };
  return { object: full, related: {}, noted: [], elapsed: 0, isUpdate: false, ...rest };
}

describe("waiting for a Deployment", () => {
  const spec = { replicas: 2 };
  const done = { observedGeneration: 2, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

  it("ends when all Pods are new and available", () => {
    assert.equal(deploymentAwaiter.judge(view({ spec, status: done })).state, "ready");
  });

  for (const [what, change] of Object.entries({
    "the controller hasn't seen the change": { observedGeneration: 1 },
    "old Pods are left": { replicas: 3 },
    "a new Pod isn't available": { availableReplicas: 1 },
    "a Pod is old": { updatedReplicas: 1 },
  })) {
    it(`goes on while ${what}`, () => {
      assert.equal(deploymentAwaiter.judge(view({ spec, status: { ...done, ...change } })).state, "waiting");
    });
  }

  it("ends at once for no replicas", () => {
    assert.equal(
      deploymentAwaiter.judge(view({ spec: { replicas: 0 }, status: { observedGeneration: 2 } })).state,
      "ready",
    );
  });

  it("explains itself by its conditions and its Pods", () => {
    const conditions = [
      { type: "Available", status: "False", reason: "MinimumReplicasUnavailable", message: "none" },
    ];
    const problems = deploymentAwaiter.problems?.(view({ spec, status: { conditions } }));
    assert.deepEqual(problems, [
      "[MinimumReplicasUnavailable] none",
      "Minimum number of live Pods was not attained",
    ]);
  });
});

describe("waiting for Pods", () => {
  const conditions = [
    { type: "PodScheduled", status: "True" },
    { type: "Ready", status: "False", message: "containers with unready status: [c]" },
  ];

  it("ends when the Pod is ready or has succeeded", () => {
    assert.equal(podAwaiter.judge(view({ status: { phase: "Succeeded" } })).state, "ready");
    assert.equal(
      podAwaiter.judge(view({ status: { conditions: [{ type: "Ready", status: "True" }] } })).state,
      "ready",
    );
    assert.equal(podAwaiter.judge(view({ status: { conditions } })).state, "waiting");
  });

  it("names the container that can't start", () => {
    const containerStatuses = [
      { name: "c", state: { waiting: { reason: "ErrImageNeverPull", message: "no image" } } },
    ];
    assert.deepEqual(
      podProblems({ metadata: { name: "p", namespace: "n" }, status: { conditions, containerStatuses } }),
      ["[Pod n/p]: containers with unready status: [c][ErrImageNeverPull] no image"],
    );
  });

  it("tells exit codes", () => {
    const containerStatuses = [{ name: "c", state: { terminated: { reason: "Error", exitCode: 3 } } }];
    const status = { conditions: [], containerStatuses };
    assert.deepEqual(podProblems({ metadata: { name: "p" }, status }), [
      '[Pod p]: container "c" completed with exit code 3',
    ]);
  });
});

describe("waiting for a Service", () => {
  const spec = { selector: { app: "x" } };

  it("ends with the first endpoint, or after ten seconds", () => {
    assert.equal(serviceAwaiter.judge(view({ spec })).state, "waiting");
    const related = { EndpointSlice: [{ endpoints: [{ conditions: { ready: true } }] }] };
    assert.equal(serviceAwaiter.judge(view({ spec }, { related })).state, "ready");
    assert.equal(serviceAwaiter.judge(view({ spec }, { elapsed: 10_000 })).state, "ready");
  });

  it("ends at once where there is nothing to wait for", () => {
    for (const plain of [
      {},
      { ...spec, clusterIP: "None" },
      { type: "ExternalName", selector: { a: "b" } },
    ]) {
      assert.equal(serviceAwaiter.judge(view({ spec: plain })).state, "ready");
    }
  });

  it("wants an address for a load balancer", () => {
    const balancer = { type: "LoadBalancer" };
    assert.equal(serviceAwaiter.judge(view({ spec: balancer })).state, "waiting");
    const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
    assert.equal(serviceAwaiter.judge(view({ spec: balancer, status })).state, "ready");
  });
});

describe("waiting for other kinds", () => {
  it("knows when a Job has completed, failed, or was told to pause", () => {
    const job = (type: string) =>
      jobAwaiter.judge(view({ status: { conditions: [{ type, status: "True" }] } })).state;
    assert.deepEqual([job("Complete"), job("Failed"), job("Other")], ["ready", "failed", "waiting"]);
    assert.equal(job("FailureTarget"), "failed");
    assert.equal(jobAwaiter.judge(view({ spec: { suspend: true } })).state, "ready");
  });

  it("tells what was wrong with a Job's Pods at any time, and why it failed", () => {
    const conditions = [{ type: "FailureTarget", status: "True", reason: "Late", message: "too long" }];
    const terminated = { name: "c", state: { terminated: { exitCode: 3 } } };
    const pod = { metadata: { name: "p", namespace: "n" }, status: { containerStatuses: [terminated] } };
    const related = { Pod: [pod] };
    const noted = ["[Pod n/p]: unready", '[Pod n/p]: container "c" completed with exit code 3'];
    assert.deepEqual(jobAwaiter.problems?.(view({ status: { conditions } }, { related, noted })), [
      ...noted,
      "[Late] too long",
    ]);
  });

  it("counts a StatefulSet's and a DaemonSet's Pods", () => {
    const status = { observedGeneration: 2, readyReplicas: 1, updatedReplicas: 1 };
    assert.equal(statefulSetAwaiter.judge(view({ spec: { replicas: 1 }, status })).state, "ready");
    assert.equal(statefulSetAwaiter.judge(view({ spec: { replicas: 2 }, status })).state, "waiting");
    const daemons = {
      observedGeneration: 2,
      desiredNumberScheduled: 1,
      numberAvailable: 1,
      updatedNumberScheduled: 1,
    };
    assert.equal(daemonSetAwaiter.judge(view({ status: daemons })).state, "ready");
    assert.equal(
      daemonSetAwaiter.judge(view({ status: { ...daemons, numberAvailable: 0 } })).state,
      "waiting",
    );
  });

  it("waits for a definition to be established", () => {
    const conditions = [{ type: "Established", status: "True" }];
    assert.equal(definitionAwaiter.judge(view({ status: { conditions } })).state, "ready");
    assert.equal(definitionAwaiter.judge(view({})).state, "waiting");
  });

  it("wants an Ingress's Services to have endpoints, and an address", () => {
    const paths = [{ backend: { service: { name: "web" } } }];
    const spec = { rules: [{ http: { paths } }] };
    assert.equal(ingressAwaiter.problems?.(view({ spec })).length, 2);
    const related = {
      EndpointSlice: [{ metadata: { labels: { "kubernetes.io/service-name": "web" } }, endpoints: [{}] }],
    };
    const status = { loadBalancer: { ingress: [{ ip: "10.0.0.1" }] } };
    assert.equal(ingressAwaiter.judge(view({ spec, status }, { related })).state, "ready");
  });
});

describe("the annotation pulumi.com/waitFor", () => {
  const object = {
    status: { conditions: [{ type: "Ready", status: "False" }], list: [{ name: "a", n: 1 }] },
  };
  const isMet = (text: string) => parseWaitFor(text).every((wish) => fulfilment(object, wish).isMet);

  it("takes conditions, JSON paths and lists of them", () => {
    assert.ok(isMet("condition=Ready=False"));
    assert.ok(!isMet("condition=Ready"));
    assert.ok(isMet("jsonpath={.status.list[0].n}=1"));
    assert.ok(isMet('jsonpath={.status.conditions[?(@.type=="Ready")].status}=False'));
    assert.ok(!isMet("jsonpath={.status.absent}"));
    assert.ok(!isMet('["condition=Ready=False", "jsonpath={.status.list[*].name}=b"]'));
  });

  it("is refused if it is none of these", () => {
    assert.throws(
      () => parseWaitFor("nonsense"),
      /expected a "jsonpath=" or "condition=" prefix, got "nonsense"/,
    );
    assert.throws(() => parseWaitFor("[]"), /at least one/);
  });

  it("says what is missing", () => {
    const judged = waitForAwaiter(parseWaitFor("condition=Ready")).judge(view(object));
    assert.deepEqual(judged, {
      state: "waiting",
      progress: ["Resource has condition Ready=False (want True)"],
    });
  });
});
