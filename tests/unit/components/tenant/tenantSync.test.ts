import { strict as assert } from "node:assert";

import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { scaffoldFiles, scaffoldSecrets, type ScaffoldArgs } from "../../../../components/tenant/scaffold";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";

const control = "terp-tenant-team-blue";

async function afterMaking(changes: Partial<TenantArgs> = {}): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", { platform: aTenantPlatform(), namespaces: ["app"], ...changes });
  await record.settled();
  return record;
}

describe("what applies a tenant's repository", () => {
  it("is the environment's folder of the branch main, with the tenant's own key, as the tenant's reconciler", async () => {
    const record = await afterMaking();
    const { apiVersion, kind, metadata, spec } = record.byName(`Kustomization/${control}/apps`).inputs;
    assert.deepEqual([apiVersion, kind], ["kustomize.toolkit.fluxcd.io/v1", "Kustomization"]);
    assert.deepEqual([metadata.name, metadata.namespace], ["apps", control]);
    assert.deepEqual(spec, {
      sourceRef: { kind: "GitRepository", name: "apps" },
      path: "./environments/dev",
      serviceAccountName: "reconciler",
      decryption: { provider: "sops", secretRef: { name: "sops-age" } },
      interval: "10m",
      retryInterval: "3s",
      timeout: "3m",
      wait: true,
      prune: true,
      deletionPolicy: "MirrorPrune",
    });
  });

  it("decides no namespace by itself, and refers to none: the reconciler's rights do", async () => {
    const { spec } = (await afterMaking()).byName(`Kustomization/${control}/apps`).inputs;
    assert.equal(spec.targetNamespace, undefined);
    assert.equal(spec.sourceRef.namespace, undefined);
  });

  it("reads it by SSH from inside the cluster, with a credential of its own", async () => {
    const { apiVersion, metadata, spec } = (await afterMaking()).byName(
      `GitRepository/${control}/apps`,
    ).inputs;
    assert.equal(apiVersion, "source.toolkit.fluxcd.io/v1");
    assert.equal(metadata.namespace, control);
    assert.deepEqual(spec, {
      url: "ssh://git@gitea.git.svc.cluster.local/team-blue/apps.git",
      ref: { branch: "main" },
      interval: "2s",
      timeout: "20s",
      secretRef: { name: "git-access" },
    });
  });

  it("acts as an account whose token nobody mounts", async () => {
    const { metadata, automountServiceAccountToken } = (await afterMaking()).byName(
      `ServiceAccount/${control}/reconciler`,
    ).inputs;
    assert.deepEqual([metadata.name, metadata.namespace], ["reconciler", control]);
    assert.equal(automountServiceAccountToken, false);
  });
});

describe("the credential that reads a tenant's repository", () => {
  it("is the deploy key's private half with the host's pinned key, and secret", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(`Secret/${control}/git-access`).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      identity: "private key of Repository/team-blue/apps",
      known_hosts: "git ssh-ed25519 AAAA\n",
    });
  });
});

describe("what hears of a push to a tenant's repository", () => {
  it("has that repository looked at, and is who the Git host is told to call", async () => {
    const record = await afterMaking();
    const { metadata, spec } = record.byName(`Receiver/${control}/apps`).inputs;
    const source = record.byName(`GitRepository/${control}/apps`).inputs.metadata;
    assert.deepEqual([metadata.namespace, spec.resources[0].name], [source.namespace, source.name]);
    assert.deepEqual(record.byName("Repository/team-blue/apps").inputs.receiver, {
      namespace: metadata.namespace,
      name: metadata.name,
    });
  });

  it("knows the Git host by the token that this signs with, and that is secret", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(`Secret/${control}/webhook-token`).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), { token: "token of Repository/team-blue/apps" });
  });
});

