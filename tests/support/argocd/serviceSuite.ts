import assert from "node:assert/strict";
import type { PushedChange } from "../../../cli/service/push";
import { versions } from "../../../infra/versions";
import { at, own } from "../attacks/identities";
import { serviceChartFiles, serviceSaying } from "../attacks/serviceRelease";
import { eventually } from "../eventually";
import { TenantRepository } from "../tenantRepository";
import type { TrialPlatform } from "../trialPlatform";
import { places, type ArgoTenant } from "./argoTenant";

/** A tenant with charts whose repository Argo CD applies. */
export interface ServiceTrial {
  readonly trial: TrialPlatform;
  readonly tenant: ArgoTenant;
  /** The SSH URL of its repository. */
  readonly repository: string;
}

/** Tests of a service that comes of one file, and goes with it. */
export function describeService(given: () => ServiceTrial): void {
  const page = `${at("v1", "services", own, "shop:80")}/proxy/`;
  const file = (): string => `services/${given().trial.stack}/shop.yaml`;

  /** Runs `terp service` in a clone of the tenant's repository. */
  const service = async (...words: readonly string[]): Promise<void> => {
    const { trial, tenant } = given();
    const { code, standardError } = await trial.terp(
      "service",
      ...words,
      "--folder",
      tenant.repository.folder,
    );
    assert.equal(code, 0, standardError);
  };

  describe("a service of it", () => {
    it("answers, of one file and the chart in the tenant's repository", async () => {
      const { tenant, repository } = given();
      for (const [path, text] of Object.entries(await serviceChartFiles()))
        await tenant.repository.write(path, text);
      const image = ["--image", "ghcr.io/stefanprodan/podinfo", "--tag", versions.podinfo];
      const chart = ["--chart", repository, "--revision", "refs/heads/main", "--secret", "repository-access"];
      await service("add", "shop", "--tenant", "team-blue", ...image, ...chart);
      await tenant.repository.change(file(), (content: { values: object }) => {
        // The image is a field of its own in a service's file.
        content.values = Object.fromEntries(
          Object.entries(serviceSaying("a service")).filter(([name]) => name !== "image"),
        );
      });
      await service("render");
      await service("check", "--tenant", "team-blue");
      await tenant.repository.push("a service");
      await eventually(async () => {
        const said = JSON.parse(await tenant.api.text(page)) as { message: string };
        assert.equal(said.message, "a service");
      });
    });

    it("is opened for review with a change that is pushed", async () => {
      const { trial, tenant } = given();
      const clone = await TenantRepository.cloneByTerp(trial, tenant.repository.url);
      try {
        await clone.git("config", "user.name", "Blue");
        await clone.git("config", "user.email", "blue@example.test");
        const image = ["--image", "ghcr.io/team-blue/cart", "--tag", "1.0.0"];
        const where = ["--folder", clone.folder];
        const words = ["add", "cart", ...image, "--push", ...where];
        const { change } = await trial.ask<{ change: PushedChange }>("service", ...words);
        assert.deepEqual([change.branch, change.isOpen], ["service-cart", true], change.why);
        assert.match(change.address ?? "", /\/team-blue\/apps\/pulls\/\d+$/);
      } finally {
        await clone.remove();
      }
    });

    it("is as the repository says, for Argo CD too", async () => {
      const { tenant } = given();
      await eventually(async () => {
        const { status } = await tenant.get(places.application);
        assert.equal(status?.sync?.status, "Synced", JSON.stringify(status));
      });
    });

    it("goes with its file", async () => {
      const { tenant } = given();
      await tenant.repository.removeFile(file());
      await service("render");
      await tenant.repository.push("no service");
      await eventually(() => tenant.lacks(at("v1", "services", own), "shop"));
    });
  });
}
