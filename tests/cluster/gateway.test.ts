import assert from "node:assert/strict";
import { plainOutputs } from "../../cli/engine/state";
import type { Summary } from "../../cli/status/summary";
import { readTroubles, type Trouble } from "../../cli/cluster/troubles";
import { accessFrom, KubeApi, KubeApiError, type KubeObject } from "../../infra/cluster/kubeApi";
import { ask, type WebAnswer } from "../support/askingTls";
import { at } from "../support/attacks/identities";
import { indexServer, type ChartServer } from "../support/chartServers";
import { endedCertificate } from "../support/endedCertificate";
import { eventually } from "../support/eventually";
import { describeAcme, type GatewayTrial } from "../support/gateway/acmeSuite";
import { describeDns } from "../support/gateway/dnsSuite";
import {
  certificate,
  certificatesApi,
  certificatesIn,
  refusalOf,
  route,
  routesIn,
} from "../support/gateway/objects";
import { certManagerChart, externalDnsChart, packedAsReleased } from "../support/officialChart";
import { TrialPlatform } from "../support/trialPlatform";

const anchor = "    // One tenant, one line or more.\n";
const red = '    new TenantComponent("team-red", { platform, namespaces: ["app"] }, options),\n';
const domain = "terp.test";
const gatewaySettings = `  terp:ingress: { kind: gateway, domain: ${domain}, replicas: 1 }\n`;
const certificateSettings = "  terp:certificates: { issuer: { kind: private-ca } }\n";
const host = { blue: `team-blue.apps.${domain}`, red: `team-red.apps.${domain}` };

