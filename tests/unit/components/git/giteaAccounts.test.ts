import { strict as assert } from "node:assert";

import { accountFaults, GiteaAccounts } from "../../../../components/git/giteaAccounts";
import { ScriptedServer } from "../../../support/scriptedServer";

const ann = { account: "ann", place: { organisation: "team-blue", repository: "apps" } };
const user = "/api/v1/admin/users";
const member = "/api/v1/repos/team-blue/apps/collaborators/ann";

describe("a person's account at Gitea", () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    server.on(`PATCH ${user}/ann`, [200, {}]);
    server.on(`PUT ${member}`, [204]);
  });
  afterEach(() => server.stop());

  const accounts = (): GiteaAccounts =>
    new GiteaAccounts({ url: server.url, username: "terp", password: "the host's" }, { total: 1000 });
  const bodyOf = (request: string): Readonly<Record<string, unknown>> => {
    const found = server.asked.find(({ method, path }) => `${method} ${path}` === request);
    return (found?.body ?? assert.fail(`${request} wasn't asked`)) as Readonly<Record<string, unknown>>;
  };
  /** An account of that name is there. */
  const there = (isAdministrator = false): void => {
    server.on(`POST ${user}`, [422, { message: "user already exists [name: ann]" }]);
    server.on("GET /api/v1/users/ann", [200, { login: "ann", is_admin: isAdministrator }]);
    server.on("GET /api/v1/orgs/ann", [404]);
  };

  it("is made where there is none, with the password that it is given", async () => {
    server.on(`POST ${user}`, [201, {}]);
    assert.deepEqual(await accounts().admit(ann, "a password"), { isNew: true });
    const { username, password, must_change_password: must } = bodyOf(`POST ${user}`);
    assert.deepEqual([username, password, must], ["ann", "a password", false]);
    assert.equal(bodyOf(`PATCH ${user}/ann`)["password"], undefined);
  });

  it("sees nothing but what it is given, makes nothing of its own, and administers nothing", async () => {
    server.on(`POST ${user}`, [201, {}]);
    await accounts().admit(ann, "a password");
    const {
      admin,
      restricted,
      allow_create_organization: organisations,
      max_repo_creation: most,
    } = bodyOf(`PATCH ${user}/ann`);
    assert.deepEqual([admin, restricted, organisations, most], [false, true, false, 0]);
    assert.equal(bodyOf(`POST ${user}`)["restricted"], true);
  });

  it("pushes to that repository, and doesn't administer it", async () => {
    server.on(`POST ${user}`, [201, {}]);
    await accounts().admit(ann, "a password");
    assert.deepEqual(bodyOf(`PUT ${member}`), { permission: "write" });
  });

  it("keeps its password where it is there already", async () => {
    there();
    assert.deepEqual(await accounts().admit(ann, "a password"), { isNew: false });
    assert.equal(bodyOf(`PATCH ${user}/ann`)["password"], undefined);
  });

  it("gets another password where that is asked for", async () => {
    there();
    assert.deepEqual(await accounts().admit(ann, "another", true), { isNew: true });
    assert.equal(bodyOf(`PATCH ${user}/ann`)["password"], "another");
  });

  for (const [what, prepare] of [
    [
      "an administrator's",
      () => {
        there(true);
      },
    ],
    [
      "an organisation's",
      () => {
        there();
        server.on("GET /api/v1/orgs/ann", [200, {}]);
      },
    ],
    [
      "one of Gitea's own",
      () => {
        there();
        server.on("GET /api/v1/users/ann", [404]);
      },
    ],
  ] as const) {
    it(`isn't ${what}, which is left as it is`, async () => {
      prepare();
      await assert.rejects(accounts().admit(ann, "a password", true), {
        message: `Gitea at ${server.url}: "ann" can't be a person's account: user already exists [name: ann]; take another name`,
      });
      assert.ok(!server.requests.some((each) => each.startsWith("PATCH") || each.startsWith("PUT")));
    });
  }

  for (const status of [204, 404]) {
    it(`loses the repository, and stays (${String(status)})`, async () => {
      server.on(`DELETE ${member}`, [status]);
      await accounts().dismiss(ann);
      assert.deepEqual(server.requests, [`DELETE ${member}`]);
    });
  }

  for (const good of ["ann", "ann-2", "a"]) {
    it(`may be called ${good}`, () => {
      assert.deepEqual(accountFaults(good), []);
    });
  }
  const form =
    "at most 39 lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash";
  for (const [bad, expected] of [
    ["Ann", form],
    ["ann.b", form],
    ["-ann", form],
    ["ann-", form],
    ["a--b", form],
    ["", form],
    ["a".repeat(40), form],
    ["terp", "an account of a person's, and not the administrator's"],
  ] as const) {
    it(`can't be called ${JSON.stringify(bad)}`, () => {
      assert.deepEqual(accountFaults(bad), [
        {
          path: "account",
          given: JSON.stringify(bad),
          expected,
          remedy: 'write a person\'s name, for example "ann"',
        },
      ]);
    });
  }
});
