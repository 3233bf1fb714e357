import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askApplication } from "../../cli/cluster/tenants";
import { removeNode } from "../../local/node";
import type { Summary } from "../../cli/status/summary";
import { eventually } from "../support/eventually";
import { fingerprint, type Fingerprint } from "../support/fingerprint";
import { describeGitHost } from "../support/gitHostSuite";
import { killedUp, type Victims } from "../support/killing";
import { leftoversOf } from "../support/leftovers";
import {
  findSecrets,
  findSecretsInEvents,
  findSecretsInGit,
  findSecretsInProcesses,
} from "../support/secretSearch";
import { takeBackToOlderState } from "../support/olderState";
import { secretsOf } from "../support/platformSecrets";
import { TenantRepository } from "../support/tenantRepository";
import { exists, TrialPlatform } from "../support/trialPlatform";

const tenant = "team-blue";
const environmentFolder = (trial: TrialPlatform): string => `environments/${trial.stack}`;

interface Deployment {
  spec: {
    template: { spec: { containers: { env: { name: string; value?: string; valueFrom?: object }[] }[] } };
  };
}

/** What the tenant's application answers. */
async function answer(trial: TrialPlatform, name = tenant): Promise<{ message: string; color: string }> {
  const api = await trial.api();
  try {
    const found = await askApplication(api, {
      tenant: name,
      signal: AbortSignal.timeout(30_000),
      patience: 20_000,
    });
    assert.ok(found, `the application of ${name} doesn't answer`);
    return JSON.parse(found.body) as { message: string; color: string };
  } finally {
    await api.close();
  }
}

/** Sets a variable of the application. */
function setVariable(
  deployment: Deployment,
  variable: { name: string; value?: string; valueFrom?: object },
): void {
  const container = deployment.spec.template.spec.containers[0];
  assert.ok(container);
  container.env = [...container.env.filter((each) => each.name !== variable.name), variable];
}

