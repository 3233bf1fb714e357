import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";

import { Gateway, type GatewayArgs } from "../../../../components/gateway/gateway";
import { TenantGateway } from "../../../../components/gateway/tenantGateway";
import { aFolder } from "../../../support/folders";
import { asYaml } from "../../../support/fluxRelease";
import { gatewayDefinitions } from "../../../support/gatewayDefinitions";
import { recorder, type Recorder } from "../../../support/recorder";

/** Stands for what makes certificates: a resource that says what it was asked for. */
class MadeCertificate extends pulumi.ComponentResource {
  static readonly asked: Record<string, readonly string[]> = {};

  constructor(name: string, hosts: readonly string[], options: pulumi.ComponentResourceOptions) {
    super("test:certificate", name, {}, options);
    MadeCertificate.asked[name] = hosts;
  }
}

const made: GatewayArgs["certificates"] = {
  kind: "made",
  make: ({ namespace, name, hosts }, options) => new MadeCertificate(`${namespace}/${name}`, hosts, options),
};

const args: GatewayArgs = {
  environment: "dev",
  podSecurityVersion: "v1.34",
  image: "traefik:1",
  class: "terp",
  replicas: 2,
  domain: "platform.test",
  crds: { kind: "installed" },
  exposure: { kind: "address", address: "10.0.0.2" },
  certificates: made,
};

async function afterMaking(changes: Partial<GatewayArgs> = {}): Promise<Recorder> {
  const record = recorder();
  new Gateway("gateway", { ...args, ...changes });
  await record.settled();
  return record;
}

describe("the gateway", () => {
  const folder = aFolder();

  it("is in a namespace that tenants' policies let in, with pods of the restricted profile alone", async () => {
    const { labels } = (await afterMaking()).byName("Namespace/gateway").inputs.metadata;
    assert.equal(labels["terp.dev/role"], "gateway");
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("has the environment's label on all that is in the cluster", async () => {
    const { resources } = await afterMaking();
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    assert.deepEqual(
      objects.filter(({ inputs }) => inputs.metadata.labels["terp.dev/environment"] !== "dev"),
      [],
    );
  });

  it("has its definitions before its class, where it brings them", async () => {
    const file = join(folder.path, "standard-install.yaml");
    writeFileSync(file, asYaml(gatewayDefinitions()));
    const record = await afterMaking({ crds: { kind: "file", file } });
    const definitions = record.ofType("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition");
    assert.equal(definitions.length, 7);
    assert.deepEqual(
      [...record.byName("GatewayClass/terp").dependsOn].sort(),
      definitions.map(({ name }) => name).sort(),
    );
  });

  it("reads Secrets of its own namespace, by a Role there, and of no other", async () => {
    const { resources } = await afterMaking();
    const rules = resources.filter(({ inputs }) => JSON.stringify(inputs.rules ?? "").includes('"secrets"'));
    assert.deepEqual(
      rules.map(({ name }) => name),
      ["Role/gateway/traefik"],
    );
  });

  it("reaches what answers challenges beside it, which nobody else reaches and which reaches nobody", async () => {
    const record = await afterMaking();
    const solvers = { podSelector: { matchLabels: { "acme.cert-manager.io/http01-solver": "true" } } };
    const ports = [{ port: 8089, protocol: "TCP" }];
    const { spec } = record.byName("NetworkPolicy/gateway/acme-solvers").inputs;
    assert.deepEqual(spec, {
      ...solvers,
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "traefik" } } }], ports }],
      egress: [],
    });
    const { egress } = record.byName("NetworkPolicy/gateway/traefik").inputs.spec;
    assert.ok(egress.some((rule: object) => isDeepStrictEqual(rule, { to: [solvers], ports })));
  });

  it("lets one pod go at a time, however many there are", async () => {
    const record = await afterMaking({ replicas: 3 });
    assert.equal(record.byName("Deployment/gateway/traefik").inputs.spec.replicas, 3);
    assert.equal(record.byName("PodDisruptionBudget/gateway/traefik").inputs.spec.maxUnavailable, 1);
  });

  it("is reached at the embedded node's address, on the ports of its own", async () => {
    const { spec } = (await afterMaking()).byName("Service/gateway/traefik").inputs;
    assert.deepEqual([spec.type, spec.externalIPs], ["ClusterIP", ["10.0.0.2"]]);
    assert.deepEqual(
      spec.ports.map(({ port }: { port: number }) => port),
      [80, 443],
    );
  });

  it("is reached by ports of the nodes, and its redirect names the one for HTTPS", async () => {
    const record = await afterMaking({ exposure: { kind: "node-port", http: 30080, https: 30443 } });
    const { spec } = record.byName("Service/gateway/traefik").inputs;
    assert.equal(spec.type, "NodePort");
    assert.deepEqual(
      spec.ports.map(({ nodePort }: { nodePort: number }) => nodePort),
      [30080, 30443],
    );
    const [rule] = record.byName("HTTPRoute/gateway/to-https").inputs.spec.rules;
    assert.equal(rule.filters[0].requestRedirect.port, 30443);
  });

  it("is reached by a load balancer, which is told what the configuration says", async () => {
    const annotations = { "example.org/internal": "true" };
    const record = await afterMaking({ exposure: { kind: "load-balancer", annotations } });
    const { metadata, spec } = record.byName("Service/gateway/traefik").inputs;
    assert.equal(spec.type, "LoadBalancer");
    assert.equal(metadata.annotations["example.org/internal"], "true");
    assert.equal(metadata.annotations["pulumi.com/patchFieldManager"], "terp");
  });

  it("serves the platform's own pages alone by its own Gateway, with a certificate for their names", async () => {
    const record = await afterMaking();
    const { spec } = record.byName("Gateway/gateway/platform").inputs;
    assert.deepEqual(MadeCertificate.asked["gateway/platform-tls"], ["platform.test", "*.platform.test"]);
    const [http, ...https] = spec.listeners;
    assert.equal(http.allowedRoutes.namespaces.from, "Same");
    assert.equal(https.length, 2);
    for (const { allowedRoutes } of https)
      assert.deepEqual(allowedRoutes.namespaces.selector, { matchLabels: { "terp.dev/role": "platform" } });
  });

  it("asks cert-manager by an annotation, where that makes the certificates", async () => {
    const record = await afterMaking({ certificates: { kind: "cert-manager", clusterIssuer: "acme" } });
    const { metadata } = record.byName("Gateway/gateway/platform").inputs;
    assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], "acme");
    assert.deepEqual(record.ofType("test:certificate"), []);
  });
});

