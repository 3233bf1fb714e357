import { strict as assert } from "node:assert";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { receiver, receiverSpec } from "../../../../components/flux/receiver";
import { recorder, type Recorder } from "../../../support/recorder";

/** A Receiver for a repository of a tenant's, after something that it waits for. */
async function afterMaking(): Promise<Recorder> {
  const record = recorder();
  const namespace = new kubernetes.core.v1.Namespace("namespace", {});
  receiver(
    {
      owner: { environment: "dev", role: "control", tenant: "team-blue" },
      namespace: "terp-tenant-team-blue",
      repository: "apps",
      webhook: { type: "github", token: "the token" },
    },
    { dependsOn: [namespace] },
  );
  await record.settled();
  return record;
}

const token = "Secret/terp-tenant-team-blue/webhook-token";
const made = "Receiver/terp-tenant-team-blue/apps";

describe("a Receiver", () => {
  it("has one repository beside it looked at, when a host that signs as GitHub does tells of a push", () => {
    assert.deepEqual(receiverSpec("apps"), {
      type: "github",
      events: ["ping", "push"],
      secretRef: { name: "webhook-token" },
      resources: [{ apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", name: "apps" }],
    });
  });

  it("is told of a push by GitLab in GitLab's own words", () => {
    const { type, events } = receiverSpec("apps", "gitlab") as { type: string; events: string[] };
    assert.deepEqual([type, events], ["gitlab", ["Push Hook"]]);
  });

  it("refers to no other namespace", () => {
    assert.ok(!JSON.stringify(receiverSpec("apps")).includes("namespace"));
  });

  it("is called after its repository, and lies beside it", async () => {
    const { apiVersion, kind, metadata, spec } = (await afterMaking()).byName(made).inputs;
    assert.deepEqual(
      [apiVersion, kind, metadata.name, metadata.namespace],
      ["notification.toolkit.fluxcd.io/v1", "Receiver", "apps", "terp-tenant-team-blue"],
    );
    assert.deepEqual(spec, receiverSpec("apps"));
  });

  it("has its token in a Secret that is secret in the state, though it was handed over in clear", async () => {
    const record = await afterMaking();
    const { metadata, stringData } = record.byName(token).inputs;
    assert.deepEqual([metadata.name, metadata.namespace], ["webhook-token", "terp-tenant-team-blue"]);
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), { token: "the token" });
  });

  it("bears its owner's labels, as its Secret does", async () => {
    const record = await afterMaking();
    for (const name of [token, made])
      assert.equal(record.byName(name).inputs.metadata.labels["terp.dev/tenant"], "team-blue", name);
  });

  it("is made after its token, and that after what it is told to wait for", async () => {
    const record = await afterMaking();
    assert.deepEqual(record.byName(made).dependsOn, [token]);
    assert.deepEqual(record.byName(token).dependsOn, ["namespace"]);
  });

  it("waits for a token that isn't known yet", async () => {
    const record = recorder();
    const repository = new kubernetes.core.v1.ConfigMap("repository", { data: { token: "later" } });
    receiver(
      {
        owner: { environment: "dev", role: "platform" },
        namespace: "flux-system",
        repository: "platform",
        webhook: {
          type: "github",
          token: pulumi.secret(repository.data.apply((data) => data["token"] ?? "")),
        },
      },
      {},
    );
    await record.settled();
    const { stringData } = record.byName("Secret/flux-system/webhook-token").inputs;
    assert.deepEqual(record.plain(stringData), { token: "later" });
  });
});
