import { strict as assert } from "node:assert";
import { homedir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import type { OidcLogin, PlatformConfig, PlatformSecrets } from "../../../infra/config";
import { cluster } from "../../../stacks/cluster";
import { services } from "../../../stacks/services";
import { aConfig, anExistingCluster, gitOnANode } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { dynamicOutputs } from "../../support/aTenantPlatform";
import { run, waitsFor, type Made } from "../../support/platformRun";
import { recorder } from "../../support/recorder";

const login: OidcLogin = {
  issuer: "https://login.example.org/realms/teams",
  clientId: "kubernetes",
  scopes: ["groups"],
};

const existing: Partial<PlatformConfig> = {
  cluster: anExistingCluster({ name: "aks-dev" }),
  git: gitOnANode,
  keys: { store: { kind: "file", folder: "/keys" } },
};

describe("what the platform gives its tenants", () => {
  const machine = aMachine();

  // What many tests look at is asked for once.
  let localRun: Promise<Made> | undefined;
  const local = (): Promise<Made> => (localRun ??= run(aConfig()));

  describe("to be told of pushes", () => {
    it("is a webhook of its own repository as well, to the Receiver beside what reads that", async () => {
      const { record } = await local();
      const { metadata, spec } = record.byName("Receiver/flux-system/platform").inputs;
      assert.deepEqual(record.byName("Repository/platform/platform").inputs.receiver, {
        namespace: metadata.namespace,
        name: metadata.name,
      });
      assert.equal(
        spec.resources[0].name,
        record.byName("GitRepository/flux-system/platform").inputs.metadata.name,
      );
    });

    it("is a token of its own for each repository", async () => {
      const { record } = await local();
      const tokens = ["flux-system", "terp-tenant-team-blue"].map(
        (namespace) =>
          record.plain(record.byName(`Secret/${namespace}/webhook-token`).inputs.stringData) as {
            token: string;
          },
      );
      assert.deepEqual(
        tokens.map(({ token }) => token),
        ["token of Repository/platform/platform", "token of Repository/team-blue/apps"],
      );
    });
  });

  describe("before they are there", () => {
    it("is each of their roles", async () => {
      const { record } = await local();
      const awaited = waitsFor(record, record.byName("Namespace/team-blue-app"));
      for (const role of ["tenant", "owner", "developer", "viewer", "robot"])
        assert.ok(awaited.has(`ClusterRole/terp-${role}`), role);
    });

    it("is all that admission holds them to: a right alone doesn't bound them", async () => {
      const { record } = await local();
      const awaited = waitsFor(record, record.byName("Namespace/team-blue-app"));
      const bindings = record.resources.filter(({ type }) =>
        type.endsWith(":ValidatingAdmissionPolicyBinding"),
      );
      assert.ok(bindings.length > 1);
      assert.deepEqual(
        bindings.filter(({ name }) => !awaited.has(name)).map(({ name }) => name),
        [],
      );
    });
  });

  describe("when they are suspended", () => {
    /** The folder for their export, and the kubeconfig by which they are stopped. */
    async function given(
      changes: Partial<PlatformConfig> = {},
      secrets: PlatformSecrets = {},
    ): Promise<{ exports: string | undefined; kubeconfig: pulumi.Input<string> }> {
      const config = aConfig(changes);
      const record = recorder({
        outputs: (resource) =>
          resource.type.endsWith(":LocalCluster")
            ? { kubeconfig: "the kubeconfig", nodeAddress: "10.0.0.2", hostAddress: "10.0.0.1" }
            : resource.type.endsWith(":PrivateKey")
              ? { privateKeyOpenssh: "a key", publicKeyOpenssh: "ssh-ed25519 HOST\n" }
              : dynamicOutputs(resource),
      });
      const base = await cluster(config, secrets);
      // Flux's manifests are ours in either: they need no file here.
      const { fluxCrdFile } = await cluster(aConfig({ stack: "other" }), {});
      const { exports, kubeconfig } = services(config, secrets, { ...base, fluxCrdFile }).forTenants;
      await record.settled();
      return { exports, kubeconfig };
    }

    it("is a folder that outlives the embedded cluster", async () => {
      assert.equal((await given()).exports, join(machine.home, "test", "keep", "exports"));
    });

    it("is the folder that the settings name, instead", async () => {
      assert.equal(
        (await given({ tenants: { exports: "/srv/exports", charts: false } })).exports,
        "/srv/exports",
      );
    });

    it("is a folder in the home of whoever runs it, where the settings say so", async () => {
      const { exports } = await given({ tenants: { exports: "~/terp/exports", charts: false } });
      assert.equal(exports, join(homedir(), "terp/exports"));
    });

    it("is none in a cluster of somebody else's, unless the settings name one", async () => {
      const secrets = { kubeconfig: pulumi.secret("their kubeconfig") };
      assert.equal((await given(existing, secrets)).exports, undefined);
      assert.equal(
        (await given({ ...existing, tenants: { exports: "/srv/exports", charts: false } }, secrets)).exports,
        "/srv/exports",
      );
    });

    it("is a kubeconfig that stays secret", async () => {
      const secrets = { kubeconfig: pulumi.secret("their kubeconfig") };
      assert.ok(await pulumi.isSecret(pulumi.output((await given(existing, secrets)).kubeconfig)));
      assert.ok(await pulumi.isSecret(pulumi.output((await given()).kubeconfig)));
    });
  });

  describe("to log in", () => {
    it("is the identity provider that the settings name: it is among the outputs, in clear", async () => {
      const { outputs } = await run(
        aConfig({ oidc: { ...login, groups: { leads: "operator" }, clients: {} } }),
      );
      assert.deepEqual(outputs.oidc, login);
    });

    it("is nothing where the settings name none", async () => {
      assert.ok(!("oidc" in (await local()).outputs));
    });
  });
});