describe("a tenant's repository", () => {
  it("is in an organisation of the tenant's name, and read by this environment's deploy key", async () => {
    const { inputs } = (await afterMaking()).byName("Repository/team-blue/apps");
    assert.deepEqual(
      [inputs.organisation, inputs.repository, inputs.deployKeyTitle],
      ["team-blue", "apps", "terp dev"],
    );
  });

  it("starts with the example for the tenant's first namespace, encrypted to the tenant", async () => {
    const record = await afterMaking({ namespaces: ["app", "web"] });
    const { files, sealedFiles } = record.byName("Repository/team-blue/apps").inputs;
    const scaffold: ScaffoldArgs = {
      tenant: "team-blue",
      environment: "dev",
      namespace: "team-blue-app",
      namespaces: ["team-blue-app", "team-blue-web"],
      sampleImage: "podinfo:1",
      codeOwners: [],
      gitHost: "gitea",
    };
    const recipient = "age1 of TenantKey/team-blue";
    assert.deepEqual(files, scaffoldFiles(scaffold, recipient));
    assert.deepEqual(sealedFiles, scaffoldSecrets(scaffold, recipient));
  });

  it("keeps its deploy key's private half, its webhook's token and the host's password secret in the state", async () => {
    const { secretOutputs } = (await afterMaking()).byName("Repository/team-blue/apps");
    assert.deepEqual([...secretOutputs].sort(), ["access", "privateKey", "webhookToken"]);
  });
});

describe("a tenant's key", () => {
  it("is kept in the platform repository for the tenant's control namespace, sealed to the platform", async () => {
    const { inputs } = (await afterMaking()).byName("TenantKey/team-blue");
    assert.deepEqual(
      [inputs.organisation, inputs.repository, inputs.tenant, inputs.namespace, inputs.platformRecipient],
      ["platform", "platform", "team-blue", control, "age1platform"],
    );
  });

  it("has no private half in the program: the recipient is all that leaves its provider", async () => {
    const { inputs } = (await afterMaking()).byName("TenantKey/team-blue");
    assert.deepEqual(
      Object.keys(inputs as object).filter((name) => /identity|private/i.test(name)),
      [],
    );
  });
});

describe("a tenant whose names are wrong", () => {
  /** What the second of two tenants throws, and what was asked of the engine until then. */
  async function refused(
    first: { name: string; namespaces: string[] },
    second: { name: string; namespaces: string[] },
  ): Promise<{ message: string; record: Recorder }> {
    const record = recorder({ outputs: dynamicOutputs });
    const platform = aTenantPlatform();
    new TenantComponent(first.name, { platform, namespaces: first.namespaces });
    let message = "";
    try {
      new TenantComponent(second.name, { platform, namespaces: second.namespaces });
    } catch (error) {
      message = (error as Error).message;
    }
    await record.settled();
    return { message, record };
  }

  it("is refused for another's name", async () => {
    const { message } = await refused(
      { name: "team-blue", namespaces: ["app"] },
      { name: "team-blue", namespaces: ["web"] },
    );
    assert.equal(
      message,
      'tenant "team-blue":\nname\n  given     "team-blue"\n  expected  each tenant once\n  remedy    give one of the two another name',
    );
  });

  it("is refused for another's namespace, whatever the split", async () => {
    const { message } = await refused({ name: "a", namespaces: ["b-c"] }, { name: "a-b", namespaces: ["c"] });
    assert.equal(
      message,
      [
        'tenant "a-b":',
        "namespaces",
        '  given     "c", which makes the namespace "a-b-c"',
        `  expected  a namespace that isn't tenant "a"'s too`,
        '  remedy    give the namespace of "a-b" or of "a" another name',
      ].join("\n"),
    );
  });

  it("has nothing in the cluster, at the Git host or in the store", async () => {
    const { record } = await refused(
      { name: "team-blue", namespaces: ["app"] },
      { name: "git", namespaces: ["app"] },
    );
    assert.deepEqual(
      record.resources.filter(({ parent }) => parent === "git"),
      [],
    );
  });

  it("asks nothing at all of the engine", async () => {
    const { record } = await refused(
      { name: "team-blue", namespaces: ["app"] },
      { name: "git", namespaces: ["app"] },
    );
    assert.deepEqual(
      record.resources.filter(({ name }) => name === "git"),
      [],
    );
  });
});
