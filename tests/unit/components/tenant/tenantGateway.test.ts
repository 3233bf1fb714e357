import { strict as assert } from "node:assert";

import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";

const gateway = {
  class: "terp",
  certificates: { kind: "cert-manager", clusterIssuer: "acme" },
} as const;

async function afterMaking(
  platform: Parameters<typeof aTenantPlatform>[0],
  changes: Partial<TenantArgs> = {},
): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", { platform: aTenantPlatform(platform), namespaces: ["app"], ...changes });
  await record.settled();
  return record;
}

const claimed = (record: Recorder): unknown =>
  record.byName("Namespace/team-blue-app").inputs.metadata.annotations["terp.dev/domains"];
const hostnames = (record: Recorder): unknown =>
  record
    .byName("Gateway/gateway/team-blue")
    .inputs.spec.listeners.map(({ hostname }: { hostname: string }) => hostname);

describe("a tenant on a platform with a domain", () => {
  it("may claim one of its own below it without asking, beside those that it is given", async () => {
    const record = await afterMaking({ domain: "apps.example.org" }, { domains: ["blue.test"] });
    assert.equal(claimed(record), "team-blue.apps.example.org,blue.test");
  });

  it("has no Gateway where the platform has none", async () => {
    const record = await afterMaking({ domain: "apps.example.org" });
    assert.deepEqual(
      record.resources.filter(({ name }) => name.includes("Gateway")),
      [],
    );
  });

  it("has a Gateway for all that it may claim", async () => {
    const record = await afterMaking({ domain: "apps.example.org", gateway }, { domains: ["blue.test"] });
    assert.deepEqual(hostnames(record), [
      "team-blue.apps.example.org",
      "*.team-blue.apps.example.org",
      "blue.test",
      "*.blue.test",
    ]);
  });

  it("has its Gateway before its repository is applied, so that nothing of it goes while that is protected", async () => {
    const record = await afterMaking({ domain: "apps.example.org", gateway });
    const { dependsOn } = record.byName("Kustomization/terp-tenant-team-blue/apps");
    assert.ok(dependsOn.includes("Gateway/gateway/team-blue"));
  });
});

describe("a tenant on a platform with a gateway and without a domain of its own", () => {
  it("has a Gateway for what it is given, and none without", async () => {
    assert.deepEqual(hostnames(await afterMaking({ gateway }, { domains: ["blue.test"] })), [
      "blue.test",
      "*.blue.test",
    ]);
    const { resources } = await afterMaking({ gateway });
    assert.ok(!resources.some(({ name }) => name.includes("Gateway")));
  });
});
