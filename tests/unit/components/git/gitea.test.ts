import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { Gitea, type GiteaArgs } from "../../../../components/git/gitea";
import { giteaNetworkPolicy } from "../../../../components/git/giteaManifests";
import { recorder, type Recorded, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const password = "forty-random-characters";
const args: GiteaArgs = {
  environment: "dev",
  image: "gitea:1",
  dataFolder: "/keep/git",
  nodeAddress: "10.0.0.2",
  clientAddress: "10.0.0.1",
  podSecurityVersion: "v1.34",
};

/** What the providers of passwords and keys would answer. */
function answers(secret = password): (resource: Recorded) => Record<string, unknown> {
  return ({ type }) => {
    if (type === "random:index/randomPassword:RandomPassword") return { result: secret };
    if (type === "tls:index/privateKey:PrivateKey")
      return { privateKeyOpenssh: "the host's private key", publicKeyOpenssh: "ssh-ed25519 HOST\n" };
    return {};
  };
}

function make(changes: Partial<GiteaArgs> = {}, secret?: string): { record: Recorder; gitea: Gitea } {
  const record = recorder({ outputs: answers(secret) });
  return { record, gitea: new Gitea("git", { ...args, ...changes }) };
}

async function afterMaking(changes: Partial<GiteaArgs> = {}, secret?: string): Promise<Recorder> {
  const { record } = make(changes, secret);
  await record.settled();
  return record;
}

const settings = "Secret/git/gitea";
const deployment = "Deployment/git/gitea";

describe("the Git host", () => {
  it("is a namespace with one Deployment, and what that needs", async () => {
    const { resources } = await afterMaking();
    const parts = resources.filter(({ name }) => name !== "git");
    assert.deepEqual(
      parts.map(({ name }) => name).sort(),
      [
        "Namespace/git",
        "gitea-administrator",
        "gitea-host-key",
        settings,
        "NetworkPolicy/git/gitea",
        "Service/git/gitea",
        "PersistentVolume/git-gitea",
        "PersistentVolumeClaim/git/gitea",
        deployment,
      ].sort(),
    );
    assert.ok(parts.every(({ parent }) => parent === "git"));
  });

  it("has the platform's labels on all that is in the cluster", async () => {
    const { resources } = await afterMaking();
    for (const { name, inputs } of resources.filter(({ type }) => type.startsWith("kubernetes:"))) {
      const { labels } = inputs.metadata;
      assert.deepEqual([labels["terp.dev/environment"], labels["terp.dev/role"]], ["dev", "platform"], name);
    }
  });

  it("has pods of the restricted profile alone", async () => {
    const { labels } = (await afterMaking()).byName("Namespace/git").inputs.metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("has its settings, its host key and its password in one Secret, and secret in the state", async () => {
    const record = await afterMaking();
    const { stringData } = record.byName(settings).inputs;
    assert.ok(record.isSecret(stringData));
    const contents = record.plain(stringData) as Record<string, string>;
    const files = ["app.ini", "authorization", "password", "ssh_host_ed25519", "start.sh"];
    assert.deepEqual(Object.keys(contents).sort(), files);
    assert.equal(contents["password"], password);
    assert.equal(contents["authorization"], `Basic ${Buffer.from(`terp:${password}`).toString("base64")}`);
    assert.equal(contents["ssh_host_ed25519"], "the host's private key");
  });

  it("has its password and its host key in no other object", async () => {
    const { resources } = await afterMaking();
    const others = JSON.stringify(resources.filter(({ name }) => name !== settings));
    const secrets = [password, Buffer.from(`terp:${password}`).toString("base64"), "the host's private key"];
    assert.deepEqual(
      secrets.filter((secret) => others.includes(secret)),
      [],
    );
  });

  it("starts anew with another password, and with nothing else", async () => {
    const digest = async (secret?: string): Promise<string> =>
      (await afterMaking({}, secret)).byName(deployment).inputs.spec.template.metadata.annotations[
        "terp.dev/settings"
      ];
    assert.equal(await digest(), await digest());
    assert.notEqual(await digest(), await digest("another"));
  });

  it("has a password of forty characters, and a host key of a kind that Flux knows", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName("gitea-administrator").inputs, { length: 40, special: false });
    assert.ok(record.byName("gitea-administrator").secretOutputs.includes("result"));
    assert.deepEqual(record.byName("gitea-host-key").inputs, { algorithm: "ED25519" });
  });

  it("is one at a time: two would write to one database", async () => {
    const { spec } = (await afterMaking()).byName(deployment).inputs;
    assert.deepEqual([spec.replicas, spec.strategy], [1, { type: "Recreate" }]);
  });

  it("keeps its data in the folder of the node, which stays when the claim goes", async () => {
    const record = await afterMaking();
    const volume = record.byName("PersistentVolume/git-gitea").inputs.spec;
    assert.deepEqual(volume.hostPath, { path: "/keep/git", type: "Directory" });
    assert.equal(volume.persistentVolumeReclaimPolicy, "Retain");
    const claim = record.byName("PersistentVolumeClaim/git/gitea").inputs;
    assert.deepEqual(volume.claimRef, {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      namespace: claim.metadata.namespace,
      name: claim.metadata.name,
    });
    assert.equal(claim.spec.volumeName, "git-gitea");
    assert.deepEqual([volume.storageClassName, claim.spec.storageClassName], ["", ""]);
  });

  it("is reached by Flux, and by the machine that the program runs on", async () => {
    const { spec } = (await afterMaking()).byName("NetworkPolicy/git/gitea").inputs;
    assert.deepEqual(spec, giteaNetworkPolicy(["10.0.0.1/32"]));
  });

  it("keeps its clients' addresses, by which the network policy knows them", async () => {
    const { spec } = (await afterMaking()).byName("Service/git/gitea").inputs;
    assert.equal(spec.externalTrafficPolicy, "Local");
    assert.deepEqual(spec.ports, [
      { name: "http", port: 80, targetPort: "http", nodePort: 30080 },
      { name: "ssh", port: 22, targetPort: "ssh", nodePort: 30022 },
    ]);
  });

  it("starts once its settings and its data are there", async () => {
    const { dependsOn } = (await afterMaking()).byName(deployment);
    for (const needed of [settings, "PersistentVolumeClaim/git/gitea"])
      assert.ok(dependsOn.includes(needed), needed);
  });

  it("is waited for, but not its Service and its claim, which are ready when it is", async () => {
    const { resources } = await afterMaking();
    const waived = resources.filter(
      ({ inputs }) => inputs.metadata?.annotations?.["pulumi.com/skipAwait"] === "true",
    );
    assert.deepEqual(waived.map(({ name }) => name).sort(), [
      "PersistentVolumeClaim/git/gitea",
      "Service/git/gitea",
    ]);
  });
});

describe("what the Git host gives others", () => {
  it("is its address, its account and a line for known_hosts", async () => {
    const { gitea } = make();
    assert.equal(await resolve(gitea.url), "http://10.0.0.2:30080");
    assert.equal(await resolve(gitea.username), "terp");
    assert.equal(await resolve(gitea.knownHosts), "gitea.git.svc.cluster.local ssh-ed25519 HOST\n");
  });

  it("is a password that is secret, alone and beside the address", async () => {
    const { gitea } = make();
    assert.equal(await resolve(gitea.password), password);
    assert.deepEqual(await resolve(gitea.access), {
      url: "http://10.0.0.2:30080",
      username: "terp",
      password,
    });
    assert.deepEqual(
      [await pulumi.isSecret(gitea.password), await pulumi.isSecret(gitea.access)],
      [true, true],
    );
  });

  it("can be shown, as far as it isn't the password", async () => {
    const { gitea } = make();
    for (const output of [gitea.url, gitea.username, gitea.knownHosts])
      assert.equal(await pulumi.isSecret(output), false);
  });
});
