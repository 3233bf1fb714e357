import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bundleOf } from "../../../../components/git/bundle";
import { gitEnvironment } from "../../../../components/git/gitEnvironment";
import { aFolder } from "../../../support/folders";

describe("a bundle", () => {
  const folder = aFolder();
  const access = (): Parameters<typeof bundleOf>[0] => ({
    kind: "github",
    url: `file://${folder.path}`,
    username: "terp",
    password: "the token",
  });
  const place = { organisation: "acme", repository: "blue" };

  function git(at: string, ...words: string[]): string {
    const identity = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
    return execFileSync("git", [...identity, ...words], { cwd: at, encoding: "utf8" });
  }

  /** A repository at the Git host, and a clone of it. */
  function repository(): string {
    const at = join(folder.path, "acme", "blue.git");
    mkdirSync(at, { recursive: true });
    git(at, "init", "--quiet", "--initial-branch=main");
    return at;
  }

  it("has the default branch with its history", async () => {
    const at = repository();
    for (const message of ["One", "Two"]) {
      writeFileSync(join(at, "file"), message);
      git(at, "add", "file");
      git(at, "commit", "--quiet", "--message", message);
    }
    const file = join(folder.path, "bundle");
    writeFileSync(file, (await bundleOf(access(), place)) ?? "");
    git(folder.path, "clone", "--quiet", "--branch=main", file, "restored");
    assert.equal(git(join(folder.path, "restored"), "log", "--format=%s"), "Two\nOne\n");
  });

  it("isn't there where there is no commit", async () => {
    repository();
    assert.equal(await bundleOf(access(), place), undefined);
  });

  it("says what git said, and nothing of the credential", async () => {
    await assert.rejects(bundleOf(access(), place), (error: Error) => {
      assert.match(error.message, /^bundling acme\/blue: fatal: .*Could not read from remote repository/s);
      assert.ok(!error.message.includes("the token"));
      return true;
    });
  });
});

describe("git's environment", () => {
  it("gives the credential to that host alone, and asks nobody", () => {
    const access = { url: "https://github.com", username: "terp", password: "the token" };
    assert.deepEqual(gitEnvironment(access), {
      GIT_TERMINAL_PROMPT: "0",
      GIT_CONFIG_GLOBAL: "/dev/null",
      GIT_CONFIG_NOSYSTEM: "1",
      GIT_CONFIG_COUNT: "1",
      GIT_CONFIG_KEY_0: "http.https://github.com/.extraHeader",
      GIT_CONFIG_VALUE_0: "Authorization: Basic dGVycDp0aGUgdG9rZW4=",
    });
  });
});
