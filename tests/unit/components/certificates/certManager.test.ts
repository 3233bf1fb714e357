import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { CertManager, type CertManagerArgs } from "../../../../components/certificates/certManager";
import { platformIssuer } from "../../../../infra/config/certificatesSection";
import { waitsFor } from "../../../support/platformRun";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const least: CertManagerArgs = {
  environment: "dev",
  chart: { name: "cert-manager", repository: "https://charts.example.org", version: "v1.0.0" },
  kubeconfig: "an administrator's kubeconfig",
  podSecurityVersion: "v1.34",
  issuer: {
    kind: "acme",
    server: "https://acme.example.org/directory",
    email: "platform@example.org",
    solver: { kind: "http01", ingressClass: "nginx" },
  },
};

async function make(changes: Partial<CertManagerArgs> = {}): Promise<Recorder> {
  const record = recorder({
    outputs: ({ type }) => (type.endsWith(":ReleaseRecords") ? { repair: "" } : {}),
  });
  const made = new CertManager("cert-manager", { ...least, ...changes });
  await resolve(made.ready.urn);
  await record.settled();
  return record;
}

const release = "Release/cert-manager/cert-manager";
const authority = {
  certificate: pulumi.output("the CA's certificate"),
  privateKey: pulumi.secret("the CA's key"),
};

