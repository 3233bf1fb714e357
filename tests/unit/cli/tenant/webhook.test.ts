import assert from "node:assert/strict";
import { readWebhook } from "../../../../cli/commands/tenantWebhook";
import { webhookUrl } from "../../../../components/webhook";

const namespace = "terp-tenant-team-blue";
const secret = `/api/v1/namespaces/${namespace}/secrets/webhook-token`;
const receiver = `/apis/notification.toolkit.fluxcd.io/v1/namespaces/${namespace}/receivers/apps`;
const there = { [secret]: { data: { token: Buffer.from("the token").toString("base64") } }, [receiver]: {} };

const cluster = (objects: Readonly<Record<string, unknown>>) => ({
  find: (path: string) => Promise.resolve(objects[path]),
});

describe("a tenant's webhook", () => {
  it("is the address at which its Receiver listens, with its token", async () => {
    assert.deepEqual(await readWebhook(cluster(there), "team-blue", "https://hooks.example.org"), {
      url: webhookUrl("the token", { namespace, name: "apps" }, "https://hooks.example.org"),
      token: "the token",
    });
  });

  it("is an address inside the cluster where nobody outside reaches Flux", async () => {
    const found = await readWebhook(cluster(there), "team-blue", undefined);
    assert.match(
      found?.url ?? "",
      /^http:\/\/webhook-receiver\.flux-system\.svc\.cluster\.local\/hook\/[0-9a-f]{64}$/,
    );
  });

  for (const missing of [secret, receiver]) {
    it(`is none without ${missing.split("/").slice(-2).join("/")}`, async () => {
      const rest = Object.fromEntries(Object.entries(there).filter(([path]) => path !== missing));
      assert.equal(await readWebhook(cluster(rest), "team-blue", undefined), undefined);
    });
  }
});
