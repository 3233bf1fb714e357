import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { logCredential } from "../../../../components/logs/credentials";
import { Logs, type LogsArgs } from "../../../../components/logs/logs";
import { recorder, type Recorder } from "../../../support/recorder";

const key = "the-platform's-key-for-logs";
const args: LogsArgs = {
  environment: "dev",
  podSecurityVersion: "v1.34",
  images: { loki: "loki:1", caddy: "caddy:1", collector: "collector:1" },
  key: pulumi.secret(key),
  tenants: [{ tenant: "team-blue", namespaces: ["team-blue-app"], size: "small" }],
  storage: { kind: "volume", size: 10 },
  retention: { small: 7, medium: 14, large: 30, platform: 14 },
};
const blob: LogsArgs["storage"] = {
  kind: "azure-blob",
  account: "terplogs",
  container: "loki",
  clientId: "0a1b2c3d-0000-4000-8000-000000000000",
  replicas: 3,
};

async function made(changes: Partial<LogsArgs> = {}): Promise<Recorder> {
  const record = recorder();
  new Logs("logs", { ...args, ...changes });
  await record.settled();
  return record;
}

const inCluster = (record: Recorder) => record.resources.filter(({ type }) => type.startsWith("kubernetes:"));
/** Who may come in by a policy, each as one line. */
const peersOf = (record: Recorder, name: string): string[] =>
  record
    .byName(name)
    .inputs.spec.ingress.flatMap(({ from }: { from: unknown[] }) => from.map((peer) => JSON.stringify(peer)));

