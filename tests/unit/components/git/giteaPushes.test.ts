import { strict as assert } from "node:assert";

import { Gitea } from "../../../../components/git/giteaApi";
import { hookRequest } from "../../../../components/git/giteaWebhooks";
import { ScriptedServer } from "../../../support/scriptedServer";

const place = { organisation: "team-blue", repository: "apps" };
const path = "/api/v1/repos/team-blue/apps";

describe("a repository at Gitea", () => {
  let server: ScriptedServer;
  let gitea: Gitea;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    gitea = new Gitea({ url: server.url, username: "terp", password: "hidden" }, { total: 5000 });
  });
  afterEach(() => server.stop());

  describe("that has a webhook", () => {
    const hooks = `${path}/hooks`;
    const list = `GET ${hooks}?limit=50`;
    const host = "http://webhook-receiver.flux-system.svc.cluster.local";
    const webhook = { url: `${host}/hook/new`, token: "the token" };
    const old = { id: 7, active: true, config: { url: `${host}/hook/old` } };

    it("is asked for it, and to make it if it isn't there", async () => {
      server.on(list, [200, []]).on(`POST ${hooks}`, [201, {}]);
      await gitea.ensureWebhook(place, webhook);
      assert.deepEqual(server.requests, [list, `POST ${hooks}`]);
      assert.deepEqual(server.asked.at(-1)?.body, hookRequest(webhook));
    });

    it("is left as it is where it is there", async () => {
      server.on(list, [200, [{ ...old, config: { url: webhook.url } }]]);
      await gitea.ensureWebhook(place, webhook);
      assert.deepEqual(server.requests, [list]);
    });

    it("loses the old one before it gets the new one", async () => {
      server
        .on(list, [200, [old]])
        .on(`DELETE ${hooks}/7`, [204])
        .on(`POST ${hooks}`, [201, {}]);
      await gitea.ensureWebhook(place, webhook);
      assert.deepEqual(server.requests, [list, `DELETE ${hooks}/7`, `POST ${hooks}`]);
    });

    it("may lose the old one by another run meanwhile", async () => {
      server
        .on(list, [200, [old]])
        .on(`DELETE ${hooks}/7`, [404])
        .on(`POST ${hooks}`, [201, {}]);
      await gitea.ensureWebhook(place, webhook);
      assert.equal(server.requests.at(-1), `POST ${hooks}`);
    });

    for (const [what, replies, message] of [
      ["list", { [list]: 403 }, "looking for the webhook of team-blue/apps"],
      ["withdraw", { [`DELETE ${hooks}/7`]: 500 }, "withdrawing the webhook of team-blue/apps"],
      ["make", { [`POST ${hooks}`]: 422 }, "making the webhook of team-blue/apps"],
    ] as const) {
      it(`isn't taken for told where the host doesn't ${what} it, and the token isn't in the message`, async () => {
        server
          .on(list, [200, [old]])
          .on(`DELETE ${hooks}/7`, [204])
          .on(`POST ${hooks}`, [201, {}]);
        for (const [request, status] of Object.entries(replies))
          server.on(request, [status, { message: "no" }]);
        await assert.rejects(gitea.ensureWebhook(place, webhook), (error: Error) => {
          assert.ok(error.message.startsWith(`Gitea at ${server.url}, ${message}: it answered `));
          assert.ok(!error.message.includes("the token"));
          return true;
        });
      });
    }
  });

  describe("that is bundled", () => {
    const archive = `GET ${path}/archive/main.bundle`;

    it("is the bytes that the host sends, whatever they are as a text", async () => {
      const bytes = Buffer.from([0x23, 0x20, 0xff, 0xfe, 0x00, 0x80, 0x0a]);
      server.on(archive, [200, bytes]);
      assert.deepEqual(Buffer.from((await gitea.bundle(place)) ?? []), bytes);
    });

    it("is nothing where there is no commit, or no repository", async () => {
      server.on(archive, [404, { message: "not found" }]);
      assert.equal(await gitea.bundle(place), undefined);
    });

    it("isn't taken for bundled where the host fails", async () => {
      server.on(archive, [500, { message: "disk full" }]);
      await assert.rejects(gitea.bundle(place), {
        message: `Gitea at ${server.url}, bundling team-blue/apps: it answered 500 disk full`,
      });
    });
  });
});
