import { strict as assert } from "node:assert";

import {
  EngineHandoverProvider,
  type HandoverInputs,
  type HandoverTools,
  type Resuming,
} from "../../../../../components/tenant/handover/engineHandoverProvider";

const inputs: HandoverInputs = {
  kubeconfig: "an administrator's",
  tenant: "team-blue",
  engine: "argocd",
  secretsPath: "./environments/dev/secrets",
  namespaces: ["team-blue-app"],
};

interface Given {
  readonly isHeldByFlux?: boolean;
  readonly fails?: string;
}

/** A provider over a cluster that notes what is done to it. */
function given({ isHeldByFlux = true, fails }: Given = {}): {
  provider: EngineHandoverProvider;
  done: string[];
} {
  const done: string[] = [];
  const note = (what: string): Promise<void> => {
    done.push(what);
    return what === fails ? Promise.reject(new Error(`${what} fails`)) : Promise.resolve();
  };
  const clusterOf: HandoverTools = () => ({
    isHeldByFlux: () => Promise.resolve(isHeldByFlux),
    untilArgocdApplied: () => note("Argo CD applies"),
    keepSecretsAlone: (_tenant, path) => note(`Flux keeps ${path}`),
    releaseFromFlux: () => note("Flux lets go"),
    letGoOfApplication: () => note("Argo CD lets go"),
    close: () => note("close"),
  });
  const resume: Resuming = (_kubeconfig, namespaces) => note(`${namespaces.join()} goes on`);
  const provider = new EngineHandoverProvider(clusterOf, resume);
  return { provider, done };
}

describe("handing a tenant over", () => {
  it("to Argo CD waits until that has applied everything before Flux forgets it", async () => {
    const { provider, done } = given();
    await provider.update("team-blue", { tenant: "team-blue", engine: "flux" }, inputs);
    assert.deepEqual(done, [
      "Argo CD applies",
      "Flux keeps ./environments/dev/secrets",
      "Flux lets go",
      "close",
    ]);
  });

  it("to Argo CD goes on after a run that was killed in between", async () => {
    const { provider, done } = given({ isHeldByFlux: false });
    await provider.update("team-blue", { tenant: "team-blue", engine: "flux" }, inputs);
    assert.deepEqual(done, ["Flux lets go", "close"]);
  });

  it("to Argo CD leaves Flux alone where Argo CD fails", async () => {
    const { provider, done } = given({ fails: "Argo CD applies" });
    await assert.rejects(provider.create(inputs), { message: "Argo CD applies fails" });
    assert.deepEqual(done, ["Argo CD applies", "close"]);
  });

  it("to Flux takes the Application away first, so that the two don't work against each other", async () => {
    const { provider, done } = given();
    await provider.update(
      "team-blue",
      { tenant: "team-blue", engine: "argocd" },
      { ...inputs, engine: "flux" },
    );
    assert.deepEqual(done, ["Argo CD lets go", "close"]);
  });

  it("is done when the engine changes, and not when anything else does", async () => {
    const { provider } = given();
    const olds = { tenant: "team-blue", engine: "argocd" } as const;
    assert.deepEqual(await provider.diff("team-blue", olds, { ...inputs, kubeconfig: "another" }), {
      changes: false,
    });
    assert.deepEqual(await provider.diff("team-blue", olds, { ...inputs, engine: "flux" }), {
      changes: true,
    });
  });

  it("has what a suspension stopped go on, once the repository is applied again: a tenant that resumes", async () => {
    const { provider, done } = given({ isHeldByFlux: false });
    await provider.create(inputs);
    assert.deepEqual(done, ["Flux lets go", "close", "team-blue-app goes on"]);
  });

  it("keeps no kubeconfig in the state", async () => {
    const { provider } = given();
    assert.deepEqual(await provider.create(inputs), {
      id: "team-blue",
      outs: { tenant: "team-blue", engine: "argocd" },
    });
  });
});
