import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformConfig } from "../../../infra/config";
import { aConfig, anExistingCluster, gitOnANode } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { anAksCluster, anAzure, subscription } from "../../support/azureRun";
import { asYaml, releaseManifests } from "../../support/fluxRelease";
import { customIn, identity, objectsIn, run, waitsFor, type Made } from "../../support/platformRun";
import type { Recorded, Recorder } from "../../support/recorder";
import { resolve } from "../../support/resolve";

function ofKind(record: Recorder, kind: string): Recorded {
  const [found, ...others] = record.resources.filter(({ type }) => type.endsWith(`:${kind}`));
  assert.ok(found !== undefined && others.length === 0, `one ${kind}`);
  return found;
}

describe("the platform", () => {
  const machine = aMachine();

  // What many tests look at is asked for once.
  let localRun: Promise<Made> | undefined;
  let existingRun: Promise<Made> | undefined;
  let aksRun: Promise<Made> | undefined;
  const local = (): Promise<Made> => (localRun ??= run(aConfig()));
  const existing = (): Promise<Made> => (existingRun ??= existingWith({}));
  const aks = (): Promise<Made> =>
    (aksRun ??= existingWith({
      cluster: anAksCluster(),
      azure: anAzure({ dns: { zone: "dev.example.org" } }),
    }));

  /** With a cluster of somebody else's. */
  function existingWith(changes: Partial<PlatformConfig>): Promise<Made> {
    const file = join(machine.folder, "install.yaml");
    writeFileSync(file, asYaml(releaseManifests()));
    const config = aConfig({
      cluster: anExistingCluster({ name: "aks-dev" }),
      git: gitOnANode,
      flux: { manifests: { kind: "release", file, version: "v2.7.3" }, concurrency: 4, interval: "30s" },
      keys: { store: { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net" } },
      ...changes,
    });
    return run(config, { kubeconfig: pulumi.secret("their kubeconfig") });
  }

  for (const [name, make] of [
    ["in the embedded cluster", local],
    ["in an existing cluster", existing],
    ["in a cluster of AKS", aks],
  ] as const) {
    describe(name, () => {
      it("begins with its key: nothing is in the cluster before that is right", async () => {
        const { record } = await make();
        const early = customIn(record).filter((one) => !waitsFor(record, one).has("platform"));
        assert.deepEqual(
          early.filter(({ type }) => !/:(LocalCluster|AgeKey)$|^pulumi:providers:|^azure-native:/.test(type)),
          [],
        );
      });

      it("has its key wait for nothing of it", async () => {
        const { record } = await make();
        assert.deepEqual(ofKind(record, "AgeKey").dependsOn, []);
      });

      it("has the labels reserved before there is anything to adopt", async () => {
        const { record } = await make();
        const binding = "ValidatingAdmissionPolicyBinding/terp-reserved-labels";
        const policy = "ValidatingAdmissionPolicy/terp-reserved-labels";
        const early = objectsIn(record).filter((one) => !waitsFor(record, one).has(binding));
        assert.deepEqual(early.map(({ name: object }) => object).sort(), [policy, binding]);
      });

      it("has no object outside its one explicit provider", async () => {
        const { record } = await make();
        const provider = record.ofType("pulumi:providers:kubernetes");
        assert.equal(provider.length, 1);
        const used = new Set(objectsIn(record).map((object) => object.provider?.split("::").at(-2)));
        assert.deepEqual([...used], [provider[0]?.name]);
      });

      it("has the environment's label on every object", async () => {
        const { record } = await make();
        const others = objectsIn(record).filter(
          ({ inputs }) => inputs.metadata.labels["terp.dev/environment"] !== "test",
        );
        assert.deepEqual(others, []);
      });

      it("has no two resources of one name and kind", async () => {
        const { record } = await make();
        const names = record.resources.map(({ type, name: object }) => `${type} ${object}`);
        assert.deepEqual(names, [...new Set(names)]);
      });

      it("applies its own repository before the tenants' keys are committed to it", async () => {
        const { record } = await make();
        const awaited = waitsFor(record, record.byName("TenantKey/team-blue"));
        for (const needed of ["Repository/platform/platform", "Kustomization/flux-system/platform"])
          assert.ok(awaited.has(needed), needed);
      });

      it("watches its own repository: a lost one is made again", async () => {
        const { record } = await make();
        assert.equal(record.byName("Repository/platform/platform").inputs.isWatched, true);
      });

      it("gives nothing secret but the kubeconfig and the Git host's password", async () => {
        const { outputs } = await make();
        const [tenant] = Object.values(outputs.tenants);
        const shown = {
          conditions: outputs.flux.conditions,
          version: outputs.flux.version,
          url: outputs.git.url,
          username: outputs.git.username,
          recipient: outputs.recipient,
          tenantRecipient: tenant?.recipient,
          repositoryUrl: tenant?.repositoryUrl,
          kubeconfig: outputs.kubeconfig,
          password: outputs.git.password,
        };
        const secret: string[] = [];
        for (const [output, value] of Object.entries(shown))
          if (await pulumi.isSecret(value as pulumi.Output<unknown>)) secret.push(output);
        assert.deepEqual(secret, ["kubeconfig", "password"]);
      });

      it("gives no private key away, and keeps its own in one object", async () => {
        const { record, outputs } = await make();
        assert.ok(!JSON.stringify(await resolve(outputs as object)).includes(identity));
        const holders = customIn(record).filter(({ inputs }) => JSON.stringify(inputs).includes(identity));
        assert.deepEqual(
          holders.map(({ name: object }) => object),
          ["Secret/flux-system/platform-age"],
        );
      });
    });
  }

  describe("in the embedded cluster", () => {
    it("ends with the cluster: nothing in it is deleted piece by piece", async () => {
      const { record } = await local();
      // The cluster itself, its provider, and nothing else.
      const others = customIn(record).filter(({ deletedWith }) => deletedWith !== "test");
      assert.deepEqual(others.map(({ type }) => type).sort(), [
        "pulumi-nodejs:dynamic/cluster:LocalCluster",
        "pulumi-nodejs:dynamic/keys:AgeKey",
        "pulumi:providers:kubernetes",
      ]);
    });

    it("is called after the stack, also where that rehearses another environment", async () => {
      const { record } = await run(aConfig({ stack: "drill", environment: "dev" }));
      assert.equal(ofKind(record, "LocalCluster").name, "drill");
      const environments = objectsIn(record).map(
        ({ inputs }) => inputs.metadata.labels["terp.dev/environment"],
      );
      assert.deepEqual([...new Set<string>(environments)], ["dev"]);
    });

    it("has its key in the keep folder, and may lose the resource: the folder keeps the key", async () => {
      const { record } = await local();
      const { inputs, protect, retainOnDelete } = ofKind(record, "AgeKey");
      assert.deepEqual(inputs.store, { kind: "file", folder: join(machine.home, "test", "keep", "keys") });
      assert.deepEqual([protect, retainOnDelete], [false, false]);
    });

    it("keeps the Git host's data in the keep folder", async () => {
      const { record } = await local();
      assert.deepEqual(record.byName("PersistentVolume/git-gitea").inputs.spec.hostPath, {
        path: join(machine.home, "test", "keep", "git"),
        type: "Directory",
      });
    });

    it("gives the cluster's name and kubeconfig", async () => {
      const { outputs } = await local();
      assert.equal(outputs.cluster.name, "test");
      assert.equal(await resolve(outputs.kubeconfig), "the kubeconfig");
    });
  });

  describe("in an existing cluster", () => {
    it("doesn't end the cluster: what is in it is deleted", async () => {
      const { record } = await existing();
      assert.deepEqual(
        customIn(record).filter(({ deletedWith }) => deletedWith !== undefined),
        [],
      );
    });

    it("protects its key, and keeps it when the stack goes", async () => {
      const { record } = await existing();
      const { protect, retainOnDelete } = ofKind(record, "AgeKey");
      assert.deepEqual([protect, retainOnDelete], [true, true]);
    });

    it("has its key, and the tenants', in the vault, with the name of whose they are", async () => {
      const { record } = await existing();
      const vault = { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net", stack: "test" };
      assert.deepEqual(ofKind(record, "AgeKey").inputs.store, vault);
      assert.deepEqual(record.byName("TenantKey/team-blue").inputs.store, vault);
    });

    it("has the recipient that the configuration names, or stops", async () => {
      const store = { kind: "file", folder: "/keys" } as const;
      const { record } = await existingWith({ keys: { store, recipient: "age1expected" } });
      assert.equal(ofKind(record, "AgeKey").inputs.expectedRecipient, "age1expected");
    });

    it("holds pods to the rules of the version that the configuration names", async () => {
      const { record } = await existing();
      for (const { inputs } of record.ofType("kubernetes:core/v1:Namespace"))
        assert.equal(inputs.metadata.labels["pod-security.kubernetes.io/enforce-version"], "v1.33");
    });

    it("looks at repositories as often as the configuration says", async () => {
      const { record } = await existing();
      for (const name of ["flux-system/platform", "terp-tenant-team-blue/apps"])
        assert.equal(record.byName(`GitRepository/${name}`).inputs.spec.interval, "30s");
    });

    it("lets those alone set the platform's labels whom the settings name", async () => {
      const { record } = await existing();
      const policy = record.byName("ValidatingAdmissionPolicy/terp-reserved-labels").inputs.spec;
      assert.match(policy.validations[0].expression as string, /group in \["operators", /);
      assert.doesNotMatch(policy.validations[0].expression as string, /system:masters/);
    });

    it("says nothing of Azure", async () => {
      assert.ok(!("azure" in (await existing()).outputs));
    });

    it("isn't begun without a node for the Git host, or a store for the key", async () => {
      await assert.rejects(existingWith({ git: { kind: "gitea" } }), /git\.node: expected/);
      await assert.rejects(existingWith({ keys: {} }), /keys\.store: expected/);
    });
  });

  describe("in a cluster of AKS", () => {
    it("reaches that by the kubeconfig without a credential, under its own name", async () => {
      const { record, outputs } = await aks();
      assert.equal(outputs.cluster.name, "example-test");
      assert.match(await resolve(outputs.kubeconfig), /command: kubelogin/);
      const [provider] = record.ofType("pulumi:providers:kubernetes");
      assert.equal(provider?.name, "example-test");
    });

    it("lets the administrators' groups alone set the platform's labels: nobody has a certificate", async () => {
      const { record } = await aks();
      const policy = record.byName("ValidatingAdmissionPolicy/terp-reserved-labels").inputs.spec;
      assert.match(
        policy.validations[0].expression as string,
        /group in \["00000000-0000-0000-0000-00000000000a", /,
      );
    });

    it("makes everything in Azure with one explicit provider, for the settings' subscription", async () => {
      const { record } = await aks();
      const [provider, ...others] = record.ofType("pulumi:providers:azure-native");
      assert.deepEqual([provider?.inputs.subscriptionId, others], [subscription, []]);
      const used = record.resources
        .filter(({ type }) => type.startsWith("azure-native:"))
        .map((one) => one.provider?.split("::").at(-2));
      assert.deepEqual([...new Set(used)], ["azure"]);
    });

    it("says where everything in Azure is", async () => {
      const { outputs } = await aks();
      assert.deepEqual(await resolve(outputs.azure?.nameServers ?? []), ["ns1.example.org."]);
    });
  });
});
