import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TenantWebhook } from "../../cli/commands/tenantWebhook";
import type { Summary } from "../../cli/status/summary";
import type { TenantView } from "../../cli/tenant/view/tenantView";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { chartFiles, ownSource, release } from "../support/attacks/charts";
import { at } from "../support/attacks/identities";
import { SomebodyElsesRepository } from "../support/broughtRepository";
import { eventually } from "../support/eventually";
import { TenantRepository } from "../support/tenantRepository";
import { exists, TrialPlatform } from "../support/trialPlatform";

const run = promisify(execFile);
const green = "team-green-app";
const control = "terp-tenant-team-green";
const anchor = "    // One tenant, one line or more.\n";
const instance = (more = ""): string =>
  `    new TenantComponent("team-green", { platform, namespaces: ["app"], charts: true${more} }, options),\n`;

/** A tenant that brings its repository along, and comes while the other goes. */
const red = `    new TenantComponent(
      "team-red",
      { platform, namespaces: ["app"], repository: { url: "${SomebodyElsesRepository.url}", webhook: "github" } },
      options,
    ),
`;

describe("offboarding a tenant", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let api: KubeApi;
  let raised: Summary;
  let elsewhere: SomebodyElsesRepository;

  const tenants = (before: string, after: string): Promise<void> =>
    trial.edit("stacks/tenants.ts", (text) => text.replace(before, after));
  const names = async (path: string): Promise<string[]> =>
    (await api.list(path)).map(({ metadata }) => metadata.name);
  /** What holds up the deletion of the tenant's HelmRelease. */
  const finalizers = async (): Promise<unknown> =>
    (await api.metadata(at("helm.toolkit.fluxcd.io/v2", "helmreleases", green, "web")))?.["finalizers"];
  const policies = at("networking.k8s.io/v1", "networkpolicies", green);

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:tenants: { charts: true }\n`);
    await tenants(anchor, `${anchor}${instance()}`);
    raised = await trial.ask<Summary>("up");
    api = await trial.api();
    elsewhere = await SomebodyElsesRepository.make(api, raised);
    const knownHosts = JSON.stringify(await SomebodyElsesRepository.knownHosts(api));
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
      text.replace("charts: true }", `charts: true, knownHosts: ${knownHosts} }`),
    );
    await tenants("  ];", `${red}  ];`);
    const repository = await TenantRepository.clone(trial, raised.repositories["team-green"] ?? "");
    const folder = `environments/${trial.stack}`;
    const policy = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "own" },
      spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
    };
    await repository.write(`${folder}/policy.yaml`, JSON.stringify(policy));
    await repository.write(`${folder}/source.yaml`, JSON.stringify(ownSource("team-green")));
    await repository.write(`${folder}/release.yaml`, JSON.stringify(release("web")));
    for (const [file, text] of Object.entries(chartFiles())) await repository.write(file, text);
    await repository.change(`${folder}/kustomization.yaml`, (kustomization: { resources: string[] }) => {
      kustomization.resources.push("policy.yaml", "source.yaml", "release.yaml");
    });
    await repository.push("a network policy and a chart of its own");
    await repository.remove();
    await eventually(async () => {
      const apps = await api.text(at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps"));
      const said = JSON.stringify((JSON.parse(apps) as KubeObject).status.conditions);
      assert.deepEqual((await names(policies)).sort(), ["own", "terp"], said);
      assert.deepEqual(await finalizers(), ["finalizers.fluxcd.io"], said);
    });
  });

  after(async () => {
    await api.close();
    await trial.remove();
  });

  it("is refused in one step, with what to type, and nothing is deleted", async () => {
    await tenants(instance(), "");
    for (const words of [["up"], ["up", "--plan"]]) {
      const end = await trial.terp(...words);
      assert.equal(end.code, 1);
      assert.match(end.standardError, /tenant "team-green" is no longer in stacks\/tenants\.ts/);
      assert.match(end.standardError, /terp up --remove-tenant team-green/);
    }
    assert.deepEqual(await names(at("apps/v1", "deployments", green)), ["podinfo"]);
    assert.deepEqual(await names(at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control)), ["apps"]);
  });

  it("begins with suspending it: nothing is reconciled, nothing passes, everything is kept", async () => {
    await tenants(anchor, `${anchor}${instance(", suspended: true")}`);
    await trial.ask<Summary>("up");
    const spec = async (path: string): Promise<KubeObject["spec"] | undefined> =>
      (await api.list(path))[0]?.spec;
    const applied = await spec(at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control));
    assert.equal(applied?.["suspend"], true);
    const [policy, ...others] = await api.list(policies);
    assert.deepEqual(others, []);
    assert.deepEqual([policy?.spec["ingress"] ?? [], policy?.spec["egress"] ?? []], [[], []]);
    assert.deepEqual(await names(at("apps/v1", "deployments", green)), ["podinfo"]);
    assert.equal(await finalizers(), undefined);
    assert.deepEqual(await names(at("v1", "pods", control)), []);
  });

  it("goes on beside a tenant that comes with a repository of its own, which nobody has let the platform into yet", async () => {
    const { repository, brought, recipient } = await eventually(async () => {
      const end = await trial.terp("tenant", "show", "team-red", "--json");
      assert.equal(end.code, 4, end.standardError);
      const view = JSON.parse(end.standardOutput) as TenantView;
      assert.match(
        view.reason,
        /^its repository: .*(authenticate|permission denied|not found|unauthorized)/is,
      );
      return view;
    });
    assert.equal(repository, SomebodyElsesRepository.url);
    const webhook = await trial.ask<TenantWebhook>("tenant", "webhook", "team-red");
    await elsewhere.letIn(brought?.deployKey ?? "", webhook);
    await elsewhere.fill(trial, "team-red-app", recipient ?? "");
    await eventually(async () => {
      const { data } = JSON.parse(
        await api.text(at("v1", "secrets", "team-red-app", "own")).catch(() => "{}"),
      ) as KubeObject & { readonly data?: unknown };
      assert.deepEqual(data, { a: Buffer.from("sealed").toString("base64") });
    });
    assert.ok((await names(at("v1", "configmaps", "team-red-app"))).includes("own"));
  });

  it("leaves an export: manifests, sealed Secrets, the repository and the list of volumes", async () => {
    const exports = join(trial.paths.exports, "team-green");
    const [folder = ""] = await readdir(exports);
    const read = (file: string): Promise<string> => readFile(join(exports, folder, file), "utf8");
    assert.match(
      await read(`manifests/${green}/networkpolicy.networking.k8s.io-own.yaml`),
      /kind: NetworkPolicy/,
    );
    const secret = await read(`manifests/${green}/secret-greeting.yaml`);
    assert.match(secret, /message: ENC\[AES256_GCM/);
    assert.doesNotMatch(secret, /decrypted in the cluster/);
    assert.match(await read("volumes.yaml"), /volumes: \[\]/);
    const clone = join(trial.folder, "bundle");
    await run("git", ["clone", "--branch", "bundle", join(exports, folder, "repository.bundle"), clone]);
    assert.match(await readFile(join(clone, "README.md"), "utf8"), /team-green/);
  });

  it("can be undone: Flux brings back what was stopped", async () => {
    await tenants(instance(", suspended: true"), instance());
    await trial.ask<Summary>("up");
    await eventually(async () => {
      const apps = await api.text(at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps"));
      const said = JSON.stringify((JSON.parse(apps) as KubeObject).status.conditions);
      assert.deepEqual((await names(policies)).sort(), ["own", "terp"], said);
      assert.deepEqual(await finalizers(), ["finalizers.fluxcd.io"], said);
    });
  });

  it("ends with removing its instance: all of it goes, and what holds it up is named meanwhile", async () => {
    await tenants(instance(), instance(", suspended: true"));
    await trial.ask<Summary>("up");
    await api.post(at("v1", "configmaps", green), {
      metadata: { name: "held", finalizers: ["terp.test/held"] },
    });
    await tenants(instance(", suspended: true"), "");
    const removal = trial.start(["up", "--json"]);
    try {
      await eventually(async () => {
        const status = await trial.terp("status");
        assert.match(status.standardOutput, /namespace team-green-app .*terp\.test\/held in 1 resource/);
      });
    } finally {
      // Or the run, and what clears up after the test, would wait for it.
      await api.merge(at("v1", "configmaps", green, "held"), { metadata: { finalizers: null } }, "test");
    }
    const end = await removal.ended;
    assert.equal(end.code, 0, end.standardError);
    const removed = JSON.parse(end.standardOutput) as Summary;
    assert.deepEqual(
      removed.tenants.map(({ tenant, ready }) => [tenant, ready]),
      [
        ["team-blue", true],
        ["team-red", true],
      ],
    );
    const namespaces = await names("/api/v1/namespaces");
    assert.ok(!namespaces.includes(green) && !namespaces.includes(control), namespaces.join());
    assert.equal(await exists(join(trial.paths.exports, "team-green")), true);
    const url = `${raised.repositories["team-green"] ?? ""}.git`;
    const clone = await TenantRepository.clone(trial, url);
    assert.match(await clone.read("README.md"), /team-green/);
    await clone.remove();
  });
});
