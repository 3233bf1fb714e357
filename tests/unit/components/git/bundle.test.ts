import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { bundleBySsh, bundleOf } from "../../../../components/git/bundle";
import { makeSshKeyPair } from "../../../../components/git/deployKey";
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

describe("a bundle by SSH", () => {
  const folder = aFolder();
  const { privateKey } = makeSshKeyPair();
  const path = process.env["PATH"];
  const temporary = process.env["TMPDIR"];

  /** In place of ssh: notes its arguments and what is in the files that they name, and runs what the other side would. */
  const double = (noted: string): string => `#!/bin/sh
printf '%s\\n' "$@" > '${noted}'
for word in "$@"; do
  case $word in
    IdentityFile=*) stat -c %a "\${word#*=}" >> '${noted}'; cat "\${word#*=}" >> '${noted}' ;;
    UserKnownHostsFile=*) cat "\${word#*=}" >> '${noted}' ;;
  esac
  last=$word
done
exec sh -c "$last"
`;

  beforeEach(() => {
    const programs = join(folder.path, "programs");
    mkdirSync(programs);
    mkdirSync(join(folder.path, "temporary"));
    writeFileSync(join(programs, "ssh"), double(join(folder.path, "noted")));
    chmodSync(join(programs, "ssh"), 0o700);
    process.env["PATH"] = `${programs}:${path ?? ""}`;
    process.env["TMPDIR"] = join(folder.path, "temporary");
    const at = join(folder.path, "blue.git");
    const git = (...words: string[]): string =>
      execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...words], {
        cwd: at,
        encoding: "utf8",
      });
    mkdirSync(at);
    git("init", "--quiet", "--initial-branch=live");
    git("commit", "--quiet", "--allow-empty", "--message", "One");
  });

  afterEach(() => {
    process.env["PATH"] = path;
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
  });

  const bundle = (): Promise<Uint8Array | undefined> =>
    bundleBySsh({
      url: `ssh://git@git.example.org${folder.path}/blue.git`,
      branch: "live",
      privateKey,
      knownHosts: "git.example.org ssh-ed25519 AAAA\n",
    });

  it("has the branch that is applied", async () => {
    const file = join(folder.path, "bundle");
    writeFileSync(file, (await bundle()) ?? "");
    const listed = execFileSync("git", ["bundle", "list-heads", file], { encoding: "utf8" });
    assert.match(listed, /^[0-9a-f]{40} refs\/heads\/live\n$/);
  });

  it("is read with that key alone, from a host with that key alone, and nothing of it stays", async () => {
    await bundle();
    const noted = readFileSync(join(folder.path, "noted"), "utf8");
    for (const expected of [
      /^IdentitiesOnly=yes$/m,
      /^IdentityAgent=none$/m,
      /^StrictHostKeyChecking=yes$/m,
      /^GlobalKnownHostsFile=\/dev\/null$/m,
      /^600\n-----BEGIN OPENSSH PRIVATE KEY-----$/m,
      /^git\.example\.org ssh-ed25519 AAAA$/m,
    ])
      assert.match(noted, expected);
    assert.deepEqual(readdirSync(join(folder.path, "temporary")), []);
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
