import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { platformRules, PlatformSync } from "../../../../components/flux/platformSync";
import type { AgeKeyPair } from "../../../../infra/keys/age";
import { recorder, type Recorder } from "../../../support/recorder";

const former: AgeKeyPair["former"] = [{ recipient: "age1old", identity: "the old private half" }];

async function afterMaking(changes: { former?: AgeKeyPair["former"] } = {}): Promise<Recorder> {
  const record = recorder();
  new PlatformSync("platform", {
    environment: "dev",
    url: "ssh://git@gitea/platform/platform.git",
    branch: "main",
    knownHosts: "gitea ssh-ed25519 AAAA\n",
    webhook: { type: "github", token: pulumi.secret("the token") },
    privateKey: pulumi.secret("the deploy key"),
    recipient: "age1platform",
    identity: pulumi.secret("the private half"),
    former: changes.former,
    pace: { poll: "2s", retry: "3s", drift: "10m" },
  });
  await record.settled();
  return record;
}

const parts = {
  account: "ServiceAccount/flux-system/platform-reconciler",
  role: "ClusterRole/terp-platform-reconciler",
  binding: "ClusterRoleBinding/terp-platform-reconciler",
  key: "Secret/flux-system/platform-age",
  access: "Secret/flux-system/git-access",
  source: "GitRepository/flux-system/platform",
  kustomization: "Kustomization/flux-system/platform",
  token: "Secret/flux-system/webhook-token",
  receiver: "Receiver/flux-system/platform",
};

describe("what applies the platform repository", () => {
  it("is nine objects of the platform's, with its labels", async () => {
    const record = await afterMaking();
    const made = record.resources.filter(({ name }) => name !== "platform");
    assert.deepEqual(made.map(({ name }) => name).sort(), Object.values(parts).sort());
    for (const { name, parent, inputs } of made) {
      assert.equal(parent, "platform", name);
      assert.deepEqual(
        inputs.metadata.labels,
        {
          "app.kubernetes.io/managed-by": "terp",
          "terp.dev/environment": "dev",
          "terp.dev/role": "platform",
        },
        name,
      );
    }
  });

  it("may write tenants' keys and the marker alone", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName(parts.role).inputs.rules, platformRules);
    const { roleRef, subjects } = record.byName(parts.binding).inputs;
    assert.deepEqual(roleRef, {
      apiGroup: "rbac.authorization.k8s.io",
      kind: "ClusterRole",
      name: record.byName(parts.role).inputs.metadata.name,
    });
    assert.deepEqual(subjects, [
      { kind: "ServiceAccount", name: "platform-reconciler", namespace: "flux-system" },
    ]);
  });

  it("acts as an account whose token nobody mounts", async () => {
    const { automountServiceAccountToken } = (await afterMaking()).byName(parts.account).inputs;
    assert.equal(automountServiceAccountToken, false);
  });

  it("takes no key away: neither with an empty repository, nor when it goes itself", async () => {
    const { spec } = (await afterMaking()).byName(parts.kustomization).inputs;
    assert.deepEqual(spec, {
      sourceRef: { kind: "GitRepository", name: "platform" },
      path: "./tenants",
      serviceAccountName: "platform-reconciler",
      decryption: { provider: "sops", secretRef: { name: "platform-age" } },
      interval: "10m",
      retryInterval: "3s",
      timeout: "3m",
      wait: true,
      prune: false,
      deletionPolicy: "Orphan",
    });
  });

  it("reads the branch that it is given", async () => {
    const { spec } = (await afterMaking()).byName(parts.source).inputs;
    assert.deepEqual(
      [spec.url, spec.ref, spec.secretRef],
      ["ssh://git@gitea/platform/platform.git", { branch: "main" }, { name: "git-access" }],
    );
  });

  it("begins when its key, its account and its rights are there, and what hears of a push", async () => {
    const record = await afterMaking();
    assert.deepEqual(
      [...record.byName(parts.kustomization).dependsOn].sort(),
      [parts.source, parts.key, parts.account, parts.binding, parts.receiver].sort(),
    );
    assert.deepEqual(record.byName(parts.source).dependsOn, [parts.access]);
    assert.deepEqual([...record.byName(parts.binding).dependsOn].sort(), [parts.role, parts.account].sort());
  });
});

describe("the platform's key in the cluster", () => {
  it("is a Secret, and secret in the state", async () => {
    const record = await afterMaking();
    const { metadata, stringData } = record.byName(parts.key).inputs;
    assert.deepEqual([metadata.name, metadata.namespace], ["platform-age", "flux-system"]);
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      "age.agekey": "# public key: age1platform\nthe private half\n",
    });
  });

  it("is followed by those that it took the place of", async () => {
    const record = await afterMaking({ former });
    assert.deepEqual(record.plain(record.byName(parts.key).inputs.stringData), {
      "age.agekey":
        "# public key: age1platform\nthe private half\n# public key: age1old\nthe old private half\n",
    });
  });

  it("is in no other object", async () => {
    const record = await afterMaking({ former });
    const others = record.resources.filter(({ name }) => name !== parts.key);
    assert.ok(!/private half/.test(JSON.stringify(others)));
  });
});

describe("the credential that reads the platform repository", () => {
  it("is secret in the state", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(parts.access).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      identity: "the deploy key",
      known_hosts: "gitea ssh-ed25519 AAAA\n",
    });
  });
});

describe("what hears of a push to the platform repository", () => {
  it("has the repository looked at whose name it bears", async () => {
    const { kind, metadata, spec } = (await afterMaking()).byName(parts.receiver).inputs;
    assert.deepEqual([kind, metadata.name, metadata.namespace], ["Receiver", "platform", "flux-system"]);
    assert.deepEqual(
      spec.resources.map(({ name }: { name: string }) => name),
      [(await afterMaking()).byName(parts.source).inputs.metadata.name],
    );
  });

  it("knows the Git host by a token that is secret in the state, and in no other object", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(parts.token).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), { token: "the token" });
    const others = record.resources.filter(({ name }) => name !== parts.token);
    assert.ok(!JSON.stringify(others).includes("the token"));
  });
});
