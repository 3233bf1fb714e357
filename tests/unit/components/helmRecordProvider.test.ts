import { strict as assert } from "node:assert";
import { gunzipSync, gzipSync } from "node:zlib";

import { HelmRecordProvider, type RecordOutputs } from "../../../components/helmRecordProvider";

const inputs = { kubeconfig: "a kubeconfig", namespace: "dns", release: "external-dns" };
const outputs: RecordOutputs = { ...inputs, repair: "" };

/** Helm's record of a revision, as its Secret has it. */
function content(status: string): string {
  const text = JSON.stringify({ name: "external-dns", info: { status }, config: { replicas: 2 } });
  return Buffer.from(gzipSync(text).toString("base64")).toString("base64");
}

/** A cluster with Helm's records of these revisions, the oldest first. */
function cluster(...statuses: readonly string[]) {
  const secrets = statuses.map((status, place) => ({
    metadata: {
      name: `sh.helm.release.v1.external-dns.v${String(place + 1)}`,
      namespace: "dns",
      generation: 0,
      labels: { status, version: String(place + 1) },
    },
    data: { release: content(status) },
  }));
  const changed: { path: string; change: any; manager: string }[] = [];
  const asked: string[] = [];
  const provider = new HelmRecordProvider(() => ({
    list: (path) => {
      asked.push(path);
      // In no order of its own.
      return Promise.resolve(
        [...secrets].reverse().map(({ metadata }) => ({ metadata, spec: {}, status: {} })),
      );
    },
    text: (path) =>
      Promise.resolve(JSON.stringify(secrets.find(({ metadata }) => path.endsWith(`/${metadata.name}`)))),
    merge: (path, change, manager) => {
      changed.push({ path, change, manager });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  }));
  return { provider, changed, asked };
}

describe("Helm's records of a release", () => {
  for (const status of ["pending-install", "pending-upgrade", "pending-rollback", "uninstalling"]) {
    it(`are to be repaired where the newest is ${status}: nothing else may be in the middle`, async () => {
      const { provider } = cluster("deployed", status);
      assert.deepEqual(await provider.diff("", outputs, inputs), { changes: true });
    });
  }

  for (const status of ["deployed", "failed", "superseded", "uninstalled"]) {
    it(`are whole where the newest is ${status}`, async () => {
      const { provider } = cluster("pending-upgrade", status);
      assert.deepEqual(await provider.diff("", outputs, inputs), { changes: false });
    });
  }

  it("are those of that release alone", async () => {
    const { provider, asked } = cluster();
    await provider.diff("", outputs, inputs);
    assert.deepEqual(asked, [
      "/api/v1/namespaces/dns/secrets?labelSelector=owner%3Dhelm%2Cname%3Dexternal-dns",
    ]);
  });

  it("are compared by their number, not by their name", async () => {
    const statuses = [...Array<string>(9).fill("superseded"), "pending-upgrade"];
    assert.deepEqual(await cluster(...statuses).provider.diff("", outputs, inputs), { changes: true });
  });

  it("aren't known where the cluster doesn't answer, which stops nothing", async () => {
    const provider = new HelmRecordProvider(() => {
      throw new Error("no cluster");
    });
    assert.deepEqual(await provider.diff("", outputs, inputs), { changes: false });
  });

  it("say afterwards that the interrupted revision has failed, and keep the rest", async () => {
    const { provider, changed } = cluster("deployed", "pending-upgrade");
    await provider.update("", outputs, inputs);
    const [only, ...others] = changed;
    assert.deepEqual(others, []);
    assert.equal(only?.path, "/api/v1/namespaces/dns/secrets/sh.helm.release.v1.external-dns.v2");
    assert.deepEqual(only.change.metadata, { labels: { status: "failed" } });
    const packed = Buffer.from(only.change.data.release as string, "base64").toString();
    const record = JSON.parse(gunzipSync(Buffer.from(packed, "base64")).toString());
    assert.equal(record.info.status, "failed");
    assert.deepEqual(record.config, { replicas: 2 });
  });

  it("have the release upgraded after a repair, and not without one", async () => {
    const repaired = await cluster("pending-upgrade").provider.update("", outputs, inputs);
    assert.notEqual(repaired.outs?.repair, "");
    const whole = await cluster("deployed").provider.update("", outputs, inputs);
    assert.equal(whole.outs?.repair, "");
  });

  it("are taken over from a lost state, so that the name can be used again", async () => {
    const { provider, changed } = cluster("superseded", "deployed");
    await provider.create(inputs);
    assert.deepEqual(
      changed.map(({ path }) => path.split(".").at(-1)),
      ["v2"],
    );
  });

  for (const statuses of [[], ["failed"], ["uninstalled"]]) {
    it(`are left alone at first where they are ${statuses.join() || "none"}`, async () => {
      const { provider, changed } = cluster(...statuses);
      await provider.create(inputs);
      assert.deepEqual(changed, []);
    });
  }
});
