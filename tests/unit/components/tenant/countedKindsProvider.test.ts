import { strict as assert } from "node:assert";

import { CountedKindsProvider } from "../../../../components/tenant/countedKindsProvider";

const kinds = ["apples.test.example", "pears.test.example"];
const inputs = { kubeconfig: "a kubeconfig", kinds };
const quota = "/api/v1/namespaces/kube-public/resourcequotas/terp-counted-kinds";

/**
 * A cluster whose quota controller counts what is given, one list for each quota that is made, the last one again and again. It
 * looks at a quota when it is made, and never again.
 */
function cluster(counted: readonly (readonly string[])[], defined: readonly string[] = kinds) {
  const made: unknown[] = [];
  const done: string[] = [];
  let used: Record<string, string> | undefined;
  const provider = new CountedKindsProvider(
    (kubeconfig) => {
      done.push(`open ${kubeconfig}`);
      return {
        metadata: (path) => {
          const name = path.split("/").at(-1) ?? "";
          return Promise.resolve(
            defined.includes(name) ? { name, namespace: "", generation: 1, labels: {} } : undefined,
          );
        },
        post: (path, body) => {
          assert.equal(path, "/api/v1/namespaces/kube-public/resourcequotas");
          const now = counted[Math.min(made.length, counted.length - 1)] ?? [];
          used = Object.fromEntries(now.map((kind) => [`count/${kind}`, "0"]));
          made.push(body);
          return Promise.resolve(body);
        },
        text: (path) => {
          assert.equal(path, quota);
          return Promise.resolve(JSON.stringify({ status: { used } }));
        },
        remove: (path) => {
          done.push(`remove ${path}`);
          used = undefined;
          return Promise.resolve();
        },
        close: () => {
          done.push("close");
          return Promise.resolve();
        },
      };
    },
    { whole: 40, quota: 5, interval: 1 },
  );
  return { provider, made, done };
}

describe("a cluster that counts new kinds", () => {
  it("is there when one quota counts all of them, and then that quota is gone", async () => {
    const { provider, made, done } = cluster([kinds]);
    assert.deepEqual((await provider.create(inputs)).outs, inputs);
    assert.deepEqual(made, [
      {
        apiVersion: "v1",
        kind: "ResourceQuota",
        metadata: { name: "terp-counted-kinds" },
        spec: { hard: { "count/apples.test.example": "1000000", "count/pears.test.example": "1000000" } },
      },
    ]);
    assert.deepEqual(done.slice(-2), [`remove ${quota}`, "close"]);
  });

  it("is looked for by another quota each time: one that was made too early is never counted again", async () => {
    const { provider, made } = cluster([[], kinds.slice(0, 1), kinds]);
    await provider.create(inputs);
    assert.equal(made.length, 3);
  });

  it("is looked for again when there are more kinds", async () => {
    const { provider, made } = cluster([kinds]);
    const before = { ...inputs, kinds: kinds.slice(0, 1) };
    assert.deepEqual(await provider.diff("", before, inputs), { changes: true });
    assert.deepEqual((await provider.update("", before, inputs)).outs, inputs);
    assert.equal(made.length, 1);
  });

  it("is the same with another kubeconfig", async () => {
    const { provider } = cluster([kinds]);
    assert.deepEqual(await provider.diff("", inputs, { ...inputs, kubeconfig: "a new one" }), {
      changes: false,
    });
  });

  it("isn't waited for where a kind has no definition: nobody can make an object of it", async () => {
    const { provider, made } = cluster([["pears.test.example"]], ["pears.test.example"]);
    await provider.create(inputs);
    assert.equal(made.length, 1);
  });

  it("fails with what isn't counted, and takes its quota away", async () => {
    const { provider, done } = cluster([kinds.slice(0, 1)]);
    await assert.rejects(provider.create(inputs), {
      message:
        "the cluster's quotas don't count pears.test.example: expected it of Kubernetes' resourcequota controller within a " +
        "minute of the definition; look at kube-controller-manager's log, then run it again",
    });
    assert.deepEqual(done.slice(-2), [`remove ${quota}`, "close"]);
  });
});