describe("a tenant's Gateway", () => {
  async function afterMakingFor(domains: readonly string[]): Promise<Recorder> {
    const record = recorder();
    const gateway = { class: "terp", certificates: made };
    new TenantGateway("team-blue's", { environment: "dev", tenant: "team-blue", domains, gateway });
    await record.settled();
    return record;
  }

  it("lies beside the gateway's pods, and is the tenant's", async () => {
    const { metadata, spec } = (await afterMakingFor(["blue.test"])).byName(
      "Gateway/gateway/team-blue",
    ).inputs;
    assert.deepEqual([metadata.namespace, metadata.name], ["gateway", "team-blue"]);
    assert.equal(metadata.labels["terp.dev/tenant"], "team-blue");
    assert.equal(spec.gatewayClassName, "terp");
  });

  it("lets routes attach from the tenant's own namespaces, which no tenant can label", async () => {
    const { spec } = (await afterMakingFor(["blue.test"])).byName("Gateway/gateway/team-blue").inputs;
    for (const { allowedRoutes } of spec.listeners)
      assert.deepEqual(allowedRoutes.namespaces.selector, {
        matchLabels: { "terp.dev/tenant": "team-blue", "terp.dev/role": "tenant" },
      });
  });

  it("has one certificate for all its domains", async () => {
    await afterMakingFor(["blue.test", "blue.example.nl"]);
    assert.deepEqual(MadeCertificate.asked["gateway/team-blue-tls"], [
      "blue.test",
      "*.blue.test",
      "blue.example.nl",
      "*.blue.example.nl",
    ]);
  });
});
