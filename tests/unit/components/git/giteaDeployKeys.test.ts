import { strict as assert } from "node:assert";

import { Gitea } from "../../../../components/git/giteaApi";
import { ScriptedServer } from "../../../support/scriptedServer";

const place = { organisation: "team-blue", repository: "apps" };
const path = "/api/v1/repos/team-blue/apps";

describe("deploy keys at Gitea", () => {
  const keys = `${path}/keys`;
  const list = `GET ${keys}?limit=50`;
  const key = { title: "terp dev", publicKey: "ssh-ed25519 NEW" };
  let server: ScriptedServer;
  let gitea: Gitea;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    gitea = new Gitea({ url: server.url, username: "terp", password: "hidden" }, { total: 5000 });
    server.on(`POST ${keys}`, [201, {}]).on(list, [200, []]);
    for (const id of [1, 2, 3]) server.on(`DELETE ${keys}/${String(id)}`, [204]);
  });
  afterEach(() => server.stop());

  function listed(
    ...found: readonly { id: number; title?: string; key?: string; read_only?: boolean }[]
  ): void {
    const whole = found.map((one) => ({
      title: "terp dev",
      key: "ssh-ed25519 NEW",
      read_only: true,
      ...one,
    }));
    server.on(list, [200, whole]);
  }

  it("are added to read alone", async () => {
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.asked.at(-1)?.body, {
      title: "terp dev",
      key: "ssh-ed25519 NEW",
      read_only: true,
    });
  });

  it("are left as they are where the key is there, whatever its comment", async () => {
    listed({ id: 1, key: "ssh-ed25519 NEW somebody@somewhere" });
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.requests, [list]);
  });

  it("are withdrawn where another has the title, before the new one is added", async () => {
    listed({ id: 1, key: "ssh-ed25519 OLD" }, { id: 2, title: "terp prd", key: "ssh-ed25519 OTHER" });
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.requests, [list, `DELETE ${keys}/1`, `POST ${keys}`]);
  });

  it("are withdrawn where they may write", async () => {
    listed({ id: 1, read_only: false });
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.requests, [list, `DELETE ${keys}/1`, `POST ${keys}`]);
  });

  it("of one title are one in the end", async () => {
    listed({ id: 1 }, { id: 2 }, { id: 3, key: "ssh-ed25519 OLD" });
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.requests, [list, `DELETE ${keys}/2`, `DELETE ${keys}/3`]);
  });

  it("may be withdrawn by another run meanwhile", async () => {
    listed({ id: 1, key: "ssh-ed25519 OLD" });
    server.on(`DELETE ${keys}/1`, [404]);
    await gitea.ensureDeployKey(place, key);
    assert.equal(server.requests.at(-1), `POST ${keys}`);
  });

  it("may be added by another run meanwhile, or by a try whose answer was lost", async () => {
    const there = { id: 1, title: "terp dev", key: "ssh-ed25519 NEW", read_only: true };
    server.on(list, [200, []], [200, [there]]).on(`POST ${keys}`, [422, { message: "already added" }]);
    await gitea.ensureDeployKey(place, key);
    assert.deepEqual(server.requests, [list, `POST ${keys}`, list]);
  });

  it("can't be another repository's as well", async () => {
    server.on(`POST ${keys}`, [422, { message: "a key with this content exists" }]);
    await assert.rejects(gitea.ensureDeployKey(place, key), {
      fault: "refused",
      message: `Gitea at ${server.url}, adding the deploy key "terp dev" to team-blue/apps: it answered 422 a key with this content exists`,
    });
  });

  it("are listed by title and public key", async () => {
    listed({ id: 1, key: "ssh-ed25519 NEW x" });
    assert.deepEqual(await gitea.deployKeys(place), [{ title: "terp dev", publicKey: "ssh-ed25519 NEW x" }]);
  });

  it("aren't there without their repository", async () => {
    server.on(list, [404]);
    assert.equal(await gitea.deployKeys(place), undefined);
  });
});
