import { strict as assert } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgeKeyPair, formatKeyFile, makeKeyPair, parseKeyFile } from "../../infra/keys/age";
import { EngineProject, type Running } from "../support/engineProject";
import { type Hold, KeyVaultDouble } from "../support/keyVaultDouble";
import { killWithDescendants } from "../support/killing";
import { findSecrets, findSecretsInProcesses } from "../support/secretSearch";

const program = `
import * as pulumi from "@pulumi/pulumi";
import { AgeKey } from "../infra/keys/ageKey";
export = async () => {
  const config = new pulumi.Config();
  const key = new AgeKey("platform-key", {
    store: { kind: "azure-key-vault", url: config.require("url"), stack: "test" },
    keyName: "platform",
    expectedRecipient: config.get("recipient"),
  });
  return { recipient: key.recipient, identity: key.identity, isSecret: await pulumi.isSecret(key.identity) };
};
`;

describe("the platform's key in Azure Key Vault, on a real engine", () => {
  let double: KeyVaultDouble;
  let project: EngineProject;
  /** Where the engine and its plugins keep temporary files. */
  let temporary: string;

  const versions = () => double.vault.secrets.get("platform")?.versions ?? [];

  /** The key of the only version that counts. */
  async function kept(): Promise<AgeKeyPair> {
    const [version, ...others] = versions().filter(({ enabled }) => enabled);
    assert.ok(version, "the vault has a key");
    assert.deepEqual(others, [], "one version is enabled");
    return await parseKeyFile(version.value);
  }

  async function aProject(): Promise<EngineProject> {
    const made = await EngineProject.create(program, { ...double.environment, TMPDIR: temporary });
    await freshState(made);
    return made;
  }

  async function freshState(of = project): Promise<void> {
    await of.initialise();
    await of.run("config", "set", "--stack", "test", "url", double.url);
  }

  async function upAsExpected(...words: readonly string[]): Promise<void> {
    const { code, output } = await project.up(...words);
    assert.equal(code, 0, output);
  }

  /** What both stop with, before anything is changed. */
  async function stopsPreviewAndUp(pattern: RegExp): Promise<void> {
    const before = JSON.stringify([...double.vault.secrets]);
    const ends = [await project.run("preview", "--stack", "test"), await project.up()];
    for (const { code, output } of ends) {
      assert.notEqual(code, 0, output);
      assert.match(output.replaceAll(/\s+/g, " "), pattern);
      assert.ok(!output.includes("    at "), "a stack is no explanation");
      assert.ok(!output.includes("AGE-SECRET-KEY-"), "no key is shown");
      for (const token of double.tokens) assert.ok(!output.includes(token), "no token is shown");
    }
    assert.equal(JSON.stringify([...double.vault.secrets]), before);
  }

  async function killAt({ child, end }: Running, { reached }: Hold): Promise<void> {
    await Promise.race([reached, end.then(({ output }) => assert.fail(output))]);
    await killWithDescendants(child.pid ?? 0);
    await end;
  }

  before(async () => {
    double = await KeyVaultDouble.start();
    temporary = await mkdtemp(join(tmpdir(), "terp-engine-temporary-"));
    project = await aProject();
  });
  after(async () => {
    await project.remove();
    await double.close();
    await rm(temporary, { recursive: true, force: true });
  });
  afterEach(() => {
    double.denied.clear();
    double.throttle = { requests: 0 };
  });

  for (const [what, prepare, mend, pattern] of [
    [
      "can't be reached",
      () => double.disconnect(),
      () => double.reconnect(),
      /Azure Key Vault https:\/\/terp-test\.vault\.azure\.net, secret "platform": .*can't be reached \(ECONNREFUSED\)/,
    ],
    [
      "refuses",
      () => void double.denied.set("list", "role"),
      () => undefined,
      /secret "platform": listing the versions of the secret is refused \(403, ForbiddenByRbac\)/,
    ],
    [
      "is throttled",
      () => void (double.throttle = { requests: Infinity }),
      () => undefined,
      /secret "platform": listing the versions of the secret is throttled \(429\)/,
    ],
  ] as const) {
    it(`isn't made where the vault ${what}: preview and up stop`, async () => {
      await prepare();
      await stopsPreviewAndUp(pattern);
      await mend();
    });
  }

  it("is made once, is a secret, and is nowhere in clear but in the vault", async () => {
    const places = (): string[] => [project.state, join(project.folder, "pulumi"), temporary];
    const hold = double.hold("set", "after");
    const { end } = project.start("up", "--stack", "test", "--yes", "--skip-preview");
    await Promise.race([hold.reached, end.then(({ output }) => assert.fail(output))]);
    const { recipient, identity } = await kept();
    const secrets = [{ name: "the platform's key", value: identity }];
    assert.deepEqual(await findSecretsInProcesses(secrets), []);
    assert.deepEqual(await findSecrets(secrets, places()), []);
    hold.release();
    const { code, output } = await end;
    assert.equal(code, 0, output);
    assert.ok(!output.includes(identity), "no output has it");
    for (const token of double.tokens) assert.ok(!output.includes(token));
    assert.equal(await project.output("recipient"), recipient);
    assert.equal(await project.output("identity"), "[secret]");
    assert.equal(await project.output("isSecret"), "true");
    assert.deepEqual(await findSecrets(secrets, places()), []);
  });

  it("is unchanged by a second run and a refresh, which read metadata alone", async () => {
    double.asked.length = 0;
    await upAsExpected("--expect-no-changes");
    const words = ["refresh", "--stack", "test", "--yes", "--skip-preview", "--expect-no-changes"];
    const { code, output } = await project.run(...words);
    assert.equal(code, 0, output);
    assert.deepEqual([...new Set(double.asked)], ["list"]);
  });

  it("is found again after the state was lost", async () => {
    const before = await kept();
    await freshState();
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    assert.equal(versions().length, 1);
    assert.equal(await project.output("recipient"), before.recipient);
  });

  it("is backed up again after the vault was lost, by a plain up", async () => {
    const before = await kept();
    double.vault.secrets.clear();
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /~ +pulumi-nodejs:dynamic\/keys:AgeKey/);
    assert.equal(double.vault.secrets.size, 0, "a preview writes nothing");
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    await upAsExpected("--expect-no-changes");
  });

  it("is recovered after it was deleted, with the state and without", async () => {
    const before = await kept();
    double.vault.delete("platform");
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /~ +pulumi-nodejs:dynamic\/keys:AgeKey/);
    assert.equal(double.vault.secrets.get("platform")?.state, "deleted", "a preview recovers nothing");
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    double.vault.delete("platform");
    await freshState();
    await project.run("config", "set", "--stack", "test", "recipient", before.recipient);
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    assert.equal(versions().length, 1);
  });

  it("stops preview, refresh and up where the vault has another one than the state", async () => {
    await freshState();
    await upAsExpected();
    const right = double.vault.secrets.get("platform");
    const [before, other] = [await kept(), await makeKeyPair()];
    assert.ok(right);
    double.vault.secrets.clear();
    double.vault.set("platform", {
      value: formatKeyFile(other),
      tags: { "terp-recipient": other.recipient },
    });
    const pattern = new RegExp(
      `has the key of ${other.recipient}, but the state has the key of ${before.recipient}; nothing was changed`,
    );
    await stopsPreviewAndUp(pattern);
    const { code, output } = await project.run("refresh", "--stack", "test", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(output.replaceAll(/\s+/g, " "), pattern);
    double.vault.secrets.set("platform", right);
    await upAsExpected("--expect-no-changes");
  });

  it("is one key for two ups at once that know nothing of each other", async () => {
    double.vault.secrets.clear();
    await freshState();
    const second = await aProject();
    try {
      const holds = [double.hold("set", "before"), double.hold("set", "before")];
      const ends = [project.up(), second.up()];
      for (const { reached } of holds) await reached;
      for (const { release } of holds) release();
      for (const { code, output } of await Promise.all(ends)) assert.equal(code, 0, output);
      assert.equal(versions().length, 2, "each had found nothing");
      const { recipient } = await kept();
      assert.deepEqual(
        [await project.output("recipient"), await second.output("recipient")],
        [recipient, recipient],
      );
    } finally {
      await second.remove();
    }
  });

  it("is made by the next run where one was killed between making and storing it", async () => {
    double.vault.secrets.clear();
    await freshState();
    const hold = double.hold("set", "before");
    await killAt(project.start("up", "--stack", "test", "--yes", "--skip-preview"), hold);
    hold.drop();
    assert.equal(double.vault.secrets.size, 0);
    await project.run("cancel", "--stack", "test", "--yes");
    await upAsExpected();
    assert.equal(await project.output("recipient"), (await kept()).recipient);
    await upAsExpected("--expect-no-changes");
  });

  it("is the stored one where a run was killed between storing and recording it", async () => {
    double.vault.secrets.clear();
    await freshState();
    const hold = double.hold("set", "after");
    await killAt(project.start("up", "--stack", "test", "--yes", "--skip-preview"), hold);
    hold.drop();
    const before = await kept();
    await project.run("cancel", "--stack", "test", "--yes");
    await upAsExpected();
    assert.deepEqual(await kept(), before);
    assert.equal(versions().length, 1);
    assert.equal(await project.output("recipient"), before.recipient);
  });
});
