import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, readdir, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { platformOrganisation, platformRepository } from "../../components/git/names";
import { Gitea } from "../../components/git/giteaApi";
import type { GiteaAccess } from "../../components/git/giteaClient";
import { keyPath, retiredKeyPath, sealedKeyIn, tenantsFolder } from "../../components/tenant/sealedKey";
import { askApplication } from "../../cli/cluster/tenants";
import { gitAdministrator } from "../../cli/cluster/credentials";
import type { Summary } from "../../cli/status/summary";
import { makeKeyPair, parseKeyFile } from "../../infra/keys/age";
import { removeNode } from "../../local/node";
import { eventually } from "../support/eventually";
import { fingerprint, type Fingerprint } from "../support/fingerprint";
import { killedRun } from "../support/killing";
import { TrialPlatform } from "../support/trialPlatform";

const tenant = "team-blue";
/** One that the program doesn't have. */
const gone = "team-gone";
const place = { organisation: platformOrganisation, repository: platformRepository } as const;

interface KeyEntry {
  readonly key: string;
  readonly recipient: string;
  readonly former: readonly string[];
}

/** Every row of the table in docs/recover.md that needs a whole platform. The store's own rows are in tests/engine. */
describe("the keys of a platform", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let first: Fingerprint;
  let summary: Summary;
  /** The recipient of the key without a tenant. */
  let left = "";

  /** What the application shows of the secret that was sealed at the beginning. */
  async function message(): Promise<string> {
    const api = await trial.api();
    try {
      const options = { tenant, signal: AbortSignal.timeout(30_000), patience: 20_000 };
      const found = await askApplication(api, options);
      return (JSON.parse(found?.body ?? "{}") as { message?: string }).message ?? "";
    } finally {
      await api.close();
    }
  }

  async function gitHost(): Promise<{ host: Gitea; access: GiteaAccess }> {
    const api = await trial.api();
    try {
      const { username, password } = await gitAdministrator(api);
      const url = new URL(summary.repositories[tenant] ?? "").origin;
      const access = { url, username, password };
      return { host: new Gitea(access), access };
    } finally {
      await api.close();
    }
  }

  async function loseThePlatformRepository(): Promise<void> {
    const { access } = await gitHost();
    const authorization = `Basic ${Buffer.from(`${access.username}:${access.password}`).toString("base64")}`;
    const url = `${access.url}/api/v1/repos/${place.organisation}/${place.repository}`;
    assert.equal((await fetch(url, { method: "DELETE", headers: { authorization } })).status, 204);
  }

  async function isAsBefore(): Promise<void> {
    summary = await trial.ask<Summary>("up");
    assert.deepEqual((await fingerprint(trial)).recipients, first.recipients);
    assert.match(await message(), /decrypted/);
  }

  async function refusal(): Promise<string> {
    const end = await trial.terp("up");
    assert.equal(end.code, 1, end.standardError);
    return end.standardError;
  }

  const keys = async (): Promise<KeyEntry[]> => trial.ask<KeyEntry[]>("key", "list");
  const kept = async (): Promise<string> => readFile(join(trial.paths.keys, "platform.agekey"), "utf8");

  before(async () => {
    trial = await TrialPlatform.create();
    summary = await trial.ask<Summary>("up");
    first = await fingerprint(trial);
  });
  after(async () => {
    await trial.remove();
  });

  it("are the same after the state was lost and the cluster not", async () => {
    await rm(trial.paths.state, { recursive: true });
    await isAsBefore();
  });

  it("are one for a tenant that two machines make at once, by the real Git host", async () => {
    const { host, access } = await gitHost();
    const tools = JSON.parse((await trial.terp("env", "--json")).standardOutput) as Record<string, string>;
    const inputs = {
      access,
      ...place,
      tenant: gone,
      namespace: `terp-tenant-${gone}`,
      repositoryId: (await host.repositoryId(place)) ?? "",
      platformRecipient: (await keys())[0]?.recipient ?? "",
      platformFormer: [],
      backup: "1",
    };
    // They share the platform's store, as they would a vault.
    const store = { kind: "file", folder: trial.paths.keys };
    const environment = { ...trial.environment, PATH: tools["PATH"] };
    const [one, other] = await Promise.all(
      [1, 2].map(() => madeBy(trial.project, environment, { ...inputs, store })),
    );
    const file = await host.readFile(place, keyPath(gone));
    assert.deepEqual([one, other], Array(2).fill(sealedKeyIn(file?.content ?? "")?.recipient));
    left = one ?? "";
  });

  it("are the same, and the application has its old secret, after cluster and state were lost", async () => {
    const { name, directory, runDirectory } = {
      name: trial.stack,
      directory: trial.paths.node,
      runDirectory: trial.paths.run,
    };
    await removeNode({ name, directory, runDirectory });
    await rm(trial.paths.state, { recursive: true });
    await isAsBefore();
  });

  it("are set aside where no tenant of the program has them: Flux would fail for everybody", async () => {
    const { host } = await gitHost();
    assert.deepEqual(await host.folders(place, tenantsFolder), [tenant]);
    const kept = await host.readFile(place, retiredKeyPath(gone));
    assert.equal(sealedKeyIn(kept?.content ?? "")?.recipient, left);
  });

  it("are backed up again, sealed ones too, after the store was lost", async () => {
    const before = await kept();
    await rm(trial.paths.keys, { recursive: true });
    await isAsBefore();
    assert.equal(await kept(), before);
    const copy = await readFile(join(trial.paths.keys, `tenant-${tenant}.sops.yaml`), "utf8");
    assert.ok(first.recipients.includes(sealedKeyIn(copy)?.recipient ?? "none"));
  });

  it("are in a platform repository again that was lost", async () => {
    await loseThePlatformRepository();
    await isAsBefore();
    const { host } = await gitHost();
    assert.ok(await host.readFile(place, keyPath(tenant)));
  });

  it("stop the run where a tenant's is lost in repository and store, and the state knows it", async () => {
    const copy = join(trial.paths.keys, `tenant-${tenant}.sops.yaml`);
    const aside = `${trial.paths.keys}.aside`;
    await rename(copy, aside);
    await loseThePlatformRepository();
    assert.match(
      await refusal(),
      /neither the platform repository nor the folder .* has that key; nothing was changed/,
    );
    await rename(aside, copy);
    await isAsBefore();
  });

  it("stop the run where the platform repository's .sops.yaml names another recipient", async () => {
    const { host } = await gitHost();
    const { recipient } = await makeKeyPair();
    const rules = await host.readFile(place, ".sops.yaml");
    assert.ok(rules);
    const wrong = rules.content.replace(/age1[a-z0-9]+/, recipient);
    const change = { operation: "update", path: ".sops.yaml" } as const;
    await host.commit(place, "Name another", [{ ...change, content: wrong, version: rules.version }]);
    assert.match(
      await refusal(),
      new RegExp(`its \\.sops\\.yaml names ${recipient}, expected age1.*nothing was changed`),
    );
    const now = await host.readFile(place, ".sops.yaml");
    await host.commit(place, "Name the right one", [
      { ...change, content: rules.content, version: now?.version ?? "" },
    ]);
    await isAsBefore();
  });

  it("get a successor each, though the command is killed on the way, and what was sealed still opens", async () => {
    const before = await keys();
    for (const words of [
      ["key", "rotate", tenant],
      ["key", "rotate"],
    ]) {
      for (const after of [1500, 3000, 5000]) await killedRun(trial, words, { after, victims: "all" });
      await trial.ask(...words);
    }
    const now = await keys();
    assert.deepEqual(
      now.map(({ key, former }) => ({ key, former })),
      before.map(({ key, recipient }) => ({ key, former: [recipient] })),
    );
    assert.match(await message(), /decrypted/);
    await trial.ask<Summary>("up");
    assert.deepEqual(await keys(), now);
  });

  it("lose their former ones by being retired, which the store keeps aside", async () => {
    const before = await keys();
    await trial.ask("key", "retire", tenant);
    await trial.ask("key", "retire");
    const now = await keys();
    assert.deepEqual(
      now,
      before.map(({ key, recipient }) => ({ key, recipient, former: [] })),
    );
    await eventually(async () => {
      assert.match(await message(), /decrypted/);
    });
    const aside = (await readdir(trial.paths.keys)).filter((name) => name.startsWith("platform.agekey."));
    const recipients = await Promise.all(
      aside.map(async (name) => parseKeyFile(await readFile(join(trial.paths.keys, name), "utf8"))),
    );
    assert.ok(recipients.some(({ recipient }) => recipient === before[0]?.former[0]));
  });

  it("are the same after the cluster alone was lost", async () => {
    first = await fingerprint(trial);
    await cp(trial.paths.keys, `${trial.paths.keys}.before`, { recursive: true });
    await removeNode({ name: trial.stack, directory: trial.paths.node, runDirectory: trial.paths.run });
    await isAsBefore();
  });
});

/** The recipient of the key that a process of its own makes, or finds. What it is told goes by a pipe. */
async function madeBy(project: string, environment: NodeJS.ProcessEnv, inputs: object): Promise<string> {
  const program = `require("tsx/cjs");
    const { provider } = require("./components/tenant/tenantKeyProvider");
    provider.create(JSON.parse(require("fs").readFileSync(0, "utf8"))).then(
      ({ outs }) => process.stdout.write(outs.recipient),
      (error) => { console.error(error); process.exit(1); });`;
  const child = spawn(process.execPath, ["-e", program], {
    cwd: project,
    env: environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  child.stdin.end(JSON.stringify(inputs));
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  const code = await new Promise((resolve) => child.on("close", resolve));
  assert.equal(code, 0);
  return output;
}
