import { strict as assert } from "node:assert";
import { cp, readFile, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { makeKeyPair, parseKeyFile } from "../../infra/keys/age";
import { keyFiles } from "../../infra/keys/form";
import { FileStore } from "../../infra/keys/fileStore";
import { EngineProject } from "../support/engineProject";
import { findSecrets } from "../support/secretSearch";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { AgeKey } from "../infra/keys/ageKey";
export = async () => {
  const config = new pulumi.Config();
  const key = new AgeKey("platform-key", {
    store: { kind: "file", folder: config.require("folder") },
    keyName: "platform",
    expectedRecipient: config.get("recipient"),
  });
  return { recipient: key.recipient, identity: key.identity, isSecret: await pulumi.isSecret(key.identity) };
};
`;

describe("the platform's key on a real engine", () => {
  let project: EngineProject;
  const keys = (): string => join(project.folder, "keys");
  const keyFile = (): string => join(keys(), "platform.agekey");

  async function kept(): Promise<{ recipient: string; identity: string }> {
    return await parseKeyFile(await readFile(keyFile(), "utf8"));
  }

  async function freshState(): Promise<void> {
    await project.initialise();
    await project.run("config", "set", "--stack", "test", "folder", keys());
  }

  async function upAsExpected(...words: readonly string[]): Promise<string> {
    const { code, output } = await project.up(...words);
    assert.equal(code, 0, output);
    return output;
  }

  before(async () => {
    project = await EngineProject.create(program);
    await freshState();
    await upAsExpected();
  });
  after(async () => {
    await project.remove();
  });

  it("is backed up, is a secret, and is nowhere in clear but in the store", async () => {
    const { recipient, identity } = await kept();
    assert.equal(await project.output("recipient"), recipient);
    assert.equal(await project.output("identity"), "[secret]");
    assert.equal(await project.output("isSecret"), "true");
    const { output } = await project.run("preview", "--stack", "test", "--diff");
    assert.ok(!output.includes(identity));
    assert.deepEqual(
      await findSecrets([{ name: "the platform's key", value: identity }], [project.state]),
      [],
    );
  });

  it("is unchanged by a second run and a refresh", async () => {
    await upAsExpected("--expect-no-changes");
    const { code, output } = await project.run(
      "refresh",
      "--stack",
      "test",
      "--yes",
      "--skip-preview",
      "--expect-no-changes",
    );
    assert.equal(code, 0, output);
  });

  it("is backed up again after the store was lost, by a plain up", async () => {
    const before = await kept();
    await rm(keys(), { recursive: true });
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /~ +pulumi-nodejs:dynamic\/keys:AgeKey/);
    await assert.rejects(readdir(keys()), "a preview writes nothing");
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    await upAsExpected("--expect-no-changes");
  });

  it("is found again after the state was lost", async () => {
    const before = await kept();
    await freshState();
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    assert.equal(await project.output("recipient"), before.recipient);
  });

  it("stops preview, refresh and up where the store has another one than the state", async () => {
    const before = await kept();
    await cp(keys(), `${keys()}.right`, { recursive: true, preserveTimestamps: true });
    await rm(keyFile());
    const other = await new FileStore({ kind: "file", folder: keys() }, keyFiles).putIfAbsent(
      "platform",
      await makeKeyPair(),
    );
    for (const words of [
      ["preview"],
      ["refresh", "--yes", "--skip-preview"],
      ["up", "--yes", "--skip-preview"],
    ]) {
      const { code, output } = await project.run(...words, "--stack", "test");
      assert.notEqual(code, 0, output);
      assert.ok(
        output.includes(
          `has the key of ${other.recipient}, but the state has the key of ${before.recipient}`,
        ),
        output,
      );
      assert.ok(!output.includes("    at "), "a stack is no explanation");
      assert.ok(!output.includes(before.identity) && !output.includes(other.identity));
    }
    assert.deepEqual(await kept(), other);
    await rm(keys(), { recursive: true });
    await cp(`${keys()}.right`, keys(), { recursive: true, preserveTimestamps: true });
    await upAsExpected("--expect-no-changes");
  });

  it("stops a preview where the configuration names another recipient", async () => {
    const { recipient } = await makeKeyPair();
    await project.run("config", "set", "--stack", "test", "recipient", recipient);
    const { code, output } = await project.run("preview", "--stack", "test");
    assert.notEqual(code, 0);
    assert.match(output, new RegExp(`the stack's configuration names ${recipient}; nothing was changed`));
    await project.run("config", "rm", "--stack", "test", "recipient");
  });

  it("stays in the store after destroy", async () => {
    const before = await kept();
    const { code, output } = await project.run("destroy", "--stack", "test", "--yes", "--skip-preview");
    assert.equal(code, 0, output);
    assert.deepEqual(await kept(), before);
  });

  it("is one whole key after runs that were killed at any moment", async () => {
    let known: string | undefined;
    await rm(keys(), { recursive: true });
    for (let attempt = 0; attempt < 4; attempt++) {
      await freshState();
      const { child, end } = project.start("up", "--stack", "test", "--yes", "--skip-preview");
      // The key is made near the end of a run: aim there, and at what follows.
      const started = Date.now();
      while (Date.now() - started < 60_000 && child.exitCode === null) {
        if ((await readdir(keys()).catch(() => [])).length > (known === undefined ? 0 : 2)) break;
        if (known !== undefined && Date.now() - started > 500 * attempt) break;
        await wait(2);
      }
      await wait(attempt * 5);
      try {
        process.kill(-(child.pid ?? 0), "SIGKILL");
      } catch {
        // It had ended.
      }
      await end;
      const found = await kept().catch(() => undefined);
      if (known !== undefined) assert.equal(found?.recipient, known);
      known = found?.recipient;
    }
    await freshState();
    await upAsExpected();
    if (known !== undefined) assert.equal((await kept()).recipient, known);
    assert.deepEqual((await readdir(keys())).sort(), [".lock", "platform.agekey"]);
  });
});
