import { strict as assert } from "node:assert";

import { GitHub } from "../../../../components/git/githubApi";
import { GithubDouble } from "../../../support/githubDouble";

const place = { organisation: "acme", repository: "blue" };
const spec = { ...place, description: "Terp: what runs for the tenant blue" };

describe("GitHub's own ways", () => {
  let double: GithubDouble;
  let host: GitHub;

  beforeEach(async () => {
    double = await new GithubDouble().start();
    host = new GitHub(
      { kind: "github", url: double.url, username: "terp", password: "the token" },
      { total: 3000 },
    );
  });
  afterEach(() => double.stop());

  describe("a repository whose organisation calls the first branch otherwise", () => {
    beforeEach(() => {
      double.firstBranch = "trunk";
    });

    it("has it renamed while it is new", async () => {
      const { isEmpty } = await host.ensureRepository(spec);
      const { defaultBranch, heads } = double.at("blue");
      assert.deepEqual([isEmpty, defaultBranch, [...heads.keys()]], [true, "main", ["main"]]);
    });

    it("has it renamed too if a run was killed in between", async () => {
      double.make("blue", spec.description);
      double.push("blue", "README.md", "# blue", "Initial commit");
      assert.equal((await host.ensureRepository(spec)).isEmpty, true);
      assert.equal(double.at("blue").defaultBranch, "main");
    });
  });

  it("leaves a repository's default branch to its tenant", async () => {
    await host.ensureRepository(spec);
    const repository = double.at("blue");
    repository.heads.set("develop", repository.heads.get("main") ?? "");
    repository.defaultBranch = "develop";
    await host.ensureRepository(spec);
    assert.equal(repository.defaultBranch, "develop");
  });

  it("touches nothing of a repository that is somebody's, with no more than GitHub's first commit", async () => {
    double.firstBranch = "trunk";
    double.make("blue", "Somebody's own");
    double.push("blue", "README.md", "# blue", "Initial commit");
    await assert.rejects(host.ensureRepository(spec), { fault: "taken" });
    assert.deepEqual(
      double.requests.filter((request) => !request.startsWith("GET")),
      [],
    );
  });

  it("commits anew on top of what somebody pushed in between", async () => {
    await host.ensureRepository(spec);
    double.beforeMove = () => {
      double.beforeMove = () => undefined;
      double.push("blue", "theirs", "", "Somebody's");
    };
    await host.commit(place, "Ours", [{ operation: "create", path: "ours", content: "" }]);
    assert.deepEqual(double.messages("blue"), ["Ours", "Somebody's", "Initial commit"]);
    assert.deepEqual(Object.keys(double.files("blue")), ["README.md", "theirs", "ours"]);
  });

  it("doesn't overwrite a file that somebody pushed in between", async () => {
    await host.ensureRepository(spec);
    double.beforeMove = () => {
      double.beforeMove = () => undefined;
      double.push("blue", "key", "theirs", "Somebody's");
    };
    const change = { operation: "create", path: "key", content: "ours" } as const;
    await assert.rejects(host.commit(place, "Ours", [change]), {
      fault: "outdated",
      message: "committing key to acme/blue: key has changed or exists already",
    });
    assert.equal(double.files("blue")["key"], "theirs");
  });

  it("says so before anything is made if the organisation has deploy keys disabled", async () => {
    double.organisation = { deploy_keys_enabled_for_repositories: false };
    await assert.rejects(host.ensureRepository(spec), {
      fault: "forbidden",
      message:
        `GitHub at ${double.url}, looking whether "acme" allows deploy keys: it answered 422 Deploy keys are disabled; ` +
        "an owner of the organisation allows them: Settings, Member privileges, Deploy keys, Enabled (new organisations have them disabled)",
    });
    assert.deepEqual([...double.repositories.keys()], []);
  });

  describe("an organisation whose plan is free", () => {
    beforeEach(() => {
      double.organisation = { plan: { name: "free" } };
    });

    it("is refused before anything is made, for it protects no branch of a private repository", async () => {
      await assert.rejects(host.ensureRepository(spec), {
        fault: "forbidden",
        message:
          `GitHub at ${double.url}: the plan of the organisation "acme" is free, which protects no branch of a repository that isn't public; ` +
          "use the plan Team, or set terp:git.protect to false, or terp:git.visibility to public",
      });
      assert.deepEqual([...double.repositories.keys()], []);
    });

    for (const [what, change] of [
      ["a public repository", { visibility: "public" }],
      ["a branch that isn't protected", { guard: { isProtected: false, approvals: 0, byCodeOwners: false } }],
    ] as const)
      it(`will do for ${what}`, async () => {
        assert.equal((await host.ensureRepository({ ...spec, ...change })).isEmpty, true);
      });
  });

  it("has a lost state's protection taken away, so that it can be made anew", async () => {
    await host.ensureRepository(spec);
    double.at("blue").isProtected = true;
    await host.withdraw(place, { deployKeyTitle: "terp dev", webhookHosts: [] });
    assert.equal(double.at("blue").isProtected, false);
  });
});
