import { strict as assert } from "node:assert";

import {
  limitsOf,
  quotaOf,
  sizeOf,
  sizes,
  type Size,
  type SizeClass,
} from "../../../../components/tenant/sizes";

const classes = ["small", "medium", "large"] as const satisfies readonly SizeClass[];

/** A quantity as Kubernetes writes it, as a number of cores or bytes. */
function amount(quantity: string): number {
  const [, digits, unit = ""] = /^(\d+)(m|Mi|Gi)?$/.exec(quantity) ?? assert.fail(`quantity "${quantity}"`);
  return Number(digits) * ({ m: 0.001, Mi: 2 ** 20, Gi: 2 ** 30 }[unit] ?? 1);
}

/** All that a size bounds, as numbers. */
function amounts(size: Size): readonly number[] {
  return [
    ...[size.cpuRequests, size.memoryRequests, size.memoryLimits, size.storage].map(amount),
    ...[size.volumeClaims, size.pods, size.services, size.configurationObjects, size.reconciled],
    amount(size.containerMemoryMaximum),
  ];
}

const own: Size = {
  cpuRequests: "3",
  memoryRequests: "5Gi",
  memoryLimits: "7Gi",
  storage: "11Gi",
  volumeClaims: 13,
  pods: 17,
  services: 19,
  reconciled: 7,
  configurationObjects: 23,
  containerDefault: { cpuRequest: "29m", memoryRequest: "31Mi", memoryLimit: "37Mi" },
  containerMemoryMaximum: "4Gi",
};

describe("a tenant's size", () => {
  it("is one that comes with Terp, by its name", () => {
    for (const name of classes) assert.equal(sizeOf(name), sizes[name]);
  });

  it("is one of the operator's own", () => {
    assert.equal(sizeOf(own), own);
  });

  for (const [name, cpu, memory, limit, storage, pods] of [
    ["small", "1", "1Gi", "2Gi", "10Gi", "20"],
    ["medium", "4", "8Gi", "16Gi", "50Gi", "60"],
    ["large", "16", "32Gi", "64Gi", "250Gi", "200"],
  ] as const) {
    it(`"${name}" bounds processor, memory, storage and pods`, () => {
      const quota = quotaOf(sizes[name]);
      assert.deepEqual(
        [
          quota["requests.cpu"],
          quota["requests.memory"],
          quota["limits.memory"],
          quota["requests.storage"],
          quota["pods"],
        ],
        [cpu, memory, limit, storage, pods],
      );
    });
  }

  it("grows in everything from one class to the next", () => {
    const [small, medium, large] = classes.map((name) => amounts(sizes[name]));
    small?.forEach((value, index) => {
      assert.ok(value < (medium?.[index] ?? 0), `small to medium, value ${String(index)}`);
      assert.ok((medium?.[index] ?? 0) < (large?.[index] ?? 0), `medium to large, value ${String(index)}`);
    });
  });

  for (const name of classes) {
    it(`"${name}" has room for as many pods as it admits, of containers that ask for nothing`, () => {
      const { containerDefault, pods, ...size } = sizes[name];
      assert.ok(amount(containerDefault.cpuRequest) * pods <= amount(size.cpuRequests), "processor");
      assert.ok(amount(containerDefault.memoryRequest) * pods <= amount(size.memoryRequests), "memory");
    });

    it(`"${name}" gives a container that asks for nothing no more than it may have`, () => {
      const { containerDefault, containerMemoryMaximum, memoryLimits } = sizes[name];
      assert.ok(amount(containerDefault.memoryRequest) <= amount(containerDefault.memoryLimit));
      assert.ok(amount(containerDefault.memoryLimit) <= amount(containerMemoryMaximum));
      assert.ok(amount(containerMemoryMaximum) <= amount(memoryLimits));
    });
  }
});

describe("a namespace's quota", () => {
  it("has every number of the size in its place", () => {
    assert.deepEqual(quotaOf(own), {
      "requests.cpu": "3",
      "requests.memory": "5Gi",
      "limits.memory": "7Gi",
      "requests.storage": "11Gi",
      persistentvolumeclaims: "13",
      pods: "17",
      services: "19",
      "services.nodeports": "0",
      "services.loadbalancers": "0",
      configmaps: "23",
      secrets: "23",
      "count/deployments.apps": "17",
      "count/replicasets.apps": "187",
      "count/statefulsets.apps": "17",
      "count/daemonsets.apps": "17",
      "count/controllerrevisions.apps": "187",
      "count/jobs.batch": "34",
      "count/cronjobs.batch": "17",
      "count/horizontalpodautoscalers.autoscaling": "17",
      "count/poddisruptionbudgets.policy": "17",
      "count/ingresses.networking.k8s.io": "19",
      "count/networkpolicies.networking.k8s.io": "20",
      "count/serviceaccounts": "20",
      "count/gitrepositories.source.toolkit.fluxcd.io": "7",
      "count/ocirepositories.source.toolkit.fluxcd.io": "7",
      "count/helmrepositories.source.toolkit.fluxcd.io": "7",
      "count/helmcharts.source.toolkit.fluxcd.io": "7",
      "count/kustomizations.kustomize.toolkit.fluxcd.io": "7",
      "count/helmreleases.helm.toolkit.fluxcd.io": "7",
      "count/httproutes.gateway.networking.k8s.io": "19",
      "count/grpcroutes.gateway.networking.k8s.io": "19",
      "count/certificates.cert-manager.io": "19",
      "count/certificaterequests.cert-manager.io": "76",
      "count/orders.acme.cert-manager.io": "76",
      "count/challenges.acme.cert-manager.io": "76",
    });
  });

  it("leaves out routes alone where a first start mustn't wait until they can be counted", () => {
    const all = Object.keys(quotaOf(own));
    const kept = Object.keys(quotaOf(own, false));
    assert.deepEqual(
      all.filter((name) => !kept.includes(name)),
      ["count/httproutes.gateway.networking.k8s.io", "count/grpcroutes.gateway.networking.k8s.io"],
    );
  });

  for (const kind of ["networkpolicies.networking.k8s.io", "serviceaccounts"]) {
    it(`leaves as many ${kind} as Services to the tenant, beside the one that is there without it`, () => {
      assert.equal(Number(quotaOf(own)[`count/${kind}`]), own.services + 1);
    });
  }

  for (const name of classes) {
    it(`of the size "${name}" opens no port of a node and no cloud's load balancer`, () => {
      const quota = quotaOf(sizes[name]);
      assert.equal(quota["services.nodeports"], "0");
      assert.equal(quota["services.loadbalancers"], "0");
    });
  }
});

describe("a namespace's limits", () => {
  it("are the size's for each container, with no limit of processor time", () => {
    assert.deepEqual(limitsOf(own), [
      {
        type: "Container",
        default: { memory: "37Mi" },
        defaultRequest: { cpu: "29m", memory: "31Mi" },
        max: { memory: "4Gi" },
      },
    ]);
  });
});
