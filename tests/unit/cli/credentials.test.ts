import assert from "node:assert/strict";
import { accountToken, tenantNamespaces } from "../../../cli/cluster/credentials";
import { exitCodes } from "../../../cli/exit";
import { KubeApi } from "../../../infra/cluster/kubeApi";
import { ScriptedServer } from "../../support/scriptedServer";

describe("a tenant in the cluster", () => {
  let server: ScriptedServer;
  let api: KubeApi;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    api = new KubeApi({ server: server.url });
  });
  afterEach(async () => {
    await api.close();
    await server.stop();
  });

  describe("that a token is made for", () => {
    const path = "/api/v1/namespaces/terp-tenant-team-blue/serviceaccounts/robot-delivery/token";
    const request = { tenant: "team-blue", account: "robot-delivery", seconds: 3600 };

    it("has it from its account in the control namespace, for as long as was asked", async () => {
      server.on(`POST ${path}`, [201, { status: { token: "the token" } }]);
      assert.equal(await accountToken(api, request), "the token");
      assert.deepEqual(server.asked[0]?.body, {
        apiVersion: "authentication.k8s.io/v1",
        kind: "TokenRequest",
        spec: { expirationSeconds: 3600 },
      });
    });

    it("has to have that account: the message says where accounts come from", async () => {
      server.on(`POST ${path}`, [404, "not found"]);
      await assert.rejects(accountToken(api, request), {
        message:
          'Tenant team-blue: it has no account "robot-delivery". Its instance in stacks/tenants.ts names its robots (`people.robots`); `terp up` makes them.',
        code: exitCodes.usage,
      });
    });

    it("isn't blamed for any other refusal", async () => {
      server.on(`POST ${path}`, [403, "not you"]);
      await assert.rejects(accountToken(api, request), {
        message: `${path}: the API server answered 403: not you`,
      });
    });
  });

  describe("whose namespaces are asked for", () => {
    const list = (tenant: string): string =>
      `GET /api/v1/namespaces?labelSelector=${encodeURIComponent(`terp.dev/tenant=${tenant},terp.dev/role=tenant`)}`;

    it("has them by the labels that nobody else can set, in the order of their names", async () => {
      const items = ["team-blue-web", "team-blue-app"].map((name) => ({ metadata: { name } }));
      server.on(list("team-blue"), [200, { items }]);
      assert.deepEqual(await tenantNamespaces(api, "team-blue"), ["team-blue-app", "team-blue-web"]);
    });

    it("is none where there is no namespace: the message says how to see which there are", async () => {
      server.on(list("team-bleu"), [200, { items: [] }]);
      await assert.rejects(tenantNamespaces(api, "team-bleu"), {
        message: "Tenant team-bleu: there is none. `terp status` shows the tenants.",
        code: exitCodes.usage,
      });
    });
  });
});
