import { strict as assert } from "node:assert";

import { ExternalDns, type ExternalDnsArgs } from "../../../../components/dns/externalDns";
import { waitsFor } from "../../../support/platformRun";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const least: ExternalDnsArgs = {
  environment: "dev",
  chart: { name: "external-dns", repository: "https://charts.example.org", version: "1.0.0" },
  kubeconfig: "an administrator's kubeconfig",
  podSecurityVersion: "v1.34",
  provider: { kind: "route53", region: "eu-west-1", role: "arn:aws:iam::123456789012:role/dns" },
  zones: ["dev.example.org"],
};

async function make(changes: Partial<ExternalDnsArgs> = {}): Promise<Recorder> {
  const record = recorder({
    outputs: ({ type }) => (type.endsWith(":ReleaseRecords") ? { repair: "" } : {}),
  });
  const made = new ExternalDns("external-dns", { ...least, ...changes });
  await resolve(made.ready.urn);
  await record.settled();
  return record;
}

async function values(changes: Partial<ExternalDnsArgs> = {}): Promise<any> {
  return (await make(changes)).byName("Release/external-dns/external-dns").inputs.values;
}

describe("external-dns", () => {
  it("owns records by the environment's name, which a cluster that was made again has too", async () => {
    const { txtOwnerId, registry } = await values();
    assert.deepEqual([registry, txtOwnerId], ["txt", "terp-dev"]);
  });

  it("writes to the platform's zones alone", async () => {
    const { domainFilters } = await values({ zones: ["a.example.org", "b.example.org"] });
    assert.deepEqual(domainFilters, ["a.example.org", "b.example.org"]);
  });

  it("isn't made without zones: it would write to every one that it may", async () => {
    await assert.rejects(make({ zones: [] }), {
      message: 'external-dns: got no zones, expected one or more, such as "dev.example.org"',
    });
  });

  it("takes host names from where admission bounds them, and from no annotation", async () => {
    const { sources, extraArgs } = await values();
    assert.deepEqual(sources, ["ingress"]);
    assert.ok(extraArgs.includes("--ignore-hostname-annotation"));
    assert.deepEqual((await values({ hosts: "gateway-httproute" })).sources, ["gateway-httproute"]);
  });

  it("has what it needs to ignore annotations: a template, whose host is in no zone", async () => {
    const { extraArgs } = await values();
    assert.ok(extraArgs.includes("--fqdn-template=without-host.invalid"));
  });

  it("removes the records of what is gone, so that no name points at somebody else's address", async () => {
    assert.equal((await values()).policy, "sync");
  });

  it("writes to Route 53 as the role of its service account", async () => {
    const { provider, serviceAccount, env } = await values();
    assert.equal(provider.name, "aws");
    assert.deepEqual(serviceAccount.annotations, {
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dns",
    });
    assert.deepEqual(env, [{ name: "AWS_DEFAULT_REGION", value: "eu-west-1" }]);
  });

  it("is another pod where it is another role: the former one has the former role's rights", async () => {
    const { podAnnotations } = await values();
    assert.deepEqual(podAnnotations, {
      "eks.amazonaws.com/role-arn": "arn:aws:iam::123456789012:role/dns",
    });
  });

  describe("on Azure", () => {
    const provider = {
      kind: "azure-dns",
      tenant: "the directory",
      subscription: "the subscription",
      resourceGroup: "dns",
      identity: "the identity",
    } as const;

    it("writes as a managed identity, by workload identity", async () => {
      const { podLabels, serviceAccount } = await values({ provider });
      assert.deepEqual(podLabels, { "azure.workload.identity/use": "true" });
      assert.deepEqual(serviceAccount.annotations, { "azure.workload.identity/client-id": "the identity" });
    });

    it("is another pod where it is another identity", async () => {
      const { podAnnotations } = await values({ provider });
      assert.deepEqual(podAnnotations, { "azure.workload.identity/client-id": "the identity" });
    });

    it("is told where the zones are by a file without a secret, which is there before it", async () => {
      const record = await make({ provider });
      const { data } = record.byName("ConfigMap/external-dns/azure").inputs;
      assert.deepEqual(JSON.parse(String(data["azure.json"])), {
        tenantId: "the directory",
        subscriptionId: "the subscription",
        resourceGroup: "dns",
        useWorkloadIdentityExtension: true,
      });
      const release = record.byName("Release/external-dns/external-dns");
      assert.ok(waitsFor(record, release).has("ConfigMap/external-dns/azure"));
    });
  });

  it("pulls its image from the mirror", async () => {
    const { image } = await values({ source: { imageMirror: "mirror.example.org" } });
    assert.equal(image.repository, "mirror.example.org/registry.k8s.io/external-dns/external-dns");
  });
});
