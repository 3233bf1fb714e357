import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { platformDomains } from "../../../stacks/domains";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { asYaml } from "../../support/fluxRelease";
import { gatewayDefinitions } from "../../support/gatewayDefinitions";
import { objectsIn, run, waitsFor, type Made } from "../../support/platformRun";
import { resolve } from "../../support/resolve";

describe("the platform with a gateway", () => {
  const machine = aMachine();

  let onceMade: Promise<Made> | undefined;
  const made = (): Promise<Made> => (onceMade ??= withGateway());

  function withGateway(changes: { readonly issuer?: string } = {}): Promise<Made> {
    const file = join(machine.folder, "standard-install.yaml");
    writeFileSync(file, asYaml(gatewayDefinitions()));
    return run(
      aConfig({
        ingress: {
          kind: "gateway",
          domain: "terp.test",
          class: "terp",
          replicas: 1,
          crds: { kind: "release", file },
          ...changes,
        },
      }),
    );
  }

  it("has the gateway's image in the embedded cluster, and hasn't without", async () => {
    const services = ({ record }: Made): unknown =>
      record.resources.find(({ type }) => type.endsWith(":LocalCluster"))?.inputs.services as unknown;
    assert.deepEqual(services(await made()), ["gateway"]);
    assert.equal(services(await run(aConfig())), undefined);
  });

  it("is reached at the embedded node's address", async () => {
    const { record, outputs } = await made();
    assert.deepEqual(record.byName("Service/gateway/traefik").inputs.spec.externalIPs, ["10.0.0.2"]);
    assert.equal(await resolve(outputs.ingress?.address), "10.0.0.2");
  });

  it("gives each tenant a domain of its own and a Gateway for it, once Traefik runs", async () => {
    const { record, outputs } = await made();
    assert.deepEqual(outputs.tenants["team-blue"]?.domains, ["team-blue.apps.terp.test"]);
    const awaited = waitsFor(record, record.byName("Gateway/gateway/team-blue"));
    for (const needed of ["Deployment/gateway/traefik", "HTTPRoute/gateway/to-https"])
      assert.ok(awaited.has(needed), needed);
  });

  it("keeps its own domain from tenants, and has none to keep without a gateway", () => {
    const { ingress } = aConfig();
    assert.deepEqual(platformDomains({ ingress }), []);
    assert.deepEqual(
      platformDomains({ ingress: { kind: "nginx", domain: "terp.test", class: "nginx", replicas: 1 } }),
      ["terp.test"],
    );
  });

  it("has its certificates signed by the one private CA, or asks cert-manager for them", async () => {
    const authorities = ({ record }: Made): number =>
      record.resources.filter(({ type }) => type === "terp:certificates:PrivateCa").length;
    assert.equal(authorities(await made()), 1);
    const asking = await withGateway({ issuer: "letsencrypt" });
    assert.equal(authorities(asking), 0);
    assert.equal(asking.outputs.ingress?.authority, undefined);
    for (const name of ["platform", "team-blue"]) {
      const { metadata } = asking.record.byName(`Gateway/gateway/${name}`).inputs;
      assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], "letsencrypt", name);
    }
  });

  it("has the environment's label on every object, and ends with its cluster", async () => {
    const { record } = await made();
    for (const { name, inputs, deletedWith } of objectsIn(record)) {
      assert.equal(inputs.metadata.labels["terp.dev/environment"], "test", name);
      assert.notEqual(deletedWith, undefined, name);
    }
  });
});
