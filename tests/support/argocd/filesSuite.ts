import assert from "node:assert/strict";
import { plainOutputs } from "../../../cli/engine/state";
import type { Summary } from "../../../cli/status/summary";
import { versions } from "../../../infra/versions";
import { at } from "../attacks/identities";
import { serviceSaying } from "../attacks/serviceRelease";
import { eventually } from "../eventually";
import { TenantRepository } from "../tenantRepository";
import type { TrialPlatform } from "../trialPlatform";
import { places, type ArgoTenant, type Found } from "./argoTenant";

/** A platform with the tenant `team-green`, which has services of files, and `team-blue`, which has another project. */
export interface FilesTrial {
  readonly trial: TrialPlatform;
  readonly tenant: Pick<ArgoTenant, "api" | "get" | "lacks" | "pods">;
  /** The SSH URL of the repository of the other tenant. */
  readonly otherRepository: string;
  /** The instance of `team-green` in the program. */
  readonly instance: string;
}

const own = "team-green-app";
const page = `${at("v1", "services", own, "shop:80")}/proxy/`;
const url = "ssh://git@gitea.git.svc.cluster.local/team-green/services.git";

/**
 * Tests of services that Argo CD makes of small files, of what such a file can't have, and of what goes with an Application. The last
 * remove the tenant.
 */
