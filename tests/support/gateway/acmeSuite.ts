import assert from "node:assert/strict";
import type { Summary } from "../../../cli/status/summary";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { ask, type WebAnswer } from "../askingTls";
import { eventually } from "../eventually";
import type { TrialPlatform } from "../trialPlatform";
import { AcmeServer } from "./acmeServer";
import { certificate, certificatesIn, refusalOf, route, routesIn } from "./objects";
import { leadDomain } from "./worldsDns";

/** A platform with Gateways whose certificates cert-manager makes by the private CA. */
export interface GatewayTrial {
  readonly trial: TrialPlatform;
  readonly api: KubeApi;
  /** The Gateway's address. */
  readonly address: string;
  /** The platform's private CA, in PEM. */
  readonly authority: string;
  /** The domain of the platform's own pages. */
  readonly domain: string;
  /** The section of `certificates` in the stack's settings. */
  readonly settings: string;
  /** Two tenants' hosts. */
  readonly hosts: { readonly blue: string; readonly red: string };
  /** What the API server answers to a team's repository. */
  readonly answerTo: (tenant: string, path: string, made: object) => Promise<string>;
}

/** Tests of certificates that an authority issues by ACME, with its challenges answered through the Gateway. */
export function describeAcme(given: () => GatewayTrial): void {
  describe("with certificates by ACME and HTTP01", () => {
    let server: AcmeServer;
    let root: string;

    const askFor = (host: string, authority: string): Promise<WebAnswer> =>
      ask({ host, address: given().address, authority });

    before(async () => {
      const { trial, api, address, domain, settings } = given();
      server = await AcmeServer.start({ trial, api, name: "acme", dns: { address } });
      root = await server.root();
      await leadDomain(api, domain, address);
      const issuer = `{ kind: acme, server: "${server.directory}", caFile: "${server.caFile}", email: platform@example.org, challenge: http01 }`;
      await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
        text.replace(settings, `  terp:certificates: { issuer: ${issuer} }\n`),
      );
      await trial.ask<Summary>("up");
    });

    after(() => {
      server.stop();
    });

    it("proves each tenant's host through the Gateway, and serves it by the authority's certificate", async () => {
      const { hosts } = given();
      for (const [tenant, host] of Object.entries(hosts))
        await eventually(async () => {
          const { status, body } = await askFor(host, root);
          assert.equal(status, 200);
          assert.match(body, new RegExp(`Hello team-${tenant}`));
        });
    });

    it("leaves nothing behind that answered challenges", async () => {
      const { api } = given();
      await eventually(async () => {
        const names = [
          ...(await api.list(routesIn("gateway"))),
          ...(await api.list("/api/v1/namespaces/gateway/pods")),
        ]
          .map(({ metadata }) => metadata.name)
          .filter((name) => name.startsWith("cm-acme-http-solver"));
        assert.deepEqual(names, []);
      });
    });

    it("has no certificate for what lies below a tenant's domain, and no answer", async () => {
      await assert.rejects(askFor(`web.${given().hosts.red}`, root), /alert|handshake|unrecognized/i);
    });

    it("keeps the private CA for the platform's own pages", async () => {
      const { api, domain, authority } = given();
      const answers = async (): Promise<void> => {
        assert.equal((await askFor(domain, authority)).status, 404);
      };
      await answers();
      // What cert-manager had made for them isn't used any more, and may go.
      await api.remove(`${certificatesIn("gateway")}/platform-tls`);
      await api.remove("/api/v1/namespaces/gateway/secrets/platform-tls");
      await answers();
    });

    it("lets no tenant answer challenges, of its own hosts or another's", async () => {
      const { api, answerTo, hosts } = given();
      const routes = routesIn("team-red-app");
      assert.match(
        await answerTo("team-red", routes, route("challenge", [hosts.blue], "platform")),
        /isn't below this tenant's domains/,
      );
      // By an administrator, whom admission lets through.
      for (const [name, host] of Object.entries(hosts))
        await api.post(routes, route(`challenge-${name}`, [host], "platform"));
      await eventually(async () => {
        const found = (await api.list(routes)).filter(({ metadata }) =>
          metadata.name.startsWith("challenge-"),
        );
        assert.deepEqual(found.map(refusalOf), ["NotAllowedByListeners", "NotAllowedByListeners"]);
      });
      for (const name of Object.keys(hosts)) await api.remove(`${routes}/challenge-${name}`);
    });

    it("lets no tenant ask for another's host", async () => {
      const { answerTo, hosts } = given();
      assert.match(
        await answerTo("team-red", certificatesIn("team-red-app"), certificate("another", hosts.blue)),
        /isn't below this tenant's domains/,
      );
    });
  });
}
