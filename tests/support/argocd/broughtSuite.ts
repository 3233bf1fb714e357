import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Summary } from "../../../cli/status/summary";
import type { TenantView } from "../../../cli/tenant/view/tenantView";
import { bundleBySsh } from "../../../components/git/bundle";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import { at } from "../attacks/identities";
import { SomebodyElsesRepository } from "../broughtRepository";
import { eventually } from "../eventually";
import type { TrialPlatform } from "../trialPlatform";

const run = promisify(execFile);
const namespace = "team-sand-app";
const sand = `    new TenantComponent(
      "team-sand",
      { platform, namespaces: ["app"], engine: "argocd", repository: { url: "${SomebodyElsesRepository.url}" } },
      options,
    ),
`;

/** A platform with Argo CD, and what its first run said. */
export interface BroughtTrial {
  readonly trial: TrialPlatform;
  readonly api: KubeApi;
  readonly raised: Summary;
}

/** Tests of a tenant of Argo CD's that brings its repository along. Its stack has the setting `charts` of `terp:tenants` alone. */
export function describeBrought(given: () => BroughtTrial): void {
  describe("a tenant of it with a repository of its own", () => {
    let elsewhere: SomebodyElsesRepository;

    before(async () => {
      const { trial, api, raised } = given();
      elsewhere = await SomebodyElsesRepository.make(api, raised);
      const knownHosts = JSON.stringify(await SomebodyElsesRepository.knownHosts(api));
      await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) =>
        text.replace("charts: true }", `charts: true, knownHosts: ${knownHosts} }`),
      );
      await trial.edit("stacks/tenants.ts", (text) => text.replace("  ];", `${sand}  ];`));
      await trial.ask<Summary>("up");
      const end = await trial.terp("tenant", "show", "team-sand", "--json");
      const { brought, recipient } = JSON.parse(end.standardOutput) as TenantView;
      await elsewhere.letIn(brought?.deployKey ?? "");
      await elsewhere.fill(trial, namespace, recipient ?? "");
    });

    it("has it applied by Argo CD, and what is sealed in it by Flux", async () => {
      const { api } = given();
      const get = async (kind: string): Promise<KubeObject & { readonly data?: unknown }> =>
        JSON.parse(await api.text(at("v1", kind, namespace, "own"))) as KubeObject;
      await eventually(async () => {
        assert.deepEqual((await get("secrets")).data, { a: Buffer.from("sealed").toString("base64") });
        const { managedFields } = (await get("configmaps")).metadata as unknown as {
          readonly managedFields: readonly { readonly manager: string }[];
        };
        assert.ok(managedFields.some(({ manager }) => manager === "argocd-controller"));
      });
    });

    it("has it bundled by SSH, from its host's own server, and from no host that isn't known", async () => {
      const { trial, api } = given();
      const access = await elsewhere.access(api, "team-sand");
      const folder = await mkdtemp(join(trial.folder, "bundled-"));
      await writeFile(join(folder, "bundle"), (await bundleBySsh(access)) ?? "");
      await run("git", [
        "clone",
        "--quiet",
        "--branch",
        "main",
        join(folder, "bundle"),
        join(folder, "clone"),
      ]);
      const settings = join(folder, "clone", "environments", trial.stack, "settings.yaml");
      assert.match(await readFile(settings, "utf8"), /kind: ConfigMap/);
      await assert.rejects(bundleBySsh({ ...access, knownHosts: "" }), /Host key verification failed/);
    });
  });
}