describe("cert-manager", () => {
  it("makes the issuer only after its chart, with the job that waits for its webhook, is done", async () => {
    const record = await make();
    assert.ok(record.byName("ClusterIssuer/terp").dependsOn.includes(release));
  });

  it("makes the issuer under the name by which settings know it", async () => {
    (await make()).byName(`ClusterIssuer/${platformIssuer}`);
  });

  it("has its issuer waited for, but not for ever", async () => {
    const { metadata } = (await make()).byName("ClusterIssuer/terp").inputs;
    assert.equal(metadata.annotations["pulumi.com/waitFor"], "condition=Ready");
    assert.equal(metadata.annotations["pulumi.com/timeoutSeconds"], "180");
  });

  it("runs twice over nodes, and keeps its definitions when it goes", async () => {
    const { values } = (await make()).byName(release).inputs;
    assert.deepEqual(
      [values.replicaCount, values.webhook.replicaCount, values.cainjector.replicaCount],
      [2, 2, 2],
    );
    assert.deepEqual(values.podDisruptionBudget, { enabled: true, minAvailable: 1 });
    assert.deepEqual(values.crds, { enabled: true, keep: true });
  });

  it("makes the certificates of Gateways where there are any, and doesn't look for their kind elsewhere", async () => {
    const configOf = async (changes: Partial<CertManagerArgs>): Promise<unknown> =>
      (await make(changes)).byName(release).inputs.values.config;
    assert.deepEqual(await configOf({ gateways: true }), { enableGatewayAPI: true });
    assert.equal(await configOf({}), undefined);
  });

  it("has no budget that would hold up a node's end where there is one pod of each", async () => {
    const { values } = (await make({ replicas: 1 })).byName(release).inputs;
    assert.deepEqual(values.podDisruptionBudget, { enabled: false });
  });

  it("pulls its images from the mirror", async () => {
    const { values } = (await make({ source: { imageMirror: "mirror.example.org/all" } })).byName(
      release,
    ).inputs;
    assert.deepEqual(
      [values.imageRegistry, values.imageNamespace],
      ["mirror.example.org", "all/quay.io/jetstack"],
    );
  });

  it("asks an ACME authority, which sees an answer on port 80", async () => {
    const { acme } = (await make()).byName("ClusterIssuer/terp").inputs.spec;
    assert.equal(acme.server, "https://acme.example.org/directory");
    assert.deepEqual(acme.solvers, [{ http01: { ingress: { ingressClassName: "nginx" } } }]);
  });

  it("answers on port 80 through a Gateway's listener, where there is no class of Ingresses", async () => {
    const gateway = { namespace: "gateway", name: "platform", sectionName: "http" };
    const solver = { kind: "http01-gateway", gateway } as const;
    const record = await make({ issuer: { ...least.issuer, kind: "acme", server: "", email: "", solver } });
    assert.deepEqual(record.byName("ClusterIssuer/terp").inputs.spec.acme.solvers, [
      { http01: { gatewayHTTPRoute: { parentRefs: [{ kind: "Gateway", ...gateway }] } } },
    ]);
  });

  it("trusts an authority's server by certificates of its own, or as everybody does", async () => {
    const bundleOf = async (authority?: string): Promise<unknown> => {
      const solver = { kind: "http01", ingressClass: "nginx" } as const;
      const issuer = { kind: "acme", server: "", email: "", authority, solver } as const;
      return (await make({ issuer })).byName("ClusterIssuer/terp").inputs.spec.acme.caBundle;
    };
    assert.equal(await bundleOf("the CA's certificate"), "dGhlIENBJ3MgY2VydGlmaWNhdGU=");
    assert.equal(await bundleOf(), undefined);
  });

  it("answers in each zone of Azure DNS as the identity that may write it, by workload identity", async () => {
    const solver = {
      kind: "azure-dns",
      zones: ["a.example.org", "b.example.org"],
      subscription: "the subscription",
      resourceGroup: "dns",
      identity: "the identity",
    } as const;
    const record = await make({ issuer: { ...least.issuer, kind: "acme", server: "", email: "", solver } });
    const { solvers } = record.byName("ClusterIssuer/terp").inputs.spec.acme;
    assert.deepEqual(
      solvers.map((each: any) => each.selector.dnsZones),
      [["a.example.org"], ["b.example.org"]],
    );
    assert.deepEqual(solvers[0].dns01.azureDNS, {
      hostedZoneName: "a.example.org",
      subscriptionID: "the subscription",
      resourceGroupName: "dns",
      environment: "AzurePublicCloud",
      managedIdentity: { clientID: "the identity" },
    });
    const { podLabels } = record.byName(release).inputs.values;
    assert.deepEqual(podLabels, { "azure.workload.identity/use": "true" });
  });

  it("answers in the zones of Route 53 as the role of its service account", async () => {
    const solver = { kind: "route53", zones: ["a.example.org"], region: "eu-west-1" } as const;
    const issuer = { kind: "acme", server: "", email: "", solver } as const;
    const record = await make({ issuer, role: "arn:aws:iam::123456789012:role/dns" });
    assert.deepEqual(record.byName("ClusterIssuer/terp").inputs.spec.acme.solvers, [
      { selector: { dnsZones: ["a.example.org"] }, dns01: { route53: { region: "eu-west-1" } } },
    ]);
    assert.deepEqual(record.byName(release).inputs.values.serviceAccount.annotations, {
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dns",
    });
  });

  it("is another pod where it is another role: the former one has the former role's rights", async () => {
    const record = await make({ authority, role: "arn:aws:iam::123456789012:role/dns" });
    assert.deepEqual(record.byName(release).inputs.values.podAnnotations, {
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dns",
    });
  });

  it("issues by the private CA, whose key it gets in a Secret and in no value", async () => {
    const record = await make({ issuer: { kind: "private-ca" }, authority });
    assert.deepEqual(record.byName("ClusterIssuer/terp").inputs.spec, {
      ca: { secretName: "terp-private-ca" },
    });
    const { stringData } = record.byName("Secret/cert-manager/terp-private-ca").inputs;
    assert.ok(record.isSecret(stringData));
    assert.ok(waitsFor(record, record.byName(release)).has("Secret/cert-manager/terp-private-ca"));
  });

  it("isn't made for a private CA that isn't there", async () => {
    await assert.rejects(make({ issuer: { kind: "private-ca" } }), {
      message: "cert-manager: got no private CA, expected one because it is the issuer",
    });
  });
});
