import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { openChange, type OpenedChange, type PushedBranch } from "../../../../cli/service/change";
import { aFolder } from "../../../support/folders";
import { GithubDouble } from "../../../support/githubDouble";

/** At a double of GitHub, of which the pull requests are ours. Gitea's own program is asked in tests of a cluster. */
describe("a pushed change at GitHub", () => {
  const folder = aFolder();
  let github: GithubDouble;
  let root = "";
  let environment: NodeJS.ProcessEnv = {};

  beforeEach(async () => {
    github = await new GithubDouble().start();
    github.make("blue-apps", "somebody's", "README.md");
    root = join(folder.path, "clone");
    execFileSync("git", ["init", "--quiet", root]);
    environment = { PATH: process.env["PATH"], HOME: folder.path, GIT_CONFIG_GLOBAL: "/dev/null" };
    environment["GIT_CONFIG_NOSYSTEM"] = "1";
  });
  afterEach(() => github.stop());

  const keep = (password: string): void => {
    const helper = `!printf 'username=blue\\npassword=${password}\\n';:`;
    execFileSync("git", ["config", "--replace-all", "credential.helper", helper], { cwd: root });
  };
  const page = (): string => `${github.url}/acme/blue-apps/pull/new/service-shop`;
  const open = (changes: Partial<PushedBranch> = {}): Promise<OpenedChange> =>
    openChange(
      {
        lines: ["Create a pull request for 'service-shop' on GitHub by visiting:", page()],
        remote: `${github.url}/acme/blue-apps.git`,
        base: () => Promise.resolve("main"),
        branch: "service-shop",
        title: "Add the service shop",
        ...changes,
      },
      { root, environment },
    );
  const pulls = (): readonly object[] => github.at("blue-apps").pulls;

  it("is opened with the credential that Git keeps for it", async () => {
    keep("the token");
    assert.deepEqual(await open(), { isOpen: true, address: `${github.url}/acme/blue-apps/pull/1` });
    assert.deepEqual(pulls(), [{ title: "Add the service shop", head: "service-shop", base: "main" }]);
  });

  it("is opened with what GitHub's own program is logged in with, where that is there", async () => {
    const programs = join(folder.path, "programs");
    mkdirSync(programs);
    const { host } = new URL(github.url);
    const script = `#!/bin/sh\n[ "$*" = "auth token --hostname ${host}" ] && echo "the token"\n`;
    writeFileSync(join(programs, "gh"), script, { mode: 0o755 });
    environment["PATH"] = `${programs}:${environment["PATH"] ?? ""}`;
    assert.equal((await open()).isOpen, true);
  });

  it("is opened with the password in the clone's own address", async () => {
    const remote = `${github.url.replace("//", "//blue:the%20token@")}/acme/blue-apps.git`;
    assert.equal((await open({ remote })).isOpen, true);
  });

  it("is found again where it is open already", async () => {
    keep("the token");
    await open();
    assert.deepEqual(await open(), { isOpen: true, address: `${github.url}/acme/blue-apps/pull/1` });
    assert.equal(pulls().length, 1);
  });

  it("stays pushed, with the page that opens it, where nobody has a credential", async () => {
    const why = `neither Git nor gh has a credential for ${github.url}`;
    assert.deepEqual(await open(), { isOpen: false, address: page(), why });
    assert.deepEqual(github.requests, []);
  });

  it("stays pushed where GitHub refuses, with its words and without the credential", async () => {
    keep("an old token");
    const { why = "", ...rest } = await open();
    assert.deepEqual(rest, { isOpen: false, address: page() });
    assert.match(why, /answered 401 Bad credentials$/);
  });

  it("stays pushed where GitHub can't be reached", async () => {
    keep("the token");
    const asked = { lines: [page()], remote: `${github.url}/acme/blue-apps.git` };
    await github.stop();
    const { isOpen, why = "" } = await openChange(
      {
        ...asked,
        base: () => Promise.resolve("main"),
        branch: "service-shop",
        title: "Add the service shop",
      },
      { root, environment },
    );
    assert.deepEqual([isOpen, /can't be reached/.test(why)], [false, true], why);
    github = await new GithubDouble().start();
  });

  for (const remote of [
    "ssh://git@elsewhere.example.org/acme/blue-apps.git",
    "git@elsewhere:acme/blue-apps.git",
  ])
    it(`shows no credential to a host that wasn't pushed to, by ${remote}`, async () => {
      keep("the token");
      const { isOpen, why = "" } = await open({ remote });
      assert.deepEqual([isOpen, /pushed to elsewhere/.test(why)], [false, true], why);
      assert.deepEqual(github.requests, []);
    });

  it("shows no credential in clear where the push was encrypted", async () => {
    keep("the token");
    const remote = `ssh://git@${new URL(github.url).hostname}/acme/blue-apps.git`;
    assert.equal((await open({ remote })).isOpen, false);
    assert.deepEqual(github.requests, []);
  });
});