describe("the platform of one command", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let first: Fingerprint;
  let raised: Summary;

  before(async () => {
    trial = await TrialPlatform.create();
  });

  after(async () => {
    await trial.remove();
  });

  it("isn't begun while tenants are wrong: it says what is wrong with each, and has made nothing", async () => {
    const wrong = ["Team_Red", "team-"].map(
      (name) => `new TenantComponent("${name}", { platform, namespaces: ["app"] }, options),`,
    );
    await trial.edit("stacks/tenants.ts", (text) => text.replace("return [", `return [${wrong.join(" ")}`));
    const end = await trial.terp("up");
    await trial.edit("stacks/tenants.ts", (text) => text.replace(wrong.join(" "), ""));
    assert.equal(end.code, 1);
    for (const name of ["Team_Red", "team-"])
      assert.match(end.standardError, new RegExp(`tenant "${name}":\\nname`));
    const types = (await trial.state())?.resources.map(({ type }) => type);
    assert.deepEqual(types, ["pulumi:pulumi:Stack"]);
  });

  it("comes up from nothing, with a tenant whose application shows its decrypted secret", async () => {
    raised = await trial.ask<Summary>("up");
    assert.deepEqual(
      raised.tenants.map((each) => [each.tenant, each.ready]),
      [[tenant, true]],
    );
    assert.match((await answer(trial)).message, /decrypted/);
    first = await fingerprint(trial);
    assert.equal(first.recipients.length > 0, true);
  });

  it("changes nothing when it is run again", async () => {
    const again = await trial.ask<Summary>("up");
    assert.deepEqual(Object.keys(again.changes), ["same"]);
    assert.deepEqual(await fingerprint(trial), first);
  });

  it("changes nothing of what an older program made under other names", async () => {
    await takeBackToOlderState(trial);
    const { changes } = await trial.ask<Summary>("up");
    assert.deepEqual(Object.keys(changes), ["same"]);
    assert.deepEqual(await fingerprint(trial), first);
  });

  it("says on one screen that everything is ready", async () => {
    const end = await trial.terp("status");
    assert.equal(end.code, 0, end.standardOutput);
    assert.match(end.standardOutput, /team-blue/);
  });

  it("has secrets in clear in no state, output, log, event, process or temporary file", async () => {
    const previewed = await trial.terp("up", "--plan");
    assert.equal(previewed.code, 0, previewed.standardError);
    const secrets = await secretsOf(trial, tenant);
    assert.ok(secrets.length >= 5, `only ${String(secrets.length)} secrets were found to look for`);
    const publicly = { name: "the public half", value: first.recipients[0] ?? "" };
    assert.notDeepEqual(await findSecrets([publicly], [trial.paths.state]), [], "the search finds nothing");
    const path = { name: "where programs are", value: process.env["PATH"] ?? "" };
    assert.notDeepEqual(await findSecretsInProcesses([path]), [], "the search finds nothing");
    const temporary = (await readdir(tmpdir())).filter((name) => /^(terp-(?!test)|pulumi)/.test(name));
    const places = [
      trial.paths.state,
      join(trial.paths.keep, "settings"),
      join(trial.paths.node, "log"),
      join(trial.paths.node, "pods"),
      join(trial.folder, "logs"),
      trial.project,
      ...temporary.map((name) => join(tmpdir(), name)),
    ];
    assert.deepEqual(await findSecrets(secrets, places), []);
    assert.deepEqual(await findSecretsInGit(secrets, trial.paths.git), []);
    assert.deepEqual(await findSecretsInProcesses(secrets), []);
    const api = await trial.api();
    try {
      const ours = { name: "the tenant", value: tenant };
      assert.notDeepEqual(await findSecretsInEvents([ours], api), [], "the search finds nothing");
      assert.deepEqual(await findSecretsInEvents(secrets, api), []);
    } finally {
      await api.close();
    }
  });

  it("runs what the tenant pushes, in a clone made as the summary says", async () => {
    const repository = await TenantRepository.cloneByTerp(trial, raised.repositories[tenant] ?? "");
    try {
      await repository.change(`${environmentFolder(trial)}/deployment.yaml`, (deployment: Deployment) => {
        setVariable(deployment, { name: "PODINFO_UI_COLOR", value: "#123456" });
      });
      await repository.push("another colour");
      await eventually(async () => {
        assert.equal((await answer(trial)).color, "#123456");
      });
    } finally {
      await repository.remove();
    }
  });

  describe("its Git host", () => {
    describeGitHost(() => ({ trial, tenant, url: raised.repositories[tenant] ?? "" }));
  });

  it("decrypts what the tenant has sealed with its public key", async () => {
    const repository = await TenantRepository.clone(trial, raised.repositories[tenant] ?? "");
    try {
      const folder = environmentFolder(trial);
      const sealed = {
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "second" },
        stringData: { message: "sealed" },
      };
      await repository.write(`${folder}/second.yaml`, JSON.stringify(sealed));
      await repository.seal(`${folder}/second.yaml`);
      assert.doesNotMatch(await repository.read(`${folder}/second.yaml`), /message: sealed/);
      await repository.change(`${folder}/kustomization.yaml`, (kustomization: { resources: string[] }) => {
        kustomization.resources.push("second.yaml");
      });
      await repository.change(`${folder}/deployment.yaml`, (deployment: Deployment) => {
        const valueFrom = { secretKeyRef: { name: "second", key: "message" } };
        setVariable(deployment, { name: "PODINFO_UI_MESSAGE", valueFrom });
      });
      await repository.push("a secret of our own");
      await eventually(async () => {
        assert.equal((await answer(trial)).message, "sealed");
      });
    } finally {
      await repository.remove();
    }
  });

  it("gets a second tenant by one more instance, and leaves the first alone", async () => {
    await trial.edit("stacks/tenants.ts", addTenant);
    const more = await trial.ask<Summary>("up");
    assert.deepEqual(more.tenants.map((each) => each.tenant).sort(), [tenant, "team-green"]);
    assert.equal(more.changes["update"] ?? 0, 0);
    assert.equal(more.changes["delete"] ?? 0, 0);
    assert.match((await answer(trial, "team-green")).message, /decrypted/);
    assert.equal((await answer(trial)).message, "sealed");
  });

  it("makes everything again in a cluster that has lost its data, while the state is still there", async () => {
    const before = await fingerprint(trial);
    const { stack, paths } = trial;
    await removeNode({ name: stack, directory: paths.node, runDirectory: paths.run });
    await trial.ask<Summary>("up");
    assert.deepEqual(await fingerprint(trial), before);
    assert.equal((await answer(trial)).message, "sealed");
  });

  it("is gone without a trace after `terp down`, but for what must outlive it", async () => {
    const before = await fingerprint(trial);
    const end = await trial.terp("down");
    assert.equal(end.code, 0, end.standardError);
    assert.equal(await exists(trial.paths.node), false);
    assert.deepEqual(await leftoversOf(trial.stack), []);
    assert.ok(await exists(trial.paths.keys));
    first = before;
  });

  const killings: readonly [share: number, victims: Victims][] = [
    [0.2, "all"],
    [0.5, "command"],
    [0.8, "all"],
  ];
  it("comes back the same, with keys and repositories, though it is killed three times on the way", async () => {
    const whole = raised.timings.reduce((sum, each) => sum + each.milliseconds, 0);
    for (const [share, victims] of killings) {
      await killedUp(trial, whole * share * (0.75 + Math.random() / 2), victims);
    }
    await trial.ask<Summary>("up");
    assert.deepEqual(await fingerprint(trial), first);
    assert.equal((await answer(trial)).message, "sealed");
  });
});

/** The source of the list of tenants with one more. */
function addTenant(source: string): string {
  return source.replace(
    /^.*"team-blue".*$/m,
    (line) => `${line}\n${line.replace("team-blue", "team-green")}`,
  );
}
