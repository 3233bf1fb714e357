import { strict as assert } from "node:assert";

import { Gitea } from "../../../../components/git/giteaApi";
import { ScriptedServer } from "../../../support/scriptedServer";

const place = { organisation: "team-blue", repository: "apps" };
const spec = { ...place, description: "Terp: what runs for the tenant team-blue" };
const path = "/api/v1/repos/team-blue/apps";
const ours = { id: 7, description: "Terp: something", empty: false };

describe("a repository at Gitea", () => {
  let server: ScriptedServer;
  let gitea: Gitea;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    gitea = new Gitea({ url: server.url, username: "terp", password: "hidden" }, { total: 5000 });
    server.on(`POST ${path}/branch_protections`, [201, {}]);
  });
  afterEach(() => server.stop());

  /** The body of the one request of this kind. */
  function sent(request: string): unknown {
    const found = server.asked.filter((one) => `${one.method} ${one.path}` === request);
    assert.equal(found.length, 1, request);
    return found[0]?.body;
  }

  describe("that isn't there", () => {
    beforeEach(() => {
      server
        .on(`GET ${path}`, [404])
        .on("POST /api/v1/orgs", [201, {}])
        .on("POST /api/v1/orgs/team-blue/repos", [201, { ...ours, empty: true }]);
    });

    it("is made, in an organisation of its own, both private and empty", async () => {
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: true, id: "7" });
      assert.deepEqual(sent("POST /api/v1/orgs"), {
        username: "team-blue",
        visibility: "private",
        description: "Terp: team-blue",
      });
      assert.deepEqual(sent("POST /api/v1/orgs/team-blue/repos"), {
        name: "apps",
        description: "Terp: what runs for the tenant team-blue",
        private: true,
        auto_init: false,
        default_branch: "main",
      });
    });

    it("has a branch main that nobody rewrites", async () => {
      await gitea.ensureRepository(spec);
      assert.deepEqual(sent(`POST ${path}/branch_protections`), {
        rule_name: "main",
        enable_push: true,
        enable_push_whitelist: false,
        push_whitelist_usernames: [],
        enable_force_push: false,
        required_approvals: 0,
        block_on_rejected_reviews: true,
        block_on_official_review_requests: false,
      });
    });

    it("may have a branch main to which nobody pushes unreviewed but the platform", async () => {
      await gitea.ensureRepository({
        ...spec,
        guard: { isProtected: true, approvals: 2, byCodeOwners: true },
      });
      assert.deepEqual(sent(`POST ${path}/branch_protections`), {
        rule_name: "main",
        enable_push: true,
        enable_push_whitelist: true,
        push_whitelist_usernames: ["terp"],
        enable_force_push: false,
        required_approvals: 2,
        block_on_rejected_reviews: true,
        block_on_official_review_requests: true,
      });
    });

    it("is made in an organisation that is there already", async () => {
      server
        .on("POST /api/v1/orgs", [422, { message: "user already exists" }])
        .on("GET /api/v1/orgs/team-blue", [200, {}]);
      assert.equal((await gitea.ensureRepository(spec)).isEmpty, true);
    });

    it("is taken over where another run made it meanwhile", async () => {
      server
        .on(`GET ${path}`, [404], [200, ours])
        .on("POST /api/v1/orgs/team-blue/repos", [409, { message: "already exists" }]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: false, id: "7" });
    });

    it("can't be made where the organisation's name is a user's", async () => {
      server
        .on("POST /api/v1/orgs", [422, { message: "name is reserved" }])
        .on("GET /api/v1/orgs/team-blue", [404]);
      await assert.rejects(gitea.ensureRepository(spec), {
        fault: "taken",
        message: `Gitea at ${server.url}: the name "team-blue" is taken by a user, or is one of its own: name is reserved; give the tenant another name`,
      });
    });

    it("can't be made by an account that may not make organisations", async () => {
      server.on("POST /api/v1/orgs", [403, { message: "no" }]).on("GET /api/v1/orgs/team-blue", [404]);
      await assert.rejects(gitea.ensureRepository(spec), { fault: "forbidden" });
    });
  });

  describe("that is there", () => {
    it("is taken over if it was made here", async () => {
      server.on(`GET ${path}`, [200, ours]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: false, id: "7" });
      assert.deepEqual(server.requests, [`GET ${path}`, `POST ${path}/branch_protections`]);
    });

    it("is taken over if it is empty, whoever made it, and known as made here from then on", async () => {
      server
        .on(`GET ${path}`, [200, { id: 8, description: "somebody's", empty: true }])
        .on(`PATCH ${path}`, [200, {}]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: true, id: "8" });
      assert.deepEqual(sent(`PATCH ${path}`), { description: spec.description });
    });

    it("is refused if it is somebody's with content, and nothing is changed", async () => {
      server.on(`GET ${path}`, [200, { id: 8, description: "somebody's", empty: false }]);
      await assert.rejects(gitea.ensureRepository(spec), {
        fault: "taken",
        message:
          `Gitea at ${server.url} has a repository team-blue/apps that wasn't made by Terp and has content; ` +
          'rename it, or hand it over by letting its description begin with "Terp:"',
      });
      assert.deepEqual(server.requests, [`GET ${path}`]);
    });

    for (const [status, message] of [
      [403, "Branch protection already exist"],
      [409, "exists"],
    ] as const) {
      it(`may have its branch protected already, and then as is wanted now: ${String(status)}`, async () => {
        server
          .on(`GET ${path}`, [200, ours])
          .on(`POST ${path}/branch_protections`, [status, { message }])
          .on(`PATCH ${path}/branch_protections/main`, [200, {}]);
        await gitea.ensureRepository({
          ...spec,
          guard: { isProtected: true, approvals: 1, byCodeOwners: false },
        });
        const { required_approvals } = sent(`PATCH ${path}/branch_protections/main`) as Record<
          string,
          unknown
        >;
        assert.equal(required_approvals, 1);
      });
    }

    it("isn't taken for protected where the account may not protect it", async () => {
      server
        .on(`GET ${path}`, [200, ours])
        .on(`POST ${path}/branch_protections`, [403, { message: "must be an administrator" }]);
      await assert.rejects(gitea.ensureRepository(spec), { fault: "forbidden" });
    });
  });

  it("is known by the host's own number, which another of its name hasn't", async () => {
    server.on(`GET ${path}`, [200, ours], [404]);
    assert.equal(await gitea.repositoryId(place), "7");
    assert.equal(await gitea.repositoryId(place), undefined);
  });
});

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
