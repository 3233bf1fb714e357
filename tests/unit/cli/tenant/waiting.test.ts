import assert from "node:assert/strict";
import { waitForTenants, type Wait } from "../../../../cli/cluster/tenants";
import type { KubeApi, KubeObject } from "../../../../infra/cluster/kubeApi";

/** A tenant's Kustomization as Flux has it. */
function applied(tenant: string, isReady: boolean, revision = ""): KubeObject {
  const conditions = [
    {
      type: "Ready",
      status: isReady ? "True" : "False",
      reason: "",
      message: "as it is",
      lastTransitionTime: "",
    },
  ];
  return {
    metadata: {
      name: "apps",
      namespace: `terp-tenant-${tenant}`,
      labels: { "terp.dev/tenant": tenant },
      generation: 1,
    },
    spec: {},
    status: {
      observedGeneration: 1,
      conditions,
      lastAppliedRevision: revision,
      lastAttemptedRevision: revision,
    },
  };
}

const blue = applied("team-blue", true, "main@sha1:aaaa");

/** Looks once at these, and then at those. */
async function waited(changes: Partial<Wait>, ...looks: readonly KubeObject[][]): Promise<readonly string[]> {
  let look = 0;
  const list = (path: string): Promise<KubeObject[]> =>
    Promise.resolve(path.includes("kustomizations") ? (looks[Math.min(look++, looks.length - 1)] ?? []) : []);
  const tenants = await waitForTenants({ list } as unknown as KubeApi, {
    expected: ["team-blue", "team-green"],
    signal: new AbortController().signal,
    update: () => undefined,
    ...changes,
  });
  return [String(look), ...tenants.map(({ tenant, ready }) => `${tenant} ${String(ready)}`)];
}

describe("who waits for tenants", () => {
  const later = [blue, applied("team-green", true, "main@sha1:bbbb")];

  it("waits until every repository is applied", async () => {
    assert.deepEqual(await waited({}, [blue, applied("team-green", false)], later), [
      "2",
      "team-blue true",
      "team-green true",
    ]);
  });

  it("doesn't wait for somebody outside to let Flux into a repository for the first time", async () => {
    const found = await waited({ unhurried: ["team-green"] }, [blue, applied("team-green", false)], later);
    assert.deepEqual(found, ["1", "team-blue true", "team-green false"]);
  });

  it("waits for such a repository as for any other once it was applied", async () => {
    const broken = applied("team-green", false, "main@sha1:bbbb");
    assert.equal((await waited({ unhurried: ["team-green"] }, [blue, broken], later))[0], "2");
  });

  it("waits until Flux knows of it at all", async () => {
    assert.equal((await waited({ unhurried: ["team-green"] }, [blue], later))[0], "2");
  });
});
