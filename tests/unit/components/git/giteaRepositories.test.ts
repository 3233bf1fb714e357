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
    gitea = new Gitea(
      { url: server.url, username: "terp", password: "hidden" },
      { total: 5000, request: 300 },
    );
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

  describe("that another run, or an earlier try, is making", () => {
    const making = "POST /api/v1/orgs/team-blue/repos";
    const refs = `GET ${path}/git/refs`;
    const begun = { ...ours, empty: true };

    beforeEach(() => server.on("POST /api/v1/orgs", [201, {}]));

    it("is taken over", async () => {
      server.on(`GET ${path}`, [404], [200, ours]).on(making, [409, { message: "already exists" }]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: false, id: "7" });
    });

    it("is made after all where the other gave it up", async () => {
      server
        .on(`GET ${path}`, [404], [404])
        .on(making, [409, { message: "already exists" }], [201, { ...begun, id: 8 }]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: true, id: "8" });
    });

    it("is waited for until it has Git's files", async () => {
      server.on(`GET ${path}`, [200, begun]).on(refs, [500, { message: "no such file" }], [404]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: true, id: "7" });
      assert.equal(server.requests.filter((one) => one === refs).length, 2);
    });

    it("is withdrawn and made anew where it has stayed without files, for its making was killed", async () => {
      server
        .on(`GET ${path}`, [200, begun])
        .on(refs, [500, { message: "no such file" }])
        .on(`DELETE ${path}`, [204])
        .on(making, [201, { ...begun, id: 8 }]);
      assert.deepEqual(await gitea.ensureRepository(spec), { isEmpty: true, id: "8" });
      assert.equal(server.requests.filter((one) => one === `DELETE ${path}`).length, 1);
    });

    it("is left alone if somebody else made it, with what to do", async () => {
      server
        .on(`GET ${path}`, [200, { ...begun, description: "somebody's" }])
        .on(refs, [500, { message: "no such file" }]);
      await assert.rejects(gitea.ensureRepository(spec), {
        fault: "refused",
        message:
          `Gitea at ${server.url} has a record of team-blue/apps and no files, and it wasn't made by Terp; ` +
          "delete it, or bring its files back",
      });
      assert.equal(server.requests.includes(`DELETE ${path}`), false);
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
        .on(`GET ${path}/git/refs`, [404])
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
