import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, chown, mkdir, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type AgeKeyPair, formatKeyFile, makeKeyPair, successorOf } from "../../../infra/keys/age";
import { keyFiles } from "../../../infra/keys/form";
import { FileStore } from "../../../infra/keys/fileStore";
import { aFolder } from "../../support/folders";

const permissions = async (path: string): Promise<string> => ((await stat(path)).mode & 0o777).toString(8);

describe("the file store", () => {
  const base = aFolder();
  const folder = (): string => join(base.path, "keys");
  const store = (): FileStore<AgeKeyPair> => new FileStore({ kind: "file", folder: folder() }, keyFiles);

  it("has nothing at first, and makes nothing by being asked", async () => {
    assert.equal(await store().get("platform"), undefined);
    assert.equal(await store().inspect("platform"), undefined);
    assert.deepEqual(await readdir(base.path), []);
  });

  it("gives back what was put, to its owner alone", async () => {
    const key = await makeKeyPair();
    assert.deepEqual(await store().putIfAbsent("platform", key), key);
    assert.deepEqual(await store().get("platform"), key);
    assert.deepEqual(await store().inspect("platform"), { isDeleted: false, recipient: key.recipient });
    assert.equal(await permissions(folder()), "700");
    assert.equal(await permissions(join(folder(), "platform.agekey")), "600");
  });

  it("keeps the first key of a name", async () => {
    const [first, second] = [await makeKeyPair(), await makeKeyPair()];
    await store().putIfAbsent("platform", first);
    assert.deepEqual(await store().putIfAbsent("platform", second), first);
    assert.deepEqual(await store().get("platform"), first);
  });

  it("keeps keys of different names apart", async () => {
    const [one, other] = [await makeKeyPair(), await makeKeyPair()];
    await store().putIfAbsent("platform", one);
    assert.deepEqual(await store().putIfAbsent("other", other), other);
  });

  it("refuses a name that leads elsewhere", async () => {
    for (const name of ["", "../platform", "a/b", ".hidden", "Upper", "a".repeat(64)]) {
      await assert.rejects(store().get(name), /key name .*: expected at most 63/);
    }
  });

  it("refuses a relative folder", () => {
    assert.throws(
      () => new FileStore({ kind: "file", folder: "keys" }, keyFiles),
      /got the folder "keys", expected one that starts/,
    );
  });

  it("takes a folder below the home folder", () => {
    assert.match(
      new FileStore({ kind: "file", folder: "~/keys" }, keyFiles).describe(),
      /^the folder \/.*\/keys$/,
    );
  });

  for (const mode of [0o750, 0o705, 0o710, 0o777]) {
    it(`refuses a folder that others may enter (${mode.toString(8)}), whatever is asked of it`, async () => {
      await mkdir(folder());
      await chmod(folder(), mode);
      const message = new RegExp(
        `others may read .*/keys \\(mode ${mode.toString(8)}\\), expected 700; type: chmod 700 `,
      );
      await assert.rejects(store().get("platform"), message);
      await assert.rejects(store().inspect("platform"), message);
      await assert.rejects(store().putIfAbsent("platform", await makeKeyPair()), message);
      assert.deepEqual(await readdir(folder()), []);
    });
  }

  it("refuses a key that others may read", async () => {
    await store().putIfAbsent("platform", await makeKeyPair());
    await chmod(join(folder(), "platform.agekey"), 0o644);
    await assert.rejects(
      store().get("platform"),
      /others may read .*platform.agekey \(mode 644\), expected 600; type: chmod 600 /,
    );
  });

  it("refuses somebody else's folder", async function () {
    if (process.getuid?.() !== 0) this.skip();
    await mkdir(folder(), { mode: 0o700 });
    await chown(folder(), 65534, 65534);
    await assert.rejects(
      store().get("platform"),
      /belongs to user 65534, expected user 0, .* type: chown 0 /,
    );
  });

  it("refuses a file where its folder should be", async () => {
    await writeFile(folder(), "");
    await assert.rejects(store().get("platform"), /is a file, expected a folder/);
  });

  it("says of its health what is missing, open to others, or damaged, and changes nothing", async () => {
    const finding = async (): Promise<string> =>
      (await store().health("platform")).map(({ severity, text }) => `${severity}: ${text}`).join("\n");
    assert.match(
      await finding(),
      /^fault: key store: the folder .*\/keys isn't there; the next `up` makes it$/,
    );
    await mkdir(folder(), { mode: 0o700 });
    assert.match(await finding(), /^fault: key store: .*\/platform\.agekey isn't there; the next `up` puts/);
    await store().putIfAbsent("platform", await makeKeyPair());
    assert.deepEqual(await store().health("platform"), []);
    await chmod(folder(), 0o755);
    assert.match(await finding(), /^fault: key store: others may read .* type: chmod 700 /);
    await chmod(folder(), 0o700);
    await writeFile(join(folder(), "platform.agekey"), "damaged");
    assert.match(await finding(), /^fault: .*platform\.agekey: age identity: .* no age identity$/);
    assert.equal(await readFile(join(folder(), "platform.agekey"), "utf8"), "damaged");
  });

  it("refuses a damaged key and doesn't replace it", async () => {
    const key = await makeKeyPair();
    await store().putIfAbsent("platform", key);
    const damaged = formatKeyFile(key).slice(0, -5);
    await writeFile(join(folder(), "platform.agekey"), damaged);
    await assert.rejects(
      store().putIfAbsent("platform", await makeKeyPair()),
      /platform\.agekey: age identity: .* no age identity/,
    );
    assert.equal(await readFile(join(folder(), "platform.agekey"), "utf8"), damaged);
  });

  it("replaces a key by its successor, again and again the same, and keeps the old file", async () => {
    const first = await makeKeyPair();
    await store().putIfAbsent("platform", first);
    const second = await successorOf(first);
    await store().replace("platform", second, first.recipient);
    await store().replace("platform", second, first.recipient);
    assert.deepEqual(await store().inspect("platform"), {
      isDeleted: false,
      recipient: second.recipient,
      former: [first.recipient],
    });
    const [old, ...others] = (await readdir(folder())).filter((name) => name.startsWith("platform.agekey."));
    assert.deepEqual(others, []);
    assert.equal(await readFile(join(folder(), old ?? ""), "utf8"), formatKeyFile(first));
  });

  it("replaces no other key than the one that is meant", async () => {
    const [first, other] = [await makeKeyPair(), await makeKeyPair()];
    await store().putIfAbsent("platform", first);
    await assert.rejects(
      store().replace("platform", await successorOf(other), other.recipient),
      new RegExp(
        `got the key of ${first.recipient}, expected that of ${other.recipient}; nothing was changed`,
      ),
    );
    assert.deepEqual(await store().get("platform"), first);
  });

  it("removes what a killed process left behind", async () => {
    await mkdir(folder(), { mode: 0o700 });
    await writeFile(join(folder(), ".0123456789abcdef.tmp"), formatKeyFile(await makeKeyPair()), {
      mode: 0o600,
    });
    await store().putIfAbsent("platform", await makeKeyPair());
    assert.deepEqual((await readdir(folder())).sort(), [".lock", "platform.agekey"]);
  });
});

describe("several processes at the file store", () => {
  const base = aFolder();
  const folder = (): string => join(base.path, "keys");
  const store = (): FileStore<AgeKeyPair> => new FileStore({ kind: "file", folder: folder() }, keyFiles);

  function put(): ChildProcess {
    const script = join(__dirname, "putKey.ts");
    return spawn(process.execPath, ["--require", "tsx/cjs", script, folder(), "platform"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  async function lastLine(child: ChildProcess): Promise<string> {
    let output = "";
    child.stdout?.on("data", (data: Buffer) => (output += data.toString()));
    await new Promise((ended) => child.once("close", ended));
    return output.trim().split("\n").at(-1) ?? "";
  }

  it("end with one key", async () => {
    const recipients = await Promise.all([put(), put(), put(), put()].map(lastLine));
    const kept = await store().get("platform");
    assert.ok(kept);
    assert.deepEqual(recipients, Array<string>(4).fill(kept.recipient));
  });

  it("killed at any moment leave a whole key or none, and the next one goes on", async () => {
    for (let attempt = 0; attempt < 12; attempt++) {
      const child = put();
      const ended = lastLine(child);
      // From the moment its key is made; the pause grows from none to longer than all that follows.
      await new Promise((ready) => child.stdout?.once("data", ready));
      await wait(attempt);
      child.kill("SIGKILL");
      await ended;
      const found = await store().get("platform");
      const next = await store().putIfAbsent("platform", found ?? (await makeKeyPair()));
      if (found) assert.deepEqual(next, found);
      assert.deepEqual((await readdir(folder())).sort(), [".lock", "platform.agekey"]);
      await rm(folder(), { recursive: true });
    }
  });
});
