import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { PrivateFolder } from "../../../local/plugins/kubernetes/helm/cli";
import { deployCommand } from "../../../local/plugins/kubernetes/helm/command";
import { failedRevision, resourceNamesOf } from "../../../local/plugins/kubernetes/helm/facts";
import { completed } from "../../../local/plugins/kubernetes/helm/inputs";

describe("the kubernetes plugin's Helm releases", () => {
  const inputs = completed({
    chart: "web",
    name: "r",
    namespace: "n",
    timeout: 8,
    values: { password: "hush", a: null },
  });

  it("have every default, and no empty values", () => {
    assert.equal(inputs["atomic"], false);
    assert.deepEqual(inputs["values"], { password: "hush" });
  });

  it("give values by stdin, so that no other process sees them", () => {
    using folder = new PrivateFolder();
    const { words, input } = deployCommand("install", { ...inputs, atomic: true }, folder);
    assert.ok(!words.join(" ").includes("hush"));
    assert.deepEqual(JSON.parse(input), { password: "hush" });
    const expected = "install r web --namespace n --timeout 8s --wait --atomic --values - --output json";
    assert.equal(words.join(" "), expected);
  });

  it("give a repository's password by a private file, which is removed", () => {
    let file: string;
    {
      using folder = new PrivateFolder();
      const repositoryOpts = { repo: "https://charts.example.test", username: "u", password: "hush" };
      const { words } = deployCommand("upgrade", { ...inputs, repositoryOpts }, folder);
      assert.ok(!words.join(" ").includes("hush"));
      file = words[words.indexOf("--repository-config") + 1] ?? "";
      assert.match(readFileSync(file, "utf8"), /"password":"hush"/);
      assert.equal(statSync(file).mode & 0o777, 0o600);
    }
    assert.ok(!existsSync(file));
  });

  it("list their objects by kind", () => {
    const manifest =
      "kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n---\nkind: Deployment\napiVersion: apps/v1\nmetadata: {name: b, namespace: other}\n";
    assert.deepEqual(resourceNamesOf(manifest, "n"), {
      "ConfigMap/v1": ["a"],
      "Deployment.apps/apps/v1": ["other/b"],
    });
  });

  it("know which revision failed", () => {
    const history = [
      { revision: 1, status: "superseded" },
      { revision: 2, status: "failed" },
      { revision: 3, status: "deployed" },
    ];
    assert.equal(failedRevision(history), 2);
    assert.equal(failedRevision([]), undefined);
  });
});
