import assert from "node:assert/strict";
import type { Summary } from "../../cli/status/summary";
import type { KubeApi } from "../../infra/cluster/kubeApi";
import type { AttackedPlatform } from "../support/attacks/attackedPlatform";
import { Attacker } from "../support/attacks/attacker";
import { chartRequests } from "../support/attacks/charts";
import { describeCharts } from "../support/attacks/chartSuite";
import { fetching } from "../support/attacks/fluxCommits";
import { describeGuards } from "../support/attacks/guardSuite";
import { at, own, victim } from "../support/attacks/identities";
import { describePods } from "../support/attacks/podSuite";
import { RepositoryAttack } from "../support/attacks/repositoryAttack";
import { artifactsOf, describeRepository } from "../support/attacks/repositorySuite";
import { requests } from "../support/attacks/requests";
import { describeRequests } from "../support/attacks/requestSuite";
import { Tally } from "../support/attacks/tally";
import { eventually } from "../support/eventually";
import { TenantRepository } from "../support/tenantRepository";
import { TrialPlatform } from "../support/trialPlatform";

const tenants = `  return [
    new TenantComponent(
      "team-blue",
      {
        platform,
        namespaces: ["app"],
        charts: true,
        people: {
          owners: ["blue-owners"],
          developers: ["blue-developers"],
          viewers: ["blue-viewers"],
          robots: ["ci"],
        },
        domains: ["blue.example.org"],
        sources: ["https://github.com/team-blue/"],
      },
      options,
    ),
    new TenantComponent(
      "team-green",
      { platform, namespaces: ["app"], domains: ["green.example.org"] },
      options,
    ),
  ];`;

describe("a tenant that attacks", function () {
  let trial: TrialPlatform;
  let api: KubeApi;
  let attacker: Attacker;
  let raised: Summary;
  const tally = new Tally();
  const given = (): AttackedPlatform => ({ trial, api, attacker, raised });

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.edit("stacks/tenants.ts", (text) => text.replace(/^ {2}return \[[\s\S]*?^ {2}\];/m, tenants));
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:tenants: { charts: true }\n`);
    raised = await trial.ask<Summary>("up");
    api = await trial.api();
    attacker = await Attacker.create(trial);
  });

  after(async () => {
    await attacker.close();
    await api.close();
  });

  after(async () => {
    await trial.remove();
  });

  describeRequests(given, [...requests, ...chartRequests], tally);
  describeRepository("flux", given, tally);
  describeCharts(given, tally);

  it("could have Flux fetch another tenant's repository for it, but for what keeps the controller from that", async () => {
    const path = at("apps/v1", "deployments", "flux-system", "kustomize-controller");
    const guards = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map((name) => ({ name, $patch: "delete" }));
    const change = { spec: { template: { spec: { containers: [{ name: "manager", env: guards }] } } } };
    await attacker.request({
      what: "",
      as: "administrator",
      method: "PATCH",
      type: "strategic",
      path,
      body: change,
    });
    const folder = `environments/${trial.stack}`;
    const repository = await TenantRepository.clone(trial, raised.repositories["team-blue"] ?? "");
    const attack = await RepositoryAttack.begin({ repository, folder, api });
    const { artifacts } = await artifactsOf(given());
    assert.equal(
      await attack.try(fetching("list what Flux keeps of another tenant", `${artifacts}/`)),
      undefined,
    );
    const stolen = JSON.stringify(await api.list(at("v1", "configmaps", own)));
    assert.match(stolen, /\.tar\.gz/);
    await repository.remove();
  });

  describePods(given, { "flux-system": [8080, 9090, 9292, 9440] }, tally, (reached) => {
    it("would reach another tenant but for the network policies", async () => {
      for (const namespace of [own, victim])
        await api.remove(at("networking.k8s.io/v1", "networkpolicies", namespace, "terp"));
      await eventually(async () => {
        const all = await reached();
        assert.ok(all.includes("another tenant's pod"), all.join());
      });
    });
  });

  describeGuards(given);

  tally.describe(150);
});
