import { strict as assert } from "node:assert";

import type { PlatformConfig } from "../../../infra/config";
import { versions } from "../../../infra/versions";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { indexServer, type ChartServer } from "../../support/chartServers";
import { run, type Made } from "../../support/platformRun";

const nginx = { kind: "nginx", domain: "platform.example.org", class: "nginx", replicas: 3 } as const;

describe("the platform with ingress-nginx", () => {
  aMachine();
  let server: ChartServer;
  before(async () => {
    server = await indexServer([
      { name: "ingress-nginx", version: versions.ingressNginx, templates: {} },
      { name: "cert-manager", version: versions.certManager, templates: {} },
    ]);
  });
  after(() => {
    server.close();
  });

  const withNginx = (changes: Partial<PlatformConfig> = {}): Promise<Made> =>
    run(aConfig({ ingress: nginx, charts: { mirror: server.url }, ...changes }));

  it("has the pinned chart in the mirror, as many pods as are asked for, and the cluster's own way in", async () => {
    const { record } = await withNginx();
    const { inputs } = record.byName("Release/ingress-nginx/ingress-nginx");
    assert.deepEqual([inputs.chart, inputs.version], ["ingress-nginx", versions.ingressNginx]);
    assert.equal(inputs.values.controller.replicaCount, 3);
    assert.deepEqual(inputs.values.controller.service.externalIPs, ["10.0.0.2"]);
  });

  it("has no gateway beside it, and without it there is no chart", async () => {
    const { record } = await withNginx();
    assert.deepEqual(
      record.resources.filter(({ type }) => type === "terp:gateway:Gateway"),
      [],
    );
    const without = await run(aConfig());
    assert.deepEqual(
      without.record.resources.filter(({ type }) => type === "terp:ingress:IngressNginx"),
      [],
    );
  });

  it("is looked for first: without its chart nothing is done", async () => {
    await assert.rejects(withNginx({ charts: { mirror: `${server.url}/elsewhere` } }), {
      message: new RegExp(
        `^one chart can't be had, and nothing was done:\\n[^]*version ${versions.ingressNginx} in ${server.url}/elsewhere`,
      ),
    });
  });

  it("answers an authority's challenges in its own class", async () => {
    const { record } = await withNginx({
      ingress: { ...nginx, class: "web" },
      certificates: {
        issuer: {
          kind: "acme",
          server: "https://acme.example.org",
          email: "a@example.org",
          challenge: "http01",
        },
      },
    });
    const { acme } = record.byName("ClusterIssuer/terp").inputs.spec;
    assert.deepEqual(acme.solvers, [{ http01: { ingress: { ingressClassName: "web" } } }]);
  });
});
