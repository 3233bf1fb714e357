import { strict as assert } from "node:assert";

import {
  IngressNginx,
  ingressNginxNetworkPolicy,
  type IngressNginxArgs,
} from "../../../../components/ingress/ingressNginx";
import { waitsFor } from "../../../support/platformRun";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const least: IngressNginxArgs = {
  environment: "dev",
  chart: { name: "ingress-nginx", repository: "https://charts.example.org", version: "4.0.0" },
  kubeconfig: "an administrator's kubeconfig",
  podSecurityVersion: "v1.34",
  exposure: { kind: "load-balancer", annotations: {} },
};

async function make(changes: Partial<IngressNginxArgs> = {}): Promise<Recorder> {
  const record = recorder({
    outputs: ({ type }) => (type.endsWith(":ReleaseRecords") ? { repair: "" } : {}),
  });
  const made = new IngressNginx("ingress-nginx", { ...least, ...changes });
  await resolve(made.ready.urn);
  await record.settled();
  return record;
}

async function controller(changes: Partial<IngressNginxArgs> = {}): Promise<any> {
  return (await make(changes)).byName("Release/ingress-nginx/ingress-nginx").inputs.values.controller;
}

describe("ingress-nginx", () => {
  it("takes no snippet of anybody's, and no annotation of a high or critical risk", async () => {
    const { allowSnippetAnnotations, enableAnnotationValidations, config } = await controller();
    assert.deepEqual([allowSnippetAnnotations, enableAnnotationValidations], [false, true]);
    assert.equal(config["annotations-risk-level"], "Medium");
  });

  it("takes nothing of another namespace for an Ingress", async () => {
    assert.equal((await controller()).config["allow-cross-namespace-resources"], "false");
  });

  it("refuses an Ingress that it couldn't load, also while it is away", async () => {
    const { admissionWebhooks } = await controller();
    assert.deepEqual([admissionWebhooks.enabled, admissionWebhooks.failurePolicy], [true, "Fail"]);
  });

  it("runs twice over nodes, of which one is always left", async () => {
    const { replicaCount, minAvailable, topologySpreadConstraints } = await controller();
    assert.deepEqual([replicaCount, minAvailable], [2, 1]);
    assert.equal(topologySpreadConstraints[0].topologyKey, "kubernetes.io/hostname");
    assert.equal((await controller({ replicas: 5 })).replicaCount, 5);
  });

  it("answers for Ingresses of its own class, and for none of another ingress-nginx", async () => {
    const { ingressClass, ingressClassResource, watchIngressWithoutClass } = await controller({
      class: "web",
    });
    assert.deepEqual(
      [ingressClass, ingressClassResource.name, watchIngressWithoutClass],
      ["web", "web", false],
    );
    assert.deepEqual(
      [ingressClassResource.default, ingressClassResource.controllerValue],
      [false, "terp.dev/ingress-nginx"],
    );
  });

  it("has metrics, for what collects them and for nobody else: they name every tenant's hosts", async () => {
    assert.equal((await controller()).metrics.enabled, true);
    const rules = ingressNginxNetworkPolicy().ingress as any[];
    const open = rules.filter(({ from }) => from === undefined).flatMap(({ ports }) => ports);
    assert.deepEqual(
      open.map(({ port }) => port),
      [80, 443, 8443],
    );
    assert.deepEqual(
      rules.filter(({ from }) => from !== undefined),
      [
        {
          from: [{ namespaceSelector: { matchLabels: { "terp.dev/role": "collector" } } }],
          ports: [{ port: 10254, protocol: "TCP" }],
        },
      ],
    );
  });

  for (const [exposure, service] of [
    [
      { kind: "load-balancer", annotations: { "example.org/internal": "true" } },
      { type: "LoadBalancer", annotations: { "example.org/internal": "true" } },
    ],
    [
      { kind: "node-port", http: 30080, https: 30443 },
      { type: "NodePort", nodePorts: { http: 30080, https: 30443 } },
    ],
    [
      { kind: "address", address: "10.0.0.2" },
      { type: "ClusterIP", externalIPs: ["10.0.0.2"] },
    ],
  ] as const) {
    it(`is reached, with the client's address seen: ${exposure.kind}`, async () => {
      assert.deepEqual((await controller({ exposure })).service, {
        externalTrafficPolicy: "Local",
        ...service,
      });
    });
  }

  it("is let in by tenants' network policies, and its pods have no rights on the node", async () => {
    const { labels } = (await make()).byName("Namespace/ingress-nginx").inputs.metadata;
    assert.equal(labels["terp.dev/role"], "gateway");
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("is there only once its policy is", async () => {
    const record = await make();
    const release = record.byName("Release/ingress-nginx/ingress-nginx");
    assert.ok(waitsFor(record, release).has("NetworkPolicy/ingress-nginx/ingress-nginx"));
  });

  it("pulls its images from the mirror", async () => {
    const { image, admissionWebhooks } = await controller({
      source: { imageMirror: "mirror.example.org/all" },
    });
    const place = "mirror.example.org/all/registry.k8s.io/ingress-nginx";
    assert.deepEqual(
      [image.repository, admissionWebhooks.patch.image.repository],
      [`${place}/controller`, `${place}/kube-webhook-certgen`],
    );
  });
});
