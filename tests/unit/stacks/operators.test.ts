import { strict as assert } from "node:assert";

import type { PlatformConfig } from "../../../infra/config";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { run, waitsFor } from "../../support/platformRun";
import type { Recorder } from "../../support/recorder";

const made = "OperatorsApplications";

describe("the platform repository where there is Argo CD", () => {
  aMachine();

  const withEngine = async (
    engine: PlatformConfig["gitops"]["engine"],
    codeOwners: readonly string[] = [],
  ): Promise<Recorder> => {
    const gitops = { engine, crds: { kind: "installed" }, services: false, codeOwners } as const;
    return (await run(aConfig({ gitops }))).record;
  };
  const starter = (record: Recorder): typeof record.resources =>
    record.resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/git:StarterFolder");

  it("has a folder for what operators run, begun once, with namespaces before all else", async () => {
    const record = await withEngine("both");
    const [folder] = starter(record);
    const files = folder?.inputs.files as Record<string, string>;
    assert.equal(folder?.inputs.folder, "environments/test/apps");
    assert.deepEqual(Object.keys(files).sort(), [
      "CODEOWNERS",
      "environments/test/apps/README.md",
      "environments/test/apps/namespaces.yaml",
    ]);
    assert.match(files["environments/test/apps/namespaces.yaml"] ?? "", /sync-wave: "-1"/);
    assert.equal(
      record.byName("Application/argocd/platform").inputs.spec.source.path,
      "environments/test/apps",
    );
  });

  it("asks whom the configuration names to review a change of it", async () => {
    const owners = async (...names: string[]): Promise<string> =>
      (starter(await withEngine("argocd", names))[0]?.inputs.files as Record<string, string>)["CODEOWNERS"] ??
      "";
    assert.match(await owners("@acme/platform", "@ann"), /^\.\* @acme\/platform @ann$/m);
    assert.match(await owners(), /^# \.\* @somebody$/m);
  });

  it("is read by Argo CD for the operators' project alone, with the key that is Flux's too", async () => {
    const record = await withEngine("argocd");
    const { metadata, stringData } = record.byName("Secret/argocd/repository-platform").inputs;
    assert.equal(metadata.labels["argocd.argoproj.io/secret-type"], "repository");
    const data = record.plain(stringData) as Record<string, string>;
    assert.equal(data["project"], "platform");
    const { repoURL } = record.byName("Application/argocd/platform").inputs.spec.source as {
      repoURL: string;
    };
    assert.equal(data["url"], repoURL);
  });

  it("is applied after its folder is begun and Argo CD is there", async () => {
    const record = await withEngine("argocd");
    const awaited = waitsFor(record, record.byName("Application/argocd/platform"));
    for (const name of ["operators-applications", "Deployment/argocd/argocd-application-controller"])
      assert.ok(awaited.has(name), name);
  });

  it("has none of that where Flux is the only engine", async () => {
    const record = await withEngine("flux");
    assert.deepEqual(starter(record), []);
    assert.deepEqual(
      record.resources.filter(({ type }) => type.includes(made)),
      [],
    );
  });
});
