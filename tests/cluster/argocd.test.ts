import assert from "node:assert/strict";
import type { Summary } from "../../cli/status/summary";
import { ArgoTenant, places } from "../support/argocd/argoTenant";
import { configMap, madeApplication, madeAttempts } from "../support/argocd/attempts";
import { describeBrought } from "../support/argocd/broughtSuite";
import { describeFiles } from "../support/argocd/filesSuite";
import { describeOperators } from "../support/argocd/operatorsSuite";
import { describeService } from "../support/argocd/serviceSuite";
import type { AttackedPlatform } from "../support/attacks/attackedPlatform";
import { Attacker } from "../support/attacks/attacker";
import { argocdRequests } from "../support/attacks/argocdRequests";
import { at, own, victim } from "../support/attacks/identities";
import { describePods } from "../support/attacks/podSuite";
import { describeRepository } from "../support/attacks/repositorySuite";
import { requests } from "../support/attacks/requests";
import { describeRequests } from "../support/attacks/requestSuite";
import { Tally } from "../support/attacks/tally";
import { eventually } from "../support/eventually";
import { RunningRequests } from "../support/runningRequests";
import { TrialPlatform } from "../support/trialPlatform";

const blue =
  '    new TenantComponent("team-blue", { platform, namespaces: ["app"], size: "small" }, options),\n';
const people = `charts: true, people: {
    owners: ["blue-owners"], developers: ["blue-developers"], viewers: ["blue-viewers"], robots: ["ci"],
  }, domains: ["blue.example.org"], sources: ["https://github.com/team-blue/"]`;
const byFlux = blue.replace('size: "small"', people);
const byArgocd = blue.replace('size: "small"', `${people}, engine: "argocd"`);
/** Whom team-blue attacks, and who has the other engine. */
const green =
  '    new TenantComponent("team-green", { platform, namespaces: ["app"], engine: "argocd", services: true, domains: ["green.example.org"] }, options),\n';
const red = '    new TenantComponent("team-red", { platform, namespaces: ["app"] }, options),\n';
const controller = "argocd-controller";
const greeting = ["team-blue-app_greeting__Secret"];

