import { strict as assert } from "node:assert";

import {
  serviceApplications,
  type ServiceApplicationsArgs,
} from "../../../../components/service/applicationSet";
import { chartSource, serviceRelease } from "../../../../components/service/fluxRelease";
import { aService } from "../../../support/aService";

const { chart } = aService();

describe("a service under Flux", () => {
  it("is a release with the tenant's own rights, in the tenant's own namespace", () => {
    const { metadata, ...rest } = serviceRelease(aService());
    const { serviceAccountName, releaseName } = rest["spec"] as Record<string, unknown>;
    assert.deepEqual(metadata, { name: "shop", namespace: "team-blue-app" });
    assert.deepEqual([serviceAccountName, releaseName], ["reconciler", "shop"]);
  });

  it("has the file's values and its image, with what else the values say of that", () => {
    const values = { port: 9898, image: { pullSecrets: ["registry"] } };
    const { spec } = serviceRelease(aService({ values })) as unknown as { spec: { values: object } };
    assert.deepEqual(spec.values, {
      port: 9898,
      image: { pullSecrets: ["registry"], name: "ghcr.io/team-blue/shop", tag: "1.4.2" },
    });
  });

  it("takes its chart from the source of that revision, which others of the same chart share", () => {
    const nameFor = (revision: string): string =>
      chartSource(aService({ chart: { ...chart, revision } })).metadata.name;
    assert.equal(nameFor("v1"), nameFor("v1"));
    assert.notEqual(nameFor("v1"), nameFor("v2"));
    const release = serviceRelease(aService()) as unknown as {
      spec: { chart: { spec: { sourceRef: { name: string } } } };
    };
    assert.equal(release.spec.chart.spec.sourceRef.name, chartSource(aService()).metadata.name);
  });

  for (const [revision, reference] of [
    ["v1.0.0", { tag: "v1.0.0" }],
    ["0123456789abcdef0123456789abcdef01234567", { commit: "0123456789abcdef0123456789abcdef01234567" }],
    ["refs/heads/main", { name: "refs/heads/main" }],
  ] as const) {
    it(`takes its chart by ${Object.keys(reference).join()}: ${revision}`, () => {
      const source = chartSource(aService({ chart: { ...chart, revision, secret: "git-access" } }));
      const { ref, secretRef } = source["spec"] as Record<string, unknown>;
      assert.deepEqual([ref, secretRef], [reference, { name: "git-access" }]);
    });
  }
});

describe("a tenant's services under Argo CD", () => {
  const syncPolicy = { automated: {} };
  const made = (changes: Partial<ServiceApplicationsArgs> = {}): Record<string, any> =>
    serviceApplications({
      tenant: "team-blue",
      environment: "local",
      repository: { url: "ssh://git@git.example.org/team-blue/services.git", branch: "main" },
      everySeconds: 5,
      syncPolicy,
      ...changes,
    });
  const template = made()["template"] as { metadata: object; spec: Record<string, any> };

  it("come from the files of that environment, looked for every few seconds", () => {
    assert.deepEqual(made()["generators"], [
      {
        git: {
          repoURL: "ssh://git@git.example.org/team-blue/services.git",
          revision: "main",
          requeueAfterSeconds: 5,
          files: [{ path: "services/local/*.yaml" }],
        },
      },
    ]);
  });

  it("are the tenant's whatever a file says: project, and how names begin, are written out", () => {
    const { project, destination } = template.spec;
    assert.deepEqual(
      [template.metadata, project, destination.namespace],
      [{ name: "team-blue.{{ .service.name }}" }, "team-blue", "team-blue-{{ .service.namespace }}"],
    );
    assert.ok(!JSON.stringify(made()).includes(".service.tenant"));
  });

  it("are made of nothing that a file leaves out", () => {
    assert.deepEqual([made()["goTemplate"], made()["goTemplateOptions"]], [true, ["missingkey=error"]]);
  });

  it("have nothing patched into them: a file's values are one text of JSON", () => {
    assert.equal(made()["templatePatch"], undefined);
    assert.match(template.spec["source"].helm.values as string, /\| toJson \}\}$/);
  });

  it("take along what they applied, unless it is to be left", () => {
    assert.equal(made()["syncPolicy"].preserveResourcesOnDeletion, false);
    assert.equal(made({ keepsObjects: true })["syncPolicy"].preserveResourcesOnDeletion, true);
  });

  it("are applied as they are told to be", () => {
    assert.equal(template.spec["syncPolicy"], syncPolicy);
  });
});
