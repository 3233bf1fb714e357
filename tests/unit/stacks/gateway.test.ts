import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { CertificatesConfig, PlatformConfig } from "../../../infra/config";
import { versions } from "../../../infra/versions";
import { platformDomains } from "../../../stacks/domains";
import { newAuthority } from "../../../local/node/certificates";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { indexServer } from "../../support/chartServers";
import { asYaml } from "../../support/fluxRelease";
import { gatewayDefinitions } from "../../support/gatewayDefinitions";
import { objectsIn, run, waitsFor, type Made } from "../../support/platformRun";
import { resolve } from "../../support/resolve";

describe("the platform with a gateway", () => {
  const machine = aMachine();

  let onceMade: Promise<Made> | undefined;
  const made = (): Promise<Made> => (onceMade ??= withGateway());

  function withGateway(
    changes: { readonly issuer?: string } = {},
    others: Partial<PlatformConfig> = {},
  ): Promise<Made> {
    const file = join(machine.folder, "standard-install.yaml");
    writeFileSync(file, asYaml(gatewayDefinitions()));
    return run(
      aConfig({
        ...others,
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

  const services = ({ record }: Made): unknown =>
    record.resources.find(({ type }) => type.endsWith(":LocalCluster"))?.inputs.services as unknown;

  it("has the gateway's image in the embedded cluster, and hasn't without", async () => {
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

  const authorities = ({ record }: Made): number =>
    record.resources.filter(({ type }) => type === "terp:certificates:PrivateCa").length;

  /** With cert-manager. @param issuer Default: the private CA. */
  async function withCertManager(
    changes: { readonly issuer?: string } = {},
    issuer: CertificatesConfig["issuer"] = { kind: "private-ca" },
  ): Promise<Made> {
    const chart = { name: "cert-manager", version: versions.certManager, templates: {} };
    const server = await indexServer([chart]);
    try {
      return await withGateway(changes, {
        certificates: { issuer },
        charts: { mirror: server.url },
      });
    } finally {
      server.close();
    }
  }

  let onceBeside: Promise<Made> | undefined;
  const besideCertManager = (): Promise<Made> => (onceBeside ??= withCertManager());

  it("shares its private CA with cert-manager, where that issues certificates by it too", async () => {
    assert.equal(authorities(await besideCertManager()), 1);
  });

  it("names the private CA as whom to trust, where cert-manager makes the certificates by it", async () => {
    const { record, outputs } = await withCertManager({ issuer: "terp" });
    const { metadata } = record.byName("Gateway/gateway/platform").inputs;
    assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], "terp");
    assert.notEqual(outputs.ingress?.authority, undefined);
  });

  describe("and an issuer by ACME that is answered on port 80", () => {
    const acme = {
      kind: "acme",
      server: "https://acme.example.org/directory",
      email: "platform@example.org",
      challenge: "http01",
    } as const;
    let onceBy: Promise<Made> | undefined;
    const byAcme = (): Promise<Made> => (onceBy ??= withCertManager({ issuer: "terp" }, acme));
    const listenersOf = ({ record }: Made, name: string): unknown =>
      record
        .byName(`Gateway/gateway/${name}`)
        .inputs.spec.listeners.map(({ hostname }: { hostname?: string }) => hostname);

    it("has each tenant's domains' certificates made by it, and none for all below them", async () => {
      const { metadata } = (await byAcme()).record.byName("Gateway/gateway/team-blue").inputs;
      assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], "terp");
      assert.deepEqual(listenersOf(await byAcme(), "team-blue"), ["team-blue.apps.terp.test"]);
    });

    it("keeps the private CA for the platform's own pages, and names it as whom to trust", async () => {
      const { record, outputs } = await byAcme();
      const { metadata } = record.byName("Gateway/gateway/platform").inputs;
      assert.equal(metadata.annotations["cert-manager.io/cluster-issuer"], undefined);
      assert.deepEqual(listenersOf(await byAcme(), "platform"), [undefined, "terp.test", "*.terp.test"]);
      assert.notEqual(outputs.ingress?.authority, undefined);
    });

    it("leaves the Secret alone that cert-manager may have made for those pages by another challenge", async () => {
      const { record } = await byAcme();
      const [, ...https] = record.byName("Gateway/gateway/platform").inputs.spec.listeners;
      for (const { tls } of https) assert.equal(tls.certificateRefs[0].name, "platform-private-certificate");
      record.byName("Secret/gateway/platform-private-certificate");
    });

    it("answers through the platform's own listener for HTTP", async () => {
      const { solvers } = (await byAcme()).record.byName("ClusterIssuer/terp").inputs.spec.acme;
      const [{ gatewayHTTPRoute }] = solvers.map(({ http01 }: { http01: unknown }) => http01);
      assert.deepEqual(gatewayHTTPRoute.parentRefs, [
        { kind: "Gateway", namespace: "gateway", name: "platform", sectionName: "http" },
      ]);
    });

    it("trusts its server by the file that the settings name, without which nothing is done", async () => {
      const caFile = join(machine.folder, "acme-ca.pem");
      const trusting = (): Promise<Made> => withCertManager({ issuer: "terp" }, { ...acme, caFile });
      await assert.rejects(trusting(), {
        message:
          "the ACME authority's server can't be used, and nothing was done:\n\n" +
          "certificates.issuer.caFile\n" +
          `  given     a file that can't be read: ENOENT: no such file or directory, open '${caFile}'\n` +
          "  expected  a file with the certificates of the authorities that the ACME authority's server is trusted by, in PEM\n" +
          "  remedy    put it there, or take the setting out where every machine trusts the ACME authority's server by what it has already\n",
      });
      const { certificate } = await newAuthority("acme");
      writeFileSync(caFile, certificate);
      const { caBundle } = (await trusting()).record.byName("ClusterIssuer/terp").inputs.spec.acme;
      assert.equal(Buffer.from(caBundle as string, "base64").toString(), certificate);
    });
  });

  it("has cert-manager's images in the embedded cluster, where one pod of each part runs", async () => {
    const both = await besideCertManager();
    assert.deepEqual(services(both), ["gateway", "certificates"]);
    const { values } = both.record.byName("Release/cert-manager/cert-manager").inputs;
    assert.deepEqual([values.replicaCount, values.webhook.replicaCount], [1, 1]);
  });

  it("has its certificates signed by the one private CA, or asks cert-manager for them", async () => {
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