describe("Argo CD as a tenant's engine", () => {
  let trial: TrialPlatform;
  let tenant: ArgoTenant;
  let attacker: Attacker;
  let raised: Summary;
  const tally = new Tally();
  const given = (): AttackedPlatform => ({ trial, api: tenant.api, attacker, raised });
  let ownRepository = "";
  let otherRepository = "";

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.edit(
      `Pulumi.${trial.stack}.yaml`,
      (text) => `${text}  terp:gitops: { engine: both, services: true }\n  terp:tenants: { charts: true }\n`,
    );
    await trial.edit("stacks/tenants.ts", (text) => text.replace(blue, `${byArgocd}${green}${red}`));
    raised = await trial.ask<Summary>("up");
    tenant = await ArgoTenant.of(trial);
    attacker = await Attacker.create(trial);
    const sourceOf = async (name: string): Promise<string> => {
      const path = at("source.toolkit.fluxcd.io/v1", "gitrepositories", `terp-tenant-${name}`, "apps");
      return (await tenant.get(path)).spec.url ?? "";
    };
    ownRepository = await sourceOf("team-blue");
    otherRepository = await sourceOf("team-red");
  });

  after(async () => {
    await attacker.close();
    await tenant.close();
  });

  after(async () => {
    await trial.remove();
  });

  it("runs the example, which shows what Flux decrypted for it", async () => {
    await eventually(async () => {
      assert.match((await tenant.answer()).message, /Hello team-blue: .* decrypted/);
    });
    assert.ok((await tenant.holders()).includes(controller));
    assert.deepEqual(await tenant.inventory(), greeting);
  });

  it("applies a push", async () => {
    await tenant.pushSettings(({ env }) => {
      for (const each of env) if (each.name === "PODINFO_UI_COLOR") each.value = "#2f7d32";
    });
    await eventually(async () => {
      const said = JSON.stringify((await tenant.get(places.application)).status);
      assert.equal((await tenant.answer()).color, "#2f7d32", said);
    });
  });

  it("changes back what somebody changed", async () => {
    await tenant.api.merge(places.deployment, { spec: { replicas: 2 } }, "somebody");
    await eventually(async () => {
      assert.equal((await tenant.get(places.deployment)).spec.replicas, 1);
    });
  });

  it("takes away what leaves the repository", async () => {
    const own = at("v1", "configmaps", "team-blue-app");
    await tenant.pushing(configMap("team-blue-app"), async () => {
      await eventually(async () => {
        const found = await tenant.api.list(own);
        assert.ok(found.some(({ metadata }) => metadata.name === "attack"));
      });
    });
    await eventually(() => tenant.lacks(own, "attack"));
  });

  for (const { what, changes, isOwn, said } of madeAttempts) {
    it(`refuses an Application with ${what}, though the API server let it in`, async () => {
      const repository = isOwn ? ownRepository : otherRepository;
      const path = `${places.applications}/${changes.name}`;
      await tenant.api.post(
        places.applications,
        madeApplication({ ...changes, repository, path: tenant.folder }),
      );
      try {
        await eventually(async () => {
          assert.match(JSON.stringify((await tenant.get(path)).status?.conditions ?? []), said);
        });
      } finally {
        await tenant.api.remove(path);
      }
    });
  }

  it("doesn't look at an Application in a tenant's namespace", async () => {
    const elsewhere = at("argoproj.io/v1alpha1", "applications", "team-blue-app");
    const made = (name: string): object =>
      madeApplication({ name, repository: otherRepository, path: tenant.folder });
    await tenant.api.post(elsewhere, made("outside"));
    // One that it does look at, made later, shows that it had the time.
    await tenant.api.post(places.applications, made("inside"));
    await eventually(async () => {
      assert.ok((await tenant.get(`${places.applications}/inside`)).status?.conditions);
    });
    assert.equal((await tenant.get(`${elsewhere}/outside`)).status, undefined);
    await tenant.api.remove(`${places.applications}/inside`);
    await tenant.api.remove(`${elsewhere}/outside`);
  });

  it("reads no tenant's Secrets, and acts as no reconciler but those of its tenants", async () => {
    const may = async (resourceAttributes: object): Promise<boolean> => {
      const review = await tenant.api.post("/apis/authorization.k8s.io/v1/subjectaccessreviews", {
        apiVersion: "authorization.k8s.io/v1",
        kind: "SubjectAccessReview",
        spec: {
          user: "system:serviceaccount:argocd:argocd-application-controller",
          groups: ["system:serviceaccounts", "system:authenticated"],
          resourceAttributes,
        },
      });
      return (review as { status: { allowed: boolean } }).status.allowed;
    };
    const reconciler = { verb: "impersonate", resource: "serviceaccounts", name: "reconciler" };
    const secrets = { verb: "list", resource: "secrets" };
    const asked: readonly (readonly [object, boolean])[] = [
      [{ ...reconciler, namespace: "terp-tenant-team-blue" }, true],
      [{ ...reconciler, namespace: "terp-tenant-team-red" }, false],
      [{ ...secrets, namespace: "argocd" }, true],
      [{ ...secrets, namespace: "team-blue-app" }, false],
      [{ ...secrets, namespace: "terp-tenant-team-blue" }, false],
      [secrets, false],
    ];
    for (const [attributes, allowed] of asked)
      assert.equal(await may(attributes), allowed, JSON.stringify(attributes));
  });

  it("hands over to Flux and takes over again while the application answers", async () => {
    const before = await tenant.pods();
    const requests = new RunningRequests(() => tenant.api.text(places.page));
    try {
      await trial.edit("stacks/tenants.ts", (text) => text.replace(byArgocd, byFlux));
      await trial.ask<Summary>("up");
      await tenant.lacks(places.applications, "team-blue");
      await eventually(async () => {
        assert.ok((await tenant.inventory()).includes("team-blue-app_podinfo_apps_Deployment"));
        assert.ok(!(await tenant.holders()).includes(controller));
      });
      const underFlux = await tenant.get(places.deployment);
      assert.equal(underFlux.metadata.annotations?.["argocd.argoproj.io/tracking-id"], undefined);

      await trial.edit("stacks/tenants.ts", (text) => text.replace(byFlux, byArgocd));
      await trial.ask<Summary>("up");
      assert.deepEqual(await tenant.inventory(), greeting);
      assert.ok(!(await tenant.holders()).includes("kustomize-controller"));
      const again = await tenant.get(places.deployment);
      assert.equal(again.metadata.labels?.["kustomize.toolkit.fluxcd.io/name"], undefined);
      assert.deepEqual(await tenant.pods(), before, "the same pods");
    } finally {
      const { sent, failures } = await requests.stop();
      assert.deepEqual({ isEnough: sent > 100, failures }, { isEnough: true, failures: [] });
    }
  });

  it("removes, after that, a field that leaves the repository, because nobody else holds it", async () => {
    await tenant.pushSettings((container) => {
      container.env = container.env.filter(({ name }) => name !== "PODINFO_UI_COLOR");
    });
    await eventually(async () => {
      const [container] = (await tenant.get(places.deployment)).spec.template?.spec.containers ?? [];
      assert.deepEqual(
        container?.env.map(({ name }) => name),
        ["PODINFO_UI_MESSAGE"],
      );
    });
  });

  describeOperators(() => ({ trial, tenant, attacker }));

  describe("a tenant of it that attacks", () => {
    describeRequests(given, [...requests, ...argocdRequests], tally);
    describeRepository("argocd", given, tally);

    it("has nothing of the repo server's environment by naming it", async () => {
      await tenant.repository.pull();
      const list = `${tenant.folder}/kustomization.yaml`;
      const before = await tenant.repository.read(list);
      await tenant.repository.write(`${tenant.folder}/names.env`, "REDIS_PASSWORD\nHOME\n");
      await tenant.repository.change(list, (content: { configMapGenerator?: object[] }) => {
        content.configMapGenerator = [{ name: "stolen", envs: ["names.env"] }];
      });
      await tenant.repository.push("names of variables");
      const stolen = await eventually(async () => {
        const all = await tenant.api.list(at("v1", "configmaps", own));
        const found = all.find(({ metadata }) => metadata.name.startsWith("stolen-"));
        assert.ok(found);
        return found["data"] as Readonly<Record<string, string>>;
      });
      tally.refused(stolen["REDIS_PASSWORD"] !== "", "read the cache's password");
      assert.deepEqual(stolen, { HOME: "", REDIS_PASSWORD: "" });
      await tenant.repository.removeFile(`${tenant.folder}/names.env`);
      await tenant.repository.write(list, before);
      await tenant.repository.push("no names");
    });

    it("isn't stopped by what it couldn't apply: the commit that mends it is applied", async () => {
      await tenant.pushing(configMap(victim), async (commit) => {
        await eventually(async () => {
          assert.match(await tenant.saidOf(commit), /not permitted in project/);
        });
      });
      await tenant.pushSettings((container) => {
        const others = container.env.filter(({ name }) => name !== "PODINFO_UI_COLOR");
        container.env = [...others, { name: "PODINFO_UI_COLOR", value: "#7d2f32" }];
      });
      await eventually(async () => {
        assert.equal((await tenant.answer()).color, "#7d2f32");
      });
    });

    it("gives nothing to another tenant to take away, by forging whose it is", async () => {
      const name = "forged";
      const annotations = { "argocd.argoproj.io/tracking-id": `team-green:/ConfigMap:${own}/${name}` };
      const forged = { metadata: { name, annotations } };
      const path = at("v1", "configmaps", own);
      const made = await attacker.request({ what: "", as: "owner", method: "POST", path, body: forged });
      assert.equal(made.status, 201, made.message);
      const other = `${places.applications}/team-green`;
      const refresh = { "argocd.argoproj.io/refresh": "hard" };
      await tenant.api.merge(other, { metadata: { annotations: refresh } }, "test");
      await eventually(async () => {
        const { metadata, status } = await tenant.get(other);
        assert.equal(metadata.annotations?.["argocd.argoproj.io/refresh"], undefined);
        assert.equal(status?.sync?.status, "Synced");
        assert.doesNotMatch(JSON.stringify(status), new RegExp(`"${name}"`));
      });
      assert.ok(await tenant.api.metadata(`${path}/${name}`));
    });

    it("is kept out by its reconciler's rights where its project bounds nothing", async () => {
      const project = at("argoproj.io/v1alpha1", "appprojects", "argocd", "team-blue");
      const { spec } = JSON.parse(await tenant.api.text(project)) as { spec: { destinations: unknown } };
      const destinations = [{ server: "*", namespace: "*" }];
      await tenant.api.merge(project, { spec: { destinations } }, "test");
      await tenant.pushing(configMap(victim), async (commit) => {
        await eventually(async () => {
          assert.match(await tenant.saidOf(commit), /cannot (patch|create|get) resource/);
        });
      });
      await tenant.lacks(at("v1", "configmaps", victim), "attack");
      await tenant.api.merge(project, { spec: { destinations: spec.destinations } }, "test");
    });

    describePods(given, { "flux-system": [8080, 9090], argocd: [6379, 8081, 8082, 8084] }, tally);

    tally.describe(150);
  });

  describeService(() => ({ trial, tenant, repository: ownRepository }));
  describeBrought(() => ({ trial, api: tenant.api, raised }));
  describeFiles(() => ({ trial, tenant, otherRepository, instance: green }));
});
