import { strict as assert } from "node:assert";

import { logCredential } from "../../../components/logs/credentials";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { objectsIn, run, type Made } from "../../support/platformRun";

const logs = {
  storage: { kind: "volume", size: 10 },
  retention: { small: 7, medium: 14, large: 30, platform: 14 },
} as const;

describe("a platform's logs", () => {
  aMachine();

  let withLogs: Promise<Made> | undefined;
  const made = (): Promise<Made> => (withLogs ??= run(aConfig({ logs })));

  it("are nothing at all unless they are asked for", async () => {
    const { record } = await run(aConfig());
    assert.deepEqual(
      record.resources.filter(({ name }) => /log|loki|collector/i.test(name)),
      [],
    );
    const [cluster] = record.resources.filter(({ type }) => type.endsWith(":LocalCluster"));
    assert.equal(cluster?.inputs.services, undefined);
  });

  it("bring their images to the embedded cluster, and lie in its node's folder", async () => {
    const { record } = await made();
    const [cluster] = record.resources.filter(({ type }) => type.endsWith(":LocalCluster"));
    assert.deepEqual(cluster?.inputs.services, ["logs"]);
    const { hostPath } = record.byName("PersistentVolume/terp-logs-loki").inputs.spec as {
      hostPath: { path: string };
    };
    assert.match(hostPath.path, /\/test\/node\/loki$/);
  });

  it("are those of the stack's tenants, by their size", async () => {
    const { record } = await made();
    const { data } = record.byName("ConfigMap/terp-logs/loki").inputs as {
      data: Record<string, string>;
    };
    const { overrides } = JSON.parse(data["overrides.yaml"] ?? "") as { overrides: Record<string, unknown> };
    assert.deepEqual(Object.keys(overrides), ["team-blue", "platform"]);
  });

  it("are in none of a tenant's namespaces", async () => {
    const names = async (record: Promise<Made>): Promise<string[]> =>
      objectsIn((await record).record)
        .map(({ name }) => name)
        .filter((name) => name.includes("team-blue"));
    assert.deepEqual(await names(made()), await names(run(aConfig())));
  });

  it("have one key, secret, from which each credential follows", async () => {
    const { record } = await made();
    assert.ok(record.byName("logs-key").secretOutputs.includes("result"));
    const { stringData } = record.byName("Secret/terp-collector/collector").inputs;
    const { password } = logCredential("the host's password", "team-blue", "write");
    const expected = Buffer.from(`team-blue:${password}`).toString("base64");
    assert.ok(JSON.stringify(record.plain(stringData)).includes(expected));
  });
});
