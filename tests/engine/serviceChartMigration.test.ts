import { strict as assert } from "node:assert";

import { made, one, podOf, type Made } from "../support/madeService";
import { services } from "../support/serviceValues";

describe("the developers' chart migrates", () => {
  const own = services["with a Postgres and a Redis of the chart's"] ?? {};
  const outside = services["with a Postgres and a Redis that are there"] ?? {};
  const annotationsOf = async (
    values: object,
    words?: readonly string[],
  ): Promise<Record<string, string | undefined>> =>
    (await one(values, "Job", words)).metadata.annotations ?? {};

  it("before anything else where the database is there", async () => {
    for (const words of [[], ["--is-upgrade"]])
      assert.equal((await annotationsOf(outside, words))["helm.sh/hook"], "pre-install,pre-upgrade");
  });

  it("beside the pods where the database comes with the release, which a hook would wait for in vain", async () => {
    assert.equal((await annotationsOf(own))["helm.sh/hook"], undefined);
    // Without a cluster to look at, the database isn't there.
    assert.equal((await annotationsOf(own, ["--is-upgrade"]))["helm.sh/hook"], undefined);
  });

  it("under Argo CD after the database and before the pods", async () => {
    const wave = ({ metadata }: Made): number =>
      Number(metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
    const objects = await made(own);
    const waves = (kind: string): number[] => objects.filter((each) => each.kind === kind).map(wave);
    assert.deepEqual([waves("StatefulSet"), waves("Job"), waves("Deployment")], [[-2, -2], [-1], [0]]);
    const { "argocd.argoproj.io/hook": hook } = await annotationsOf(own);
    assert.equal(hook, "Sync");
  });

  it("with the new files, which are there as early as it is", async () => {
    const objects = await made(outside);
    const job = objects.find(({ kind }) => kind === "Job");
    assert.ok(job);
    const { name } = podOf(job).volumes?.[0]?.configMap ?? {};
    const files = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === name);
    assert.deepEqual(
      [files?.metadata.annotations?.["helm.sh/hook"], files?.metadata.annotations?.["helm.sh/hook-weight"]],
      ["pre-install,pre-upgrade", "-2"],
    );
  });

  it("as the namespace's own account, for one of the release's isn't there yet", async () => {
    const job = await one({ ...outside, serviceAccount: "shop" }, "Job");
    assert.equal(podOf(job).serviceAccountName, undefined);
  });
});
