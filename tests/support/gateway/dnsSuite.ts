import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readTroubles } from "../../../cli/cluster/troubles";
import type { Summary } from "../../../cli/status/summary";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";
import { Route53Double } from "../route53/double";
import type { RecordSet } from "../route53/zones";
import type { GatewayTrial } from "./acmeSuite";
import { AcmeServer } from "./acmeServer";
import { bringExternalDns } from "./externalDnsImage";
import { certificate, certificatesIn, route, routesIn } from "./objects";
import { delegateDomain } from "./worldsDns";

const parent = "test";
/** One of the settings' zones, which isn't there. */
const missing = "gone.test";
/** A zone of the account's that isn't among the settings'. */
const another = "other.test";
const arn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const routes = routesIn("team-red-app");
/** A namespace that no tenant has a quota in. */
const certificates = certificatesIn("kube-public");

/** Tests of records that external-dns writes, and of certificates by challenges in DNS. */
export function describeDns(given: () => GatewayTrial): void {
  describe("with zones of Route 53", () => {
    let double: Route53Double;
    let server: AcmeServer;
    let root: string;
    /** What isn't external-dns' of this environment, by zones. */
    let foreign: ReadonlyMap<string, readonly RecordSet[]>;

    const below = (label: string): string => `${label}.${given().hosts.red}`;
    const address = (host: string, value: string): RecordSet => ({
      ...{ name: `${host}.`, type: "A", ttl: 300, values: [value] },
    });
    /** A record as external-dns leaves it: with its owner's mark beside it. */
    const owned = (host: string, value: string, environment: string): readonly RecordSet[] => [
      address(host, value),
      {
        ...{ name: `a-${host}.`, type: "TXT", ttl: 300 },
        values: [
          `"heritage=external-dns,external-dns/owner=terp-${environment},external-dns/resource=httproute/team-red-app/web"`,
        ],
      },
    ];
    const recordsOf = async (host: string, type: string): Promise<readonly string[]> => {
      const { records } = await double.zone(given().domain);
      return records.find((each) => each.name === `${host}.` && each.type === type)?.values ?? [];
    };

    before(async () => {
      const { trial, api, domain } = given();
      const own = trial.stack;
      double = await Route53Double.start({
        ...{ trial, api, parent, namespaces: ["external-dns", "cert-manager"] },
        // Else it looks once a minute.
        variables: { EXTERNAL_DNS_EVENTS: "true", EXTERNAL_DNS_MIN_EVENT_SYNC_INTERVAL: "1s" },
      });
      foreign = new Map([
        [
          domain,
          [
            address(`mail.${domain}`, "192.0.2.1"),
            address(below("taken"), "192.0.2.2"),
            ...owned(below("theirs"), "192.0.2.3", "another"),
          ],
        ],
        [another, owned(`old.${another}`, "192.0.2.4", own)],
      ]);
      const former = [...owned(below("web"), "192.0.2.5", own), ...owned(below("former"), "192.0.2.6", own)];
      for (const [zone, records] of foreign) {
        await double.add(zone);
        const all = zone === domain ? [...records, ...former] : records;
        await double.change(
          zone,
          all.map((set) => ({ action: "CREATE", set })),
        );
      }
      for (const name of ["web", "taken"]) await api.post(routes, route(name, [below(name)], "team-red"));
      await delegateDomain(api, parent, double.address);
      await bringExternalDns(trial);
      server = await AcmeServer.start({
        trial,
        api,
        name: "acme-dns",
        dns: { server: `${double.address}:53` },
      });
      root = await server.root();
      const roles = `{ records: "${arn("records")}", certificates: "${arn("certificates")}" }`;
      const dns = `{ kind: route53, zones: [${domain}, ${missing}], region: eu-west-1, roles: ${roles} }`;
      const issuer = `{ kind: acme, server: "${server.directory}", caFile: "${server.caFile}", email: platform@example.org, challenge: dns01 }`;
      await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
        text.replace(
          /^ {2}terp:certificates: .*$/m,
          `  terp:certificates: { issuer: ${issuer} }\n  terp:dns: ${dns}`,
        ),
      );
      await trial.ask<Summary>("up");
      // cert-manager waits a minute before it has a record looked at. A later test comes back to it.
      await api.post(certificates, certificate("below", `*.below.${domain}`));
    });

    after(() => {
      server.stop();
      double.stop();
    });

    it("writes each tenant's host, with the environment as its owner", async () => {
      const { hosts, address: here, trial } = given();
      for (const host of Object.values(hosts))
        await eventually(async () => {
          assert.deepEqual(await recordsOf(host, "A"), [here]);
          const [mark = ""] = await recordsOf(`a-${host}`, "TXT");
          assert.match(mark, new RegExp(`external-dns/owner=terp-${trial.stack},`));
        });
    });

    it("writes as the role that the settings name for records", async () => {
      const account = "system:serviceaccount:external-dns:external-dns";
      assert.ok((await double.state()).writers.includes(`${arn("records")} ${account}`));
    });

    it("takes over what a former cluster of the environment wrote: leads it here, or deletes it", async () => {
      await eventually(async () => {
        assert.deepEqual(await recordsOf(below("web"), "A"), [given().address]);
        assert.deepEqual(await recordsOf(below("former"), "A"), []);
        assert.deepEqual(await recordsOf(`a-${below("former")}`, "TXT"), []);
      });
    });

    it("follows a route that changes its host, and ignores the one in an annotation", async () => {
      const { api, address: here } = given();
      const change = {
        metadata: { annotations: { "external-dns.alpha.kubernetes.io/hostname": below("annotated") } },
        spec: { hostnames: [below("web2")] },
      };
      await api.merge(`${routes}/web`, change, "a-test");
      await eventually(async () => {
        assert.deepEqual(await recordsOf(below("web2"), "A"), [here]);
        assert.deepEqual(await recordsOf(below("web"), "A"), []);
      });
      assert.deepEqual(await recordsOf(below("annotated"), "A"), []);
    });

    it("deletes a route's record with the route, and its mark", async () => {
      await given().api.remove(`${routes}/web`);
      await eventually(async () => {
        assert.deepEqual(await recordsOf(below("web2"), "A"), []);
        assert.deepEqual(await recordsOf(`a-${below("web2")}`, "TXT"), []);
      });
    });

    it("changes no record that isn't this environment's, and none of another zone", async () => {
      for (const [zone, records] of foreign) {
        const { records: now } = await double.zone(zone);
        for (const record of records)
          assert.ok(
            now.some((each) => JSON.stringify(each) === JSON.stringify(record)),
            record.name,
          );
      }
    });

    it("has a zone that isn't there named by terp status", async () => {
      await eventually(async () => {
        const { standardOutput } = await given().trial.terp("status");
        assert.match(
          standardOutput,
          /external-dns .*zone gone\.test was not found among those that its identity can list/,
        );
      });
    });

    describe("and a certificate for a host in a zone that isn't there", () => {
      const host = `web.${missing}`;
      const foundOf = async (): Promise<string> => {
        const troubles = await readTroubles(given().api, [], new Date());
        return troubles.find(({ what }) => what === "certificate kube-public/gone")?.found ?? "";
      };

      before(() => given().api.post(certificates, certificate("gone", host)));

      it("says so where it is asked what is wrong", async () => {
        await eventually(async () => {
          assert.match(await foundOf(), /web\.gone\.test: .*not found in Route 53 for domain/);
        });
        const { standardOutput } = await given().trial.terp("doctor");
        assert.match(standardOutput, /certificate kube-public\/gone: .*not found in Route 53 for domain/);
      });

      it("answers its challenge once the zone is there", async () => {
        await double.add(missing);
        await eventually(async () => {
          const { records } = await double.zone(missing);
          assert.ok(records.some(({ name, type }) => name === `_acme-challenge.${host}.` && type === "TXT"));
        });
      });
    });

    describe("and a certificate that was asked for at first", () => {
      it("has it issued for all hosts of a domain, by a challenge in DNS", async () => {
        const { api } = given();
        await eventually(async () => {
          const secret = await api.find("/api/v1/namespaces/kube-public/secrets/below");
          const { "tls.crt": issued = "" } = (secret as { readonly data: Readonly<Record<string, string>> })
            .data;
          const [own = "", intermediate = ""] = Buffer.from(issued, "base64")
            .toString()
            .split(/(?<=-\n)(?=-)/);
          const made = new X509Certificate(own);
          assert.equal(made.subjectAltName, `DNS:*.below.${given().domain}`);
          assert.ok(made.checkIssued(new X509Certificate(intermediate)));
          assert.ok(new X509Certificate(intermediate).checkIssued(new X509Certificate(root)));
        });
      });

      it("had the challenge answered as the role that the settings name for certificates, and cleaned up", async () => {
        const account = "system:serviceaccount:cert-manager:cert-manager";
        assert.ok((await double.state()).writers.includes(`${arn("certificates")} ${account}`));
        await eventually(async () => {
          assert.deepEqual(await recordsOf(`_acme-challenge.below.${given().domain}`, "TXT"), []);
        });
      });
    });

    // Last: a namespace with open challenges, as the Gateway has, takes minutes to go.
    describe("and Ingresses in place of the Gateway", () => {
      const ingresses = at("networking.k8s.io/v1", "ingresses", "team-red-app");
      const leads = (ip: string): Promise<void> =>
        given().api.merge(
          `${ingresses}/web/status`,
          { status: { loadBalancer: { ingress: [{ ip }] } } },
          "a-test",
        );

      before(async () => {
        const { trial, api } = given();
        const backend = { service: { name: "podinfo", port: { number: 80 } } };
        await api.post(ingresses, {
          apiVersion: "networking.k8s.io/v1",
          kind: "Ingress",
          metadata: {
            name: "web",
            annotations: { "external-dns.alpha.kubernetes.io/hostname": below("annotated") },
          },
          spec: {
            rules: [
              { host: below("ingress"), http: { paths: [{ path: "/", pathType: "Prefix", backend }] } },
            ],
          },
        });
        await leads("192.0.2.20");
        await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
          text.replace(/^ {2}terp:ingress: .*\n/m, ""),
        );
        await trial.ask<Summary>("up");
      });

      it("writes an Ingress's host, and not the one in its annotation", async () => {
        await eventually(async () => {
          assert.deepEqual(await recordsOf(below("ingress"), "A"), ["192.0.2.20"]);
        });
        assert.deepEqual(await recordsOf(below("annotated"), "A"), []);
      });

      it("deletes the routes' records", async () => {
        for (const host of Object.values(given().hosts))
          await eventually(async () => {
            assert.deepEqual(await recordsOf(host, "A"), []);
          });
      });

      it("follows the Ingress's address", async () => {
        await leads("192.0.2.21");
        await eventually(async () => {
          assert.deepEqual(await recordsOf(below("ingress"), "A"), ["192.0.2.21"]);
        });
      });

      it("deletes the record with the Ingress", async () => {
        await given().api.remove(`${ingresses}/web`);
        await eventually(async () => {
          assert.deepEqual(await recordsOf(below("ingress"), "A"), []);
          assert.deepEqual(await recordsOf(`a-${below("ingress")}`, "TXT"), []);
        });
      });
    });
  });
}
