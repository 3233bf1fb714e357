import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformConfig } from "../../../infra/config";
import { aConfig, anExistingCluster, gitOnANode } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { asYaml, releaseManifests } from "../../support/fluxRelease";
import { run, waitsFor, type Made } from "../../support/platformRun";

describe("what a tenant's quota counts", () => {
  const machine = aMachine();

  /** With a cluster of somebody else's. */
  function existing(changes: Partial<PlatformConfig> = {}): Promise<Made> {
    const file = join(machine.folder, "install.yaml");
    writeFileSync(file, asYaml(releaseManifests()));
    const config = aConfig({
      cluster: anExistingCluster(),
      git: gitOnANode,
      flux: { manifests: { kind: "release", file, version: "v2.7.3" }, concurrency: 4, interval: "30s" },
      keys: { store: { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net" } },
      ...changes,
    });
    return run(config, { kubeconfig: pulumi.secret("their kubeconfig") });
  }

  it("is known to somebody else's cluster before a tenant is made", async () => {
    const { record } = await existing();
    const awaited = waitsFor(record, record.byName("ResourceQuota/team-blue-app/terp"));
    assert.ok(awaited.has("counted-kinds"));
  });

  it("is looked for when all definitions are there", async () => {
    const { record } = await existing();
    const definitions = record.ofType("kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition");
    const awaited = waitsFor(record, record.byName("counted-kinds"));
    assert.ok(definitions.length > 0);
    for (const definition of definitions) assert.ok(awaited.has(definition.name), definition.name);
  });

  it("has Flux's kinds, and routes where the platform brings them", async () => {
    const kinds = async (made: Promise<Made>): Promise<readonly string[]> =>
      (await made).record.byName("counted-kinds").inputs.kinds as readonly string[];
    const flux = [
      "gitrepositories.source.toolkit.fluxcd.io",
      "helmcharts.source.toolkit.fluxcd.io",
      "helmreleases.helm.toolkit.fluxcd.io",
      "helmrepositories.source.toolkit.fluxcd.io",
      "kustomizations.kustomize.toolkit.fluxcd.io",
      "ocirepositories.source.toolkit.fluxcd.io",
    ];
    const routes = ["grpcroutes.gateway.networking.k8s.io", "httproutes.gateway.networking.k8s.io"];
    assert.deepEqual(await kinds(existing()), flux);
    const ingress: PlatformConfig["ingress"] = {
      kind: "gateway",
      domain: "terp.test",
      class: "terp",
      replicas: 1,
      crds: { kind: "installed" },
    };
    assert.deepEqual(await kinds(existing({ ingress })), [...flux, ...routes].sort());
  });

  it("isn't waited for in the embedded cluster, whose quotas hear of a kind within seconds", async () => {
    const { record } = await run(aConfig());
    assert.deepEqual(record.ofType("pulumi-nodejs:dynamic/tenant:CountedKinds"), []);
  });
});
