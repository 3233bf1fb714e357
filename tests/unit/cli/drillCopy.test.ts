import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import {
  openSync,
  closeSync,
  chmodSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
  existsSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { tryLock } from "fs-native-extensions";
import { copyDatabase } from "../../../cli/drill/database";
import { copyGitData } from "../../../cli/drill/gitCopy";
import { readBackup } from "../../../cli/drill/backup";
import { DataFolderReader, gitIn } from "../../../cli/git/dataFolder";
import { aFolder } from "../../support/folders";

const run = promisify(execFile);
const header = "SQLite format 3\0";

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const identity = {
  ...process.env,
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
  GIT_AUTHOR_NAME: "Blue",
  GIT_AUTHOR_EMAIL: "blue@example.test",
  GIT_COMMITTER_NAME: "Blue",
  GIT_COMMITTER_EMAIL: "blue@example.test",
};

/** A Git host's data folder with a repository that has one commit. */
async function dataFolder(folder: string, name: string, files: Record<string, string>): Promise<string> {
  const repository = join(folder, "repositories", `${name}.git`);
  mkdirSync(repository, { recursive: true });
  await run("git", ["init", "--quiet", "--bare", "--initial-branch=main", repository], { env: identity });
  const clone = join(folder, "..", "clone");
  await run("git", ["clone", "--quiet", repository, clone], { env: identity });
  for (const [path, text] of Object.entries(files)) write(join(clone, path), text);
  await run("git", ["add", "--all"], { cwd: clone, env: identity });
  await run("git", ["commit", "--quiet", "--message", "one"], { cwd: clone, env: identity });
  await run("git", ["push", "--quiet", "origin", "HEAD:main"], { cwd: clone, env: identity });
  write(join(folder, "data", "gitea.db"), `${header}tables`);
  return clone;
}

describe("a copy of a database", () => {
  const folder = aFolder();
  const source = (): string => join(folder.path, "gitea.db");
  const target = (): string => join(folder.path, "copy.db");

  it("has what is written and not yet in the database's first file, and not what is made anew", async () => {
    write(source(), `${header}tables`);
    write(`${source()}-wal`, "newest");
    write(`${source()}-shm`, "index");
    chmodSync(source(), 0o640);
    await copyDatabase(source(), target());
    assert.equal(readFileSync(target(), "utf8"), `${header}tables`);
    assert.equal(readFileSync(`${target()}-wal`, "utf8"), "newest");
    assert.equal(existsSync(`${target()}-shm`), false);
    assert.equal(statSync(target()).mode & 0o777, 0o640);
  });

  it("waits for who writes, and keeps others from writing", async () => {
    write(source(), `${header}tables`);
    write(`${source()}-shm`, "x".repeat(200));
    const writer = openSync(`${source()}-shm`, "r+");
    // As SQLite does before it writes: the lock WAL_WRITE_LOCK, exclusively.
    assert.ok(tryLock(writer, 120, 1, { shared: false }));
    const copied = copyDatabase(source(), target());
    await sleep(60);
    assert.equal(existsSync(target()), false);
    writeFileSync(`${source()}-wal`, "written");
    closeSync(writer);
    await copied;
    assert.equal(readFileSync(`${target()}-wal`, "utf8"), "written");
  });

  it("is made again if somebody wrote meanwhile", async () => {
    write(source(), `${header}${"a".repeat(1000)}`);
    // Without a lock, as a program does that isn't SQLite.
    const timer = setInterval(() => {
      writeFileSync(`${source()}-wal`, String(Date.now()));
    }, 5);
    setTimeout(() => {
      clearInterval(timer);
    }, 300);
    await copyDatabase(source(), target());
    assert.equal(readFileSync(`${target()}-wal`, "utf8"), readFileSync(`${source()}-wal`, "utf8"));
  });

  it("is refused where there is none, or something else", async () => {
    await assert.rejects(copyDatabase(source(), target()), new Error(`${source()}: there is no database`));
    write(source(), "something else, for certain");
    await assert.rejects(
      copyDatabase(source(), target()),
      new Error(`${source()}: it isn't an SQLite database`),
    );
  });
});

describe("a copy of a Git host's data", () => {
  const folder = aFolder();
  const source = (): string => join(folder.path, "git");
  const target = (): string => join(folder.path, "copy");

  it("has repositories, database and secrets, with their rights, and no locks", async () => {
    await dataFolder(source(), "blue/apps", { "a.txt": "1" });
    write(join(source(), "secret_key"), "secret");
    chmodSync(join(source(), "secret_key"), 0o600);
    const repository = join(source(), "repositories", "blue", "apps.git");
    write(join(repository, "refs", "heads", "main.lock"), "");
    write(join(repository, "packed-refs.lock"), "");
    write(join(repository, "objects", "tmp_objdir-incoming-x", "pack"), "half of it");
    const copy = await copyGitData(source(), target());
    assert.deepEqual(copy.repositories, ["blue/apps"]);
    assert.equal(statSync(join(target(), "secret_key")).mode & 0o777, 0o600);
    const copied = join(target(), "repositories", "blue", "apps.git");
    for (const name of ["refs/heads/main.lock", "packed-refs.lock", "objects/tmp_objdir-incoming-x"])
      assert.equal(existsSync(join(copied, name)), false, name);
    assert.equal(await gitIn(copied, ["rev-parse", "main"]), await gitIn(repository, ["rev-parse", "main"]));
  });

  it("is whole though commits are pushed and the repository is packed all the while", async () => {
    const clone = await dataFolder(source(), "blue/apps", { "a.txt": "1" });
    const repository = join(source(), "repositories", "blue", "apps.git");
    const pushing = spawn(
      "/bin/sh",
      [
        "-c",
        `i=0; while :; do i=$((i+1)); echo $i >a.txt; git commit -qam $i; git push -q origin HEAD:main; git push -q origin HEAD:refs/heads/tmp_$i; ` +
          `[ $((i % 4)) = 0 ] && git --git-dir ${repository} gc -q --prune=now; done`,
      ],
      { cwd: clone, env: identity, stdio: "ignore", detached: true },
    );
    try {
      for (let round = 0; round < 5; round += 1) {
        await sleep(100);
        await copyGitData(source(), join(folder.path, `copy-${String(round)}`));
        const copied = join(folder.path, `copy-${String(round)}`, "repositories", "blue", "apps.git");
        await gitIn(copied, ["fsck", "--full", "--strict", "--no-dangling"]);
      }
    } finally {
      const ended = new Promise((resolve) => pushing.on("close", resolve));
      // The whole group: what git has started, too.
      process.kill(-(pushing.pid ?? 0), "SIGKILL");
      await ended;
    }
  });

  it("is refused where a history is broken", async () => {
    await dataFolder(source(), "blue/apps", { "a.txt": "1" });
    const repository = join(source(), "repositories", "blue", "apps.git");
    const tree = (await gitIn(repository, ["rev-parse", "main^{tree}"])).trim();
    await run("rm", ["-f", join(repository, "objects", tree.slice(0, 2), tree.slice(2))]);
    await assert.rejects(copyGitData(source(), target()), /missing tree|invalid sha1|git fsck/);
  });

  it("is refused where there is none, with what to type", async () => {
    await assert.rejects(
      copyGitData(source(), target()),
      /git: expected the data folder of the Git host \(ENOENT.*\); where it is on another machine, name a copy with --git-data FOLDER$/,
    );
  });
});

describe("a backup", () => {
  const folder = aFolder();

  it("tells each tenant's recipient, newest commit and sealed Secrets", async () => {
    const source = join(folder.path, "git");
    const sealed = (name: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\nstringData: { a: "ENC[x]" }\nsops: { age: [{ recipient: age1blue }] }\n`;
    const key = `kind: Secret\nmetadata:\n  name: sops-age\n  annotations: { terp.dev/recipient: age1blue }\nsops: { age: [{ recipient: age1platform }] }\n`;
    await dataFolder(source, "blue/apps", {
      "environments/prd/one.yaml": sealed("one"),
      "environments/prd/deeper/two.yml": `${sealed("two")}---\n${sealed("three")}`,
      "environments/prd/plain.yaml": "kind: Secret\nmetadata: { name: plain }\n",
      "environments/dev/other.yaml": sealed("other"),
    });
    await run("rm", ["-r", join(folder.path, "clone")]);
    await dataFolder(source, "platform/platform", {
      "tenants/blue/age.yaml": key,
      "tenants/platform.yaml": "",
    });
    const place = { organisation: "blue", repository: "apps" };
    const commit = await new DataFolderReader(source).commit(place);
    assert.deepEqual(await readBackup(source, "prd", ["green"]), {
      blue: {
        key: { recipient: "age1blue", former: [] },
        revision: `main@sha1:${commit ?? ""}`,
        sealed: ["one", "three", "two"],
      },
      green: { key: undefined, revision: undefined, sealed: [] },
    });
  });
});