describe("the logs", () => {
  it("are Loki, a gateway before it, and a collector on each node", async () => {
    assert.deepEqual(
      inCluster(await made())
        .map(({ name }) => name)
        .sort(),
      [
        "Namespace/terp-logs",
        "ConfigMap/terp-logs/loki",
        "ServiceAccount/terp-logs/loki",
        "NetworkPolicy/terp-logs/loki",
        "Service/terp-logs/loki",
        "StatefulSet/terp-logs/loki",
        "Secret/terp-logs/gateway",
        "NetworkPolicy/terp-logs/gateway",
        "Service/terp-logs/gateway",
        "Deployment/terp-logs/gateway",
        "Namespace/terp-collector",
        "Secret/terp-collector/collector",
        "NetworkPolicy/terp-collector/collector",
        "DaemonSet/terp-collector/collector",
      ].sort(),
    );
  });

  it("take no resource more for a tenant more", async () => {
    const one = inCluster(await made()).length;
    const tenants = [
      ...args.tenants,
      { tenant: "team-green", namespaces: ["team-green-app"], size: "large" as const },
    ];
    assert.equal(inCluster(await made({ tenants })).length, one);
  });

  it("have the platform's labels on all that is in the cluster", async () => {
    for (const { name, inputs } of inCluster(await made())) {
      const { labels } = inputs.metadata;
      const role = name.includes("terp-collector") ? "collector" : "platform";
      assert.deepEqual([labels["terp.dev/environment"], labels["terp.dev/role"]], ["dev", role], name);
    }
  });

  it("show the key and the credentials nowhere but in two Secrets, and there as secrets", async () => {
    const record = await made();
    const secrets = ["Secret/terp-logs/gateway", "Secret/terp-collector/collector"];
    for (const name of secrets) assert.ok(record.isSecret(record.byName(name).inputs.stringData), name);
    const { password } = logCredential(key, "team-blue", "write");
    const forms = [key, password, Buffer.from(`team-blue:${password}`).toString("base64")];
    for (const { name, inputs } of record.resources.filter((one) => !secrets.includes(one.name))) {
      for (const form of forms) assert.ok(!JSON.stringify(inputs).includes(form), name);
    }
  });

  it("let the gateway alone reach Loki, and who reads or collects logs the gateway", async () => {
    const record = await made();
    assert.deepEqual(peersOf(record, "NetworkPolicy/terp-logs/loki"), [
      '{"podSelector":{"matchLabels":{"app":"gateway"}}}',
    ]);
    assert.deepEqual(peersOf(record, "NetworkPolicy/terp-logs/gateway"), [
      '{"namespaceSelector":{"matchLabels":{"terp.dev/role":"collector"}}}',
      '{"namespaceSelector":{"matchLabels":{"logs.terp.dev/reads":"true"}}}',
    ]);
    assert.deepEqual(peersOf(record, "NetworkPolicy/terp-collector/collector"), []);
  });

  it("have Loki and the gateway meet the restricted profile", async () => {
    const record = await made();
    const { labels } = record.byName("Namespace/terp-logs").inputs.metadata;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
  });

  it("have collectors that read lines and write their own folder, and nothing else of their node", async () => {
    const { inputs } = (await made()).byName("DaemonSet/terp-collector/collector");
    const { volumes, containers } = inputs.spec.template.spec;
    assert.deepEqual(
      volumes.filter(({ hostPath }: { hostPath?: unknown }) => hostPath !== undefined),
      [
        { name: "pods", hostPath: { path: "/var/log/pods", type: "Directory" } },
        { name: "state", hostPath: { path: "/var/lib/terp-collector", type: "DirectoryOrCreate" } },
      ],
    );
    const [{ securityContext, volumeMounts }] = containers;
    assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
    assert.equal(volumeMounts.find(({ name }: { name: string }) => name === "pods").readOnly, true);
  });

  it("have a collector that stores a line before it counts as read", async () => {
    const { inputs } = (await made()).byName("DaemonSet/terp-collector/collector");
    assert.ok(
      inputs.spec.template.spec.containers[0].args.includes("--feature-gates=stanza.synchronousLogEmitter"),
    );
  });

  it("collect nothing before there is who takes it", async () => {
    const { dependsOn } = (await made()).byName("DaemonSet/terp-collector/collector");
    for (const name of ["StatefulSet/terp-logs/loki", "Deployment/terp-logs/gateway"])
      assert.ok(dependsOn.includes(name), name);
  });

  it("start what reads its configuration once again where that changes, and not where only limits do", async () => {
    const tenants = [
      ...args.tenants,
      { tenant: "team-green", namespaces: ["team-green-app"], size: "large" as const },
    ];
    const [before, after] = [await made(), await made({ tenants })];
    const digest = (record: Recorder, name: string): string =>
      record.byName(name).inputs.spec.template.metadata.annotations["terp.dev/settings"];
    for (const name of ["Deployment/terp-logs/gateway", "DaemonSet/terp-collector/collector"])
      assert.notEqual(digest(before, name), digest(after, name), name);
    assert.equal(digest(before, "StatefulSet/terp-logs/loki"), digest(after, "StatefulSet/terp-logs/loki"));
  });

  it("lie in a folder of the only node where there is no storage class", async () => {
    const record = await made({
      dataFolder: "/node/loki",
      folders: { pods: "/node/pods", state: "/node/collector" },
    });
    const { spec } = record.byName("PersistentVolume/terp-logs-loki").inputs;
    assert.deepEqual(spec.hostPath, { path: "/node/loki", type: "Directory" });
    assert.equal(spec.claimRef.name, "data-loki-0");
    const [claim] = record.byName("StatefulSet/terp-logs/loki").inputs.spec.volumeClaimTemplates;
    assert.equal(claim.spec.storageClassName, "");
  });

  describe("in a cloud's store", () => {
    it("have several replicas, of which one at a time may be taken away", async () => {
      const record = await made({ storage: blob });
      assert.equal(record.byName("StatefulSet/terp-logs/loki").inputs.spec.replicas, 3);
      assert.equal(record.byName("Deployment/terp-logs/gateway").inputs.spec.replicas, 2);
      for (const name of ["loki", "gateway"]) {
        const budget = record.byName(`PodDisruptionBudget/terp-logs/${name}`).inputs;
        assert.equal(budget.spec.maxUnavailable, 1);
      }
    });

    it("are reached by Loki's own identity", async () => {
      const record = await made({ storage: blob });
      const account = record.byName("ServiceAccount/terp-logs/loki").inputs;
      assert.equal(
        account.metadata.annotations["azure.workload.identity/client-id"],
        "0a1b2c3d-0000-4000-8000-000000000000",
      );
      const { labels } = record.byName("StatefulSet/terp-logs/loki").inputs.spec.template.metadata;
      assert.equal(labels["azure.workload.identity/use"], "true");
    });

    it("are reached by HTTPS, but for link-local addresses, the metadata's among them", async () => {
      const { egress } = (await made({ storage: blob })).byName("NetworkPolicy/terp-logs/loki").inputs.spec;
      assert.deepEqual(egress.at(-1), {
        to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } }],
        ports: [{ port: 443, protocol: "TCP" }],
      });
    });
  });
});
