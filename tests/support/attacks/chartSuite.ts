import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { eventually } from "../eventually";
import { TenantRepository } from "../tenantRepository";
import { verdictOf, type AttackedPlatform } from "./attackedPlatform";
import { chartAttacks, chartFiles, ownSource, release, releasesPath } from "./charts";
import { at, own } from "./identities";
import { RepositoryAttack } from "./repositoryAttack";
import type { Tally } from "./tally";
import { serviceChartFiles, serviceRelease, serviceSaying } from "./serviceRelease";

const settings = at("v1", "configmaps", own, "web-settings");

/**
 * Tests of charts in a tenant's own repository: that they are installed, and what they can't contain.
 *
 * @param given The platform, once it runs.
 * @param tally Told of each attack, and whether it got through.
 */
export function describeCharts(given: () => AttackedPlatform, tally: Tally): void {
  describe("with a chart in its repository", () => {
    it("has it installed, with values of its own", async () => {
      const { trial, api, raised } = given();
      const repository = await TenantRepository.clone(trial, raised.repositories["team-blue"] ?? "");
      for (const [file, text] of Object.entries({ ...chartFiles(), ...(await serviceChartFiles()) }))
        await repository.write(file, text);
      const folder = `environments/${trial.stack}`;
      const push = await RepositoryAttack.begin({ repository, folder, api });
      const said = await push.try({
        what: "install a chart",
        files: {
          "source.yaml": stringify(ownSource()),
          "release.yaml": release("web", { values: { text: "from the tenant" } }),
          "shop.yaml": stringify(serviceRelease("a service")),
        },
      });
      assert.equal(said, undefined);
      const { data } = JSON.parse(await api.text(settings)) as { data: unknown };
      assert.deepEqual(data, { text: "from the tenant" });
      await repository.remove();
    });

    it("has a service that the developers' chart made of it, migrated, and made anew when its values change", async () => {
      const { api, attacker } = given();
      const answer = async (): Promise<string> =>
        (JSON.parse(await api.text(`${at("v1", "services", own, "shop:80")}/proxy/`)) as { message: string })
          .message;
      const migrations = async (): Promise<readonly string[]> => {
        const jobs = await api.list(at("batch/v1", "jobs", own));
        return jobs.filter(({ status }) => status["succeeded"] === 1).map(({ metadata }) => metadata.name);
      };
      assert.equal(await answer(), "a service");
      assert.deepEqual(await migrations(), ["shop-migration-1"]);
      const changed = await attacker.request({
        what: "change its values",
        as: "reconciler",
        method: "PATCH",
        path: `${releasesPath}/shop`,
        body: { spec: { values: serviceSaying("another") } },
      });
      assert.equal(changed.status, 200, changed.message);
      const { ready, message } = await eventually(() => verdictOf(api, `${releasesPath}/shop`), 300_000, 200);
      assert.ok(ready, message);
      assert.equal(await answer(), "another");
      assert.deepEqual((await migrations()).toSorted(), ["shop-migration-1", "shop-migration-2"]);
    });

    it("is counted by its quota", async () => {
      const { api } = given();
      await eventually(async () => {
        const quota = JSON.parse(await api.text(at("v1", "resourcequotas", own, "terp"))) as KubeObject;
        const used = quota.status["used"] as Readonly<Record<string, string>>;
        assert.equal(used["count/helmreleases.helm.toolkit.fluxcd.io"], "2");
        assert.equal(used["count/gitrepositories.source.toolkit.fluxcd.io"], "1");
      });
    });

    chartAttacks.forEach(({ what, because }, index) => {
      it(`can't ${what}`, async () => {
        const { api, attacker } = given();
        const name = `attack-${String(index)}`;
        const body = release(name, { values: { attack: what } });
        const made = await attacker.request({
          what,
          as: "reconciler",
          method: "POST",
          path: releasesPath,
          body,
        });
        assert.equal(made.status, 201, made.message);
        const path = `${releasesPath}/${name}`;
        const { ready, message } = await eventually(() => verdictOf(api, path), 300_000, 200);
        tally.refused(ready, what);
        assert.match(message, because);
      });
    });

    it("has it taken away with its HelmRelease", async () => {
      const { api, attacker } = given();
      const path = `${releasesPath}/web`;
      // What the repository asks for would come back: it is the last thing that Flux applied.
      const suspended = at(
        "kustomize.toolkit.fluxcd.io/v1",
        "kustomizations",
        "terp-tenant-team-blue",
        "apps",
      );
      await api.merge(suspended, { spec: { suspend: true } }, "test");
      await attacker.request({ what: "take it away", as: "reconciler", method: "DELETE", path });
      await eventually(
        async () => {
          assert.equal(await api.metadata(path), undefined);
        },
        60_000,
        200,
      );
      assert.equal(await api.metadata(settings), undefined);
      await api.merge(suspended, { spec: { suspend: null } }, "test");
    });
  });
}
