import { strict as assert } from "node:assert";

import { Gitea, keyWithoutComment } from "../../../../components/git/giteaApi";
import { GitHostError, isOutOfReach } from "../../../../components/git/host";
import { ScriptedServer } from "../../../support/scriptedServer";

const place = { organisation: "team-blue", repository: "apps" };
const password = "the-hosts-password";
const repository = "/api/v1/repos/team-blue/apps";
const readme = `${repository}/contents/docs/read%20me.md?ref=main`;

describe("Gitea's API", () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  function gitea(total = 10_000): Gitea {
    return new Gitea({ url: server.url, username: "terp", password }, { total });
  }

  /** What stops some work: never a word of the credential. */
  async function fault(work: Promise<unknown>): Promise<GitHostError> {
    const error = await work.then(
      () => assert.fail("it went well"),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof GitHostError, String(error));
    const hidden = [password, Buffer.from(`terp:${password}`).toString("base64")];
    for (const secret of hidden) assert.ok(!`${error.message}${error.stack ?? ""}`.includes(secret));
    return error;
  }

  const read = (host: Gitea): Promise<unknown> => host.readFile(place, "docs/read me.md");

  it("is asked with the account's credential, and a path in which every part is escaped", async () => {
    server.on(`GET ${readme}`, [200, { content: "", sha: "1" }]);
    await read(gitea());
    assert.deepEqual(server.requests, [`GET ${readme}`]);
    assert.equal(
      server.asked[0]?.authorization,
      `Basic ${Buffer.from(`terp:${password}`).toString("base64")}`,
    );
  });

  describe("when it refuses", () => {
    for (const [status, kind, remedy] of [
      [401, "unauthenticated", "; its administrator's password is set when it starts: run `terp up` again"],
      [403, "forbidden", "; give the account the right to do this, or use an administrator's"],
      [409, "refused", ""],
      [422, "refused", ""],
      [500, "refused", ""],
    ] as const) {
      it(`with ${String(status)} says what it said, and is "${kind}"`, async () => {
        server.on(`GET ${readme}`, [status, { message: "not\n  like this" }]);
        const error = await fault(read(gitea()));
        assert.equal(
          error.message,
          `Gitea at ${server.url}, reading docs/read me.md: it answered ${String(status)} not like this${remedy}`,
        );
        assert.equal(error.fault, kind);
        assert.equal(server.asked.length, 1, "it isn't asked again");
      });
    }

    it("without a word says so", async () => {
      server.on(`GET ${readme}`, [418]);
      assert.match((await fault(read(gitea()))).message, /it answered 418 without a word$/);
    });

    it("with a page of somebody else's quotes no more than its beginning", async () => {
      server.on(`GET ${readme}`, [400, `<html>${"x".repeat(5000)}`]);
      assert.match((await fault(read(gitea()))).message, /it answered 400 <html>x{194}$/);
    });
  });

  describe("when it is busy or away", () => {
    const file = [200, { content: Buffer.from("text").toString("base64"), sha: "1" }] as const;
    for (const [what, reply] of [
      ["answers 502", [502]],
      ["answers 503", [503, { message: "starting" }]],
      ["answers 504", [504]],
      ["says that its database is locked", [500, { message: "database is locked" }]],
      ["closes the connection", "nothing"],
    ] as const) {
      it(`is asked again while it ${what}`, async () => {
        server.on(`GET ${readme}`, reply, reply, file);
        assert.deepEqual(await read(gitea()), { content: "text", version: "1" });
        assert.equal(server.asked.length, 3);
      });
    }

    it("is given up in the end, with the reason", async () => {
      server.on(`GET ${readme}`, [503]);
      const error = await fault(read(gitea(100)));
      assert.equal(error.fault, "unreachable");
      assert.equal(
        error.message,
        `Gitea at ${server.url} can't be reached: it answered 503; see whether it runs with "terp status", and run this again`,
      );
    });

    it("is given up where nobody listens", async () => {
      const host = gitea(100);
      const { url } = server;
      await server.stop();
      const error = await fault(read(host));
      assert.equal(
        error.message,
        `Gitea at ${url} can't be reached: ECONNREFUSED; see whether it runs with "terp status", and run this again`,
      );
      server = await ScriptedServer.start();
    });
  });

  describe("reading a file", () => {
    it("gives its text and its version", async () => {
      const content = Buffer.from("Grüße\n").toString("base64");
      server.on(`GET ${readme}`, [200, { content, sha: "abc" }]);
      assert.deepEqual(await read(gitea()), { content: "Grüße\n", version: "abc" });
    });

    it("gives nothing where there is none", async () => {
      server.on(`GET ${readme}`, [404, { message: "not found" }]);
      assert.equal(await read(gitea()), undefined);
    });
  });

  describe("listing a folder", () => {
    const tenants = `GET ${repository}/contents/tenants?ref=main`;

    it("gives the names of the folders in it", async () => {
      const found = { "platform.yaml": "file", "team-blue": "dir", "team-red": "dir", elsewhere: "symlink" };
      server.on(tenants, [200, Object.entries(found).map(([name, type]) => ({ name, type }))]);
      assert.deepEqual(await gitea().folders(place, "tenants"), ["team-blue", "team-red"]);
    });

    it("gives nothing where there is none", async () => {
      server.on(tenants, [404, { message: "not found" }]);
      assert.deepEqual(await gitea().folders(place, "tenants"), []);
    });
  });

  describe("committing", () => {
    const contents = `POST ${repository}/contents`;
    const commit = (host: Gitea): Promise<void> =>
      host.commit(place, "Change three", [
        { operation: "create", path: "a", content: "new" },
        { operation: "update", path: "b", content: "changed", version: "1" },
        { operation: "delete", path: "c", version: "2" },
      ]);

    it("is one request with every change, to the branch main", async () => {
      server.on(contents, [201, {}]);
      await commit(gitea());
      assert.deepEqual(
        server.asked.map(({ body }) => body),
        [
          {
            branch: "main",
            message: "Change three",
            files: [
              { operation: "create", path: "a", content: "bmV3" },
              { operation: "update", path: "b", content: "Y2hhbmdlZA==", sha: "1" },
              { operation: "delete", path: "c", sha: "2" },
            ],
          },
        ],
      );
    });

    for (const [status, message] of [
      [422, "repository file already exists [path: a]"],
      [422, "sha does not match [given: 1, expected: 9]"],
      [409, "sha does not match"],
      [500, "file already exists"],
    ] as const) {
      it(`is outdated where a file isn't as believed: ${String(status)} ${message}`, async () => {
        server.on(contents, [status, { message }]);
        const error = await fault(commit(gitea()));
        assert.equal(error.fault, "outdated");
        assert.equal(error.message, `committing a, b, c to team-blue/apps: ${message}`);
        assert.equal(server.asked.length, 1);
      });
    }

    for (const message of [
      "cannot lock ref 'refs/heads/main'",
      "updates were rejected: non-fast-forward",
      "updates were rejected: fetch first",
      "refs/heads/main is at 1 but expected 2",
    ]) {
      it(`is done again where another commit came in between: ${message}`, async () => {
        server.on(contents, [500, { message }], [409, { message }], [201, {}]);
        await commit(gitea());
        assert.equal(server.asked.length, 3);
      });
    }

    it("is given up where others always come in between", async () => {
      // How long it waits before each try.
      const { random } = Math;
      Math.random = () => 0;
      server.on(contents, [500, { message: "fetch first" }]);
      try {
        assert.equal((await fault(commit(gitea()))).fault, "refused");
      } finally {
        Math.random = random;
      }
      assert.equal(server.asked.length, 10);
    });

    it("is refused at once for any other reason", async () => {
      server.on(contents, [403, { message: "no write access" }]);
      assert.equal((await fault(commit(gitea()))).fault, "forbidden");
      assert.equal(server.asked.length, 1);
    });
  });
});

describe("a Git host that is out of reach", () => {
  for (const [fault, expected] of [
    ["unreachable", true],
    ["unauthenticated", true],
    ["forbidden", false],
    ["taken", false],
    ["outdated", false],
    ["refused", false],
  ] as const) {
    it(`is ${expected ? "" : "not "}one that is ${fault}`, () => {
      assert.equal(isOutOfReach(new GitHostError(fault, "")), expected);
    });
  }

  it("is not any other error", () => {
    assert.equal(isOutOfReach(new Error("unreachable")), false);
  });
});

describe("a public key without its comment", () => {
  it("is its type and value", () => {
    assert.equal(keyWithoutComment(" ssh-ed25519 AAAA  terp@dev\n"), "ssh-ed25519 AAAA");
    assert.equal(keyWithoutComment("ssh-ed25519 AAAA"), "ssh-ed25519 AAAA");
  });
});