describe("the Gateway", () => {
  let trial: TrialPlatform;
  let api: KubeApi;
  let address: string;
  let authority: string;
  let charts: ChartServer;

  const get = (of: string, path = "/"): Promise<WebAnswer> => ask({ host: of, address, authority, path });
  const messageFrom = async (of: string): Promise<string> => {
    const { status, body } = await get(of);
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { message: string }).message;
  };

  before(async () => {
    trial = await TrialPlatform.create();
    charts = await indexServer(await Promise.all([certManagerChart, externalDnsChart].map(packedAsReleased)));
    const settings = `${gatewaySettings}${certificateSettings}  terp:charts: { mirror: "${charts.url}" }\n`;
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}${settings}`);
    await trial.edit("stacks/tenants.ts", (text) => text.replace(anchor, `${anchor}${red}`));
    await trial.ask<Summary>("up");
    api = await trial.api();
    const state = await trial.state();
    assert.ok(state);
    const { ingress } = plainOutputs(state) as { ingress: { address: string; authority: string } };
    ({ address, authority } = ingress);
  });

  after(async () => {
    charts.close();
    await api.close();
    await trial.remove();
  });

  /** What the API server answers to a team's repository. */
  const answerTo = async (tenant: string, path: string, made: object): Promise<string> => {
    const end = await trial.terp("tenant", "kubeconfig", tenant, "--reconciler");
    const reconciler = new KubeApi(accessFrom(end.standardOutput));
    try {
      await reconciler.post(path, made);
      return "admitted";
    } catch (error) {
      assert.ok(error instanceof KubeApiError, String(error));
      return error.message;
    } finally {
      await reconciler.close();
    }
  };

  it("serves each tenant's example over TLS, by a certificate of the private CA for its host", async () => {
    for (const [tenant, of] of [
      ["team-blue", host.blue],
      ["team-red", host.red],
    ] as const)
      await eventually(async () => {
        assert.match(await messageFrom(of), new RegExp(`Hello ${tenant}: .* decrypted`));
      });
  });

  it("gives a host without a certificate no answer", async () => {
    await assert.rejects(get("other.example.org"), /alert|handshake|unrecognized/i);
  });

  it("sends requests by HTTP on to HTTPS, whatever their host", async () => {
    for (const of of [host.blue, "other.example.org"]) {
      const { status, location } = await ask({ host: of, address, path: "/a?b=c" });
      assert.deepEqual([status, location], [301, `https://${of}/a?b=c`]);
    }
  });

  it("lets no route of another tenant's attach, though admission hadn't seen it", async () => {
    const routes = routesIn("team-red-app");
    // By an administrator, whom admission lets through.
    await api.post(routes, route("to-blue", [host.blue], "team-blue"));
    await api.post(routes, route("by-own", [host.blue], "team-red"));
    await eventually(async () => {
      const found = await api.list(routes);
      const reason = (name: string): string | undefined => {
        const one = found.find(({ metadata }) => metadata.name === name);
        return one && refusalOf(one);
      };
      assert.deepEqual(
        [reason("to-blue"), reason("by-own"), reason("podinfo")],
        ["NotAllowedByListeners", "NoMatchingListenerHostname", "Accepted"],
      );
    });
    assert.match(await messageFrom(host.blue), /Hello team-blue/);
  });

  it("has no route without a host, and none for another's", async () => {
    const refused = (hostnames: readonly string[] | undefined): Promise<string> =>
      answerTo("team-red", routesIn("team-red-app"), route("claiming", hostnames, "team-red"));
    assert.match(await refused(undefined), /HTTPRoute without a host name takes every host/);
    assert.match(
      await refused([host.blue]),
      /isn't below this tenant's domains \(team-red\.apps\.terp\.test\)/,
    );
  });

  it("reads no Secret but those beside it", async () => {
    const mayList = async (namespace: string): Promise<boolean> => {
      const review = await api.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: "system:serviceaccount:gateway:traefik",
          groups: ["system:serviceaccounts", "system:authenticated"],
          resourceAttributes: { verb: "list", resource: "secrets", namespace },
        },
      });
      return (review as { status: { allowed: boolean } }).status.allowed;
    };
    const places = ["gateway", "", "flux-system", "terp-tenant-team-blue", "team-blue-app"];
    assert.deepEqual(await Promise.all(places.map(mayList)), [true, false, false, false, false]);
  });

  describe("with cert-manager", () => {
    const statusOf = async (name: string, namespace = "team-red-app"): Promise<KubeObject["status"]> => {
      const found = await api.list(certificatesIn(namespace));
      return found.find(({ metadata }) => metadata.name === name)?.status ?? {};
    };
    const isReady = ({ conditions }: KubeObject["status"]): boolean =>
      conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
    const troubleOf = async (what: string): Promise<Trouble | undefined> =>
      (await readTroubles(api, [], new Date())).find((each) => each.what === what);

    it("has its webhook's answer from the first run on", async () => {
      const issuer = {
        apiVersion: certificatesApi,
        kind: "ClusterIssuer",
        metadata: { name: "empty" },
        spec: {},
      };
      await assert.rejects(
        api.post(`/apis/${certificatesApi}/clusterissuers`, issuer),
        /webhook.cert-manager.io.*denied the request/,
      );
    });

    it("issues a team's certificate by the private CA, and renews it before its end", async () => {
      // An hour is the shortest that cert-manager admits: it is to be renewed fifteen seconds after it was made.
      const brief = { duration: "1h0m0s", renewBefore: "59m45s" };
      const made = certificate("brief", host.red, brief);
      // The tenant's quota counts certificates, and refuses them until the quota controller has heard of the kind.
      await eventually(async () => {
        assert.equal(await answerTo("team-red", certificatesIn("team-red-app"), made), "admitted");
      });
      await eventually(async () => {
        assert.ok(Number((await statusOf("brief"))["revision"]) >= 2);
      });
      const secret = await api.find("/api/v1/namespaces/team-red-app/secrets/brief");
      const { "ca.crt": ca = "" } = (secret as { readonly data: Readonly<Record<string, string>> }).data;
      assert.equal(Buffer.from(ca, "base64").toString().trim(), authority.trim());
      await api.remove(`${certificatesIn("team-red-app")}/brief`);
    });

    it("has no issuer of a team's, and no certificate for another's host", async () => {
      const path = certificatesIn("team-red-app");
      const own = {
        apiVersion: certificatesApi,
        kind: "Issuer",
        metadata: { name: "own" },
        spec: { selfSigned: {} },
      };
      assert.match(
        await answerTo("team-red", at(certificatesApi, "issuers", "team-red-app"), own),
        /cannot create resource .*issuers/,
      );
      assert.match(
        await answerTo("team-red", path, certificate("another", host.blue)),
        /isn't below this tenant's domains \(team-red\.apps\.terp\.test\)/,
      );
      const byOwn = certificate("by-own", host.red, { issuerRef: { kind: "Issuer", name: "own" } });
      assert.match(await answerTo("team-red", path, byOwn), /isn't one of the operators'/);
    });

    it("says why an authority can't be used, and of which certificate the end has come", async () => {
      await api.post(`/apis/${certificatesApi}/clusterissuers`, {
        apiVersion: certificatesApi,
        kind: "ClusterIssuer",
        metadata: { name: "wrong" },
        spec: {
          acme: {
            server: "https://acme.invalid/directory",
            email: "platform@example.org",
            privateKeySecretRef: { name: "wrong" },
            solvers: [],
          },
        },
      });
      const issuerRef = { kind: "ClusterIssuer", name: "wrong" };
      const ended = endedCertificate(host.red);
      await api.post("/api/v1/namespaces/team-red-app/secrets", {
        metadata: {
          name: "ended",
          annotations: {
            "cert-manager.io/issuer-name": "wrong",
            "cert-manager.io/issuer-kind": "ClusterIssuer",
            "cert-manager.io/issuer-group": "cert-manager.io",
          },
        },
        type: "kubernetes.io/tls",
        stringData: { "tls.crt": ended.certificate, "tls.key": ended.key },
      });
      await api.post(certificatesIn("team-red-app"), certificate("ended", host.red, { issuerRef }));
      await eventually(async () => {
        assert.match(
          (await troubleOf("issuer wrong"))?.found ?? "",
          /^ErrRegisterACMEAccount: .*acme\.invalid/,
        );
        const found = (await troubleOf("certificate team-red-app/ended"))?.found ?? "";
        assert.match(found, /^ended on 2026-01-02: /);
      });
      const { standardOutput } = await trial.terp("status");
      assert.match(standardOutput, /issuer wrong .*acme\.invalid/);
    });

    it("takes over the gateway's certificates from the program", async () => {
      await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
        text.replace("replicas: 1 }", "replicas: 1, issuer: terp }"),
      );
      await trial.ask<Summary>("up");
      await eventually(async () => {
        for (const name of ["team-blue", "team-red", "platform"])
          assert.ok(isReady(await statusOf(`${name}-tls`, "gateway")), name);
      });
      await eventually(async () => {
        assert.match(await messageFrom(host.blue), /Hello team-blue/);
      });
    });
  });

  const given = (): GatewayTrial => ({
    ...{ trial, api, address, authority, domain, answerTo },
    settings: certificateSettings,
    hosts: host,
  });
  describeAcme(given);
  describeDns(given);
});
