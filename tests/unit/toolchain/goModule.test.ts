import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { moduleFolder } from "../../../local/toolchain/build";
import { specOf } from "../../../local/toolchain/catalog";
import { compareVersions, parseGoModule } from "../../../local/toolchain/goModule";
import type { ToolName } from "../../../local/toolchain/tool";

describe("a go.mod", () => {
  it("says which Go it needs and which modules it requires, in lines and in blocks", () => {
    const parsed = parseGoModule(
      [
        "module example.test/tool",
        "go 1.25.3 // the oldest",
        "require example.test/one v1.2.3",
        "require (",
        "\texample.test/two v0.1.0 // indirect",
        ")",
        "replace example.test/two => example.test/three v0.2.0",
      ].join("\n"),
    );
    assert.equal(parsed.go, "1.25.3");
    assert.deepEqual(Object.fromEntries(parsed.requires), {
      "example.test/one": "v1.2.3",
      "example.test/two": "v0.1.0",
    });
  });

  it("without a Go version is refused", () => {
    assert.throws(() => parseGoModule("module example.test/tool\n"), /no "go" line; expected/);
  });
});

describe("versions of Go", () => {
  it("are compared by their numbers", () => {
    assert.ok(compareVersions("1.9.0", "1.25.0") < 0);
    assert.ok(compareVersions("v1.26.1", "1.26.0") > 0);
    assert.equal(compareVersions("1.26", "1.26.0"), 0);
    assert.equal(compareVersions("3.259.0-dev.1", "3.259.0"), 0);
  });
});

describe("the tools that stand on Kubernetes' libraries", () => {
  const shared: readonly ToolName[] = [
    "kube",
    "source-controller",
    "kustomize-controller",
    "coredns",
    "flux-crds",
    "podinfo",
    "etcd",
    "sops",
    "helm",
  ];

  it("pin the same version of every module that they share, so that it is compiled once", () => {
    const versions = new Map<string, Map<string, ToolName>>();
    for (const name of shared) {
      const module = parseGoModule(readFileSync(join(moduleFolder(specOf(name)), "go.mod"), "utf8"));
      for (const [path, version] of module.requires) {
        versions.set(path, (versions.get(path) ?? new Map<string, ToolName>()).set(version, name));
      }
    }
    const different = [...versions].filter(([, found]) => found.size > 1);
    assert.deepEqual(
      different.map(([path, found]) => `${path}: ${[...found].map((each) => each.join(" ")).join(", ")}`),
      [],
    );
  });
});
