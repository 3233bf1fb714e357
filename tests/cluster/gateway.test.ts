import assert from "node:assert/strict";
import { plainOutputs } from "../../cli/engine/state";
import type { Summary } from "../../cli/status/summary";
import { accessFrom, KubeApi, KubeApiError, type KubeObject } from "../../infra/cluster/kubeApi";
import { ask, type WebAnswer } from "../support/askingTls";
import { at } from "../support/attacks/identities";
import { eventually } from "../support/eventually";
import { TrialPlatform } from "../support/trialPlatform";

const anchor = "    // One tenant, one line or more.\n";
const red = '    new TenantComponent("team-red", { platform, namespaces: ["app"] }, options),\n';
const settings = "  terp:ingress: { kind: gateway, domain: terp.test, replicas: 1 }\n";
const gatewayApi = "gateway.networking.k8s.io/v1";
const host = { blue: "team-blue.apps.terp.test", red: "team-red.apps.terp.test" };
const routesIn = (namespace: string): string => at(gatewayApi, "httproutes", namespace);

/** A route to the example application. */
function route(name: string, hostnames: readonly string[] | undefined, parent: string): object {
  return {
    apiVersion: gatewayApi,
    kind: "HTTPRoute",
    metadata: { name },
    spec: {
      parentRefs: [{ name: parent, namespace: "gateway" }],
      ...(hostnames && { hostnames }),
      rules: [{ backendRefs: [{ name: "podinfo", port: 80 }] }],
    },
  };
}

/** Why a route isn't attached to its Gateway, once Traefik has said so. */
function refusalOf({ status }: KubeObject): string | undefined {
  const parents = (status["parents"] ?? []) as {
    conditions: { type: string; status: string; reason: string }[];
  }[];
  return parents.flatMap(({ conditions }) => conditions).find(({ type }) => type === "Accepted")?.reason;
}

describe("the Gateway", () => {
  let trial: TrialPlatform;
  let api: KubeApi;
  let address: string;
  let authority: string;

  const get = (of: string, path = "/"): Promise<WebAnswer> => ask({ host: of, address, authority, path });
  const messageFrom = async (of: string): Promise<string> => {
    const { status, body } = await get(of);
    assert.equal(status, 200, body);
    return (JSON.parse(body) as { message: string }).message;
  };

  before(async () => {
    trial = await TrialPlatform.create();
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
    await api.close();
    await trial.remove();
  });

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
    const refused = async (hostnames: readonly string[] | undefined): Promise<string> => {
      const end = await trial.terp("tenant", "kubeconfig", "team-red", "--reconciler");
      const reconciler = new KubeApi(accessFrom(end.standardOutput));
      try {
        await reconciler.post(routesIn("team-red-app"), route("claiming", hostnames, "team-red"));
        return "admitted";
      } catch (error) {
        assert.ok(error instanceof KubeApiError, String(error));
        return error.message;
      } finally {
        await reconciler.close();
      }
    };
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
});