export function describeFiles(given: () => FilesTrial): void {
  let repository: TenantRepository;
  let shop = "";
  const folder = (): string => `services/${given().trial.stack}`;

  before(async () => {
    const { trial } = given();
    const state = await trial.state();
    assert.ok(state);
    const { tenants } = plainOutputs(state) as { tenants: Record<string, { servicesUrl?: string }> };
    repository = await TenantRepository.clone(trial, tenants["team-green"]?.servicesUrl ?? "");
  });

  after(async () => {
    await repository.remove();
  });

  const service = async (...words: readonly string[]): Promise<void> => {
    const { code, standardError } = await given().trial.terp(
      "service",
      ...words,
      "--folder",
      repository.folder,
    );
    assert.equal(code, 0, standardError);
  };

  /** An Application in Argo CD's namespace that takes along what is marked as its own. */
  const applicationOf = (project: string): object => ({
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Application",
    metadata: { name: "forging", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
    spec: {
      project,
      source: { repoURL: url, path: "services", targetRevision: "main" },
      destination: { server: "https://kubernetes.default.svc", namespace: own },
    },
  });

  describe("services of small files", () => {
    it("answer, once there is a file, by the chart that the repository started with", async () => {
      const { tenant, trial } = given();
      const image = ["--image", "ghcr.io/stefanprodan/podinfo", "--tag", versions.podinfo];
      const chart = ["--chart", url, "--revision", "refs/heads/main"];
      await service("add", "shop", "--tenant", "team-green", "--stack", trial.stack, ...image, ...chart);
      await repository.change(`${folder()}/shop.yaml`, (content: { values: object }) => {
        // The image is a field of its own in a service's file.
        content.values = Object.fromEntries(
          Object.entries(serviceSaying("a file")).filter(([name]) => name !== "image"),
        );
      });
      await service("check", "--tenant", "team-green");
      await repository.push("a service");
      await eventually(async () => {
        const said = JSON.parse(await tenant.api.text(page)) as { message: string };
        assert.equal(said.message, "a file");
      });
    });

    for (const { what, change, said } of [
      {
        what: "a namespace that isn't the tenant's",
        change: (content: { service: { namespace: string } }): void => {
          content.service.namespace = "other";
        },
        said: /team-green-other.* (is not permitted|do not match any of the allowed destinations) in project 'team-green'/,
      },
      {
        what: "another tenant's repository",
        change: (content: { chart: { url: string } }): void => {
          content.chart.url = given().otherRepository;
        },
        said: /is not permitted in project 'team-green'/,
      },
    ] as const)
      it(`are refused with ${what}, and the others stay`, async () => {
        const { tenant } = given();
        const file = `${folder()}/thief.yaml`;
        await repository.write(file, await repository.read(`${folder()}/shop.yaml`));
        await repository.change(file, (content: { service: { name: string; namespace: string } }) => {
          content.service.name = "thief";
          change(content as never);
        });
        await repository.push("a thief");
        await eventually(async () => {
          const { status } = await tenant.get(`${places.applications}/team-green.thief`);
          assert.match(JSON.stringify(status?.conditions ?? []), said);
        });
        await repository.removeFile(file);
        await repository.push("no thief");
        await eventually(() => tenant.lacks(places.applications, "team-green.thief"));
        assert.ok(await tenant.api.metadata(`${places.applications}/team-green.shop`));
      });

    it("wait for no hook of a chart's when they go", async () => {
      const { tenant } = given();
      const finalizers = ["post-delete-finalizer.argocd.argoproj.io"];
      await assert.rejects(
        tenant.api.merge(`${places.applications}/team-green.shop`, { metadata: { finalizers } }, "test"),
        /hooks after an Application's deletion aren't run here: leave them out of the chart/,
      );
    });

    it("go with their file, and what was applied of them with them", async () => {
      const { tenant } = given();
      shop = await repository.read(`${folder()}/shop.yaml`);
      await repository.removeFile(`${folder()}/shop.yaml`);
      await repository.push("no service");
      await eventually(() => tenant.lacks(places.applications, "team-green.shop"));
      await tenant.lacks(at("apps/v1", "deployments", own), "shop");
      await tenant.lacks(at("v1", "services", own), "shop");
    });

    it("take along nothing that is marked as theirs where their project has nothing, by Argo CD's own rights", async () => {
      const { tenant } = given();
      const path = at("v1", "configmaps", own);
      const annotations = { "argocd.argoproj.io/tracking-id": `forging:/ConfigMap:${own}/forged` };
      await tenant.api.post(path, {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "forged", annotations },
      });
      /** Makes an Application that knows of the object, and deletes it. */
      const deleting = async (project: string): Promise<void> => {
        await tenant.api.post(places.applications, applicationOf(project));
        await eventually(async () => {
          const { status } = await tenant.get(`${places.applications}/forging`);
          assert.ok(status?.conditions ?? status?.sync);
        });
        await tenant.api.remove(`${places.applications}/forging`);
        await eventually(() => tenant.lacks(places.applications, "forging"));
      };
      await deleting("team-blue");
      assert.ok(await tenant.api.metadata(`${path}/forged`));
      // The same in the tenant's own project shows that it was the project which kept it.
      await deleting("team-green");
      await tenant.lacks(path, "forged");
    });

    it("aren't made, nor any of them taken away, while a file says too little", async () => {
      const { tenant } = given();
      await repository.write(`${folder()}/shop.yaml`, shop);
      await repository.push("a service again");
      await eventually(async () => {
        assert.ok((await tenant.get(`${places.applications}/team-green.shop`)).status?.sync);
      });
      await repository.write(`${folder()}/little.yaml`, "service: { name: little }\n");
      await repository.push("too little");
      await eventually(async () => {
        const set = at("argoproj.io/v1alpha1", "applicationsets", "argocd", "team-green.services");
        const { status } = await tenant.get(set);
        assert.match(JSON.stringify(status?.conditions ?? []), /map has no entry for key/);
      });
      assert.ok(await tenant.api.metadata(`${places.applications}/team-green.shop`));
    });

    it("aren't applied where the tenant is suspended, not even while a file says too little", async () => {
      const { tenant, trial, instance } = given();
      const suspended = instance.replace("services: true", "services: true, suspended: true");
      await trial.edit("stacks/tenants.ts", (text) => text.replace(instance, suspended));
      await trial.ask<Summary>("up");
      await tenant.api.remove(at("v1", "services", own, "shop"));
      await eventually(async () => {
        const { status } = await tenant.get(`${places.applications}/team-green.shop`);
        assert.match(JSON.stringify(status), /cannot impersonate/);
      });
      await tenant.lacks(at("v1", "services", own), "shop");
      assert.ok(await tenant.api.metadata(at("apps/v1", "deployments", own, "shop")));
    });

    it("go with their tenant when it is removed, within the run, and nothing of other tenants' with them", async () => {
      const { tenant, trial, instance } = given();
      const before = await tenant.pods();
      const suspended = instance.replace("services: true", "services: true, suspended: true");
      await trial.edit("stacks/tenants.ts", (text) => text.replace(suspended, ""));
      const { tenants } = await trial.ask<Summary>("up");
      const readiness = new Map(tenants.map(({ tenant: name, ready }) => [name, ready]));
      const said = ["team-blue", "team-red", "team-green"].map((name) => readiness.get(name));
      assert.deepEqual(said, [true, true, undefined]);
      const collections = ["applications", "applicationsets", "appprojects"].map((kind) =>
        at("argoproj.io/v1alpha1", kind, "argocd"),
      );
      for (const collection of ["/api/v1/namespaces", ...collections]) {
        // An Application's conditions aren't as those of other kinds.
        const { items } = JSON.parse(await tenant.api.text(collection)) as { items: readonly Found[] };
        const left = items.map(({ metadata }) => metadata.name);
        assert.deepEqual(
          left.filter((name) => name.includes("team-green")),
          [],
          collection,
        );
      }
      assert.deepEqual(await tenant.pods(), before, "the other tenant's pods");
    });
  });
}
