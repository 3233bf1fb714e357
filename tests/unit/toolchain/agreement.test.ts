import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { agreeing, disagreements } from "../../../local/toolchain/agreement";
import { moduleFolder } from "../../../local/toolchain/build";
import { specOf } from "../../../local/toolchain/catalog";
import { parseGoModule, type GoModule } from "../../../local/toolchain/goModule";
import type { ToolName } from "../../../local/toolchain/tool";

const requiring = (...requirements: readonly string[]): GoModule =>
  parseGoModule(["go 1.26.0", ...requirements.map((each) => `require ${each}`)].join("\n"));

const among = (...modules: readonly (readonly [ToolName, GoModule])[]) => disagreements(new Map(modules));

describe("the tools' Go modules", () => {
  it("agree on the version of everything they share, so that it is compiled once", () => {
    const modules = agreeing.map((tool) => {
      const text = readFileSync(join(moduleFolder(specOf(tool)), "go.mod"), "utf8");
      return [tool, parseGoModule(text)] as const;
    });
    assert.deepEqual(among(...modules), [], 'type "npm run agree"');
  });

  it("disagree where one has an older version, before or after its release", () => {
    assert.deepEqual(
      among(
        ["etcd", requiring("golang.org/x/net v0.9.0", "example.test/a v1.0.0-rc.1")],
        ["sops", requiring("golang.org/x/net v0.10.0", "example.test/a v1.0.0")],
      ),
      [
        { module: "golang.org/x/net", newest: "v0.10.0", others: new Map([["etcd", "v0.9.0"]]) },
        { module: "example.test/a", newest: "v1.0.0", others: new Map([["etcd", "v1.0.0-rc.1"]]) },
      ],
    );
  });

  it("may stand on other releases of Kubernetes' libraries where nothing else is shared with it", () => {
    const kube = requiring("k8s.io/client-go v0.34.2");
    const newer = requiring("k8s.io/client-go v0.37.0");
    assert.deepEqual(among(["kube", kube], ["containerd", newer]), []);
    assert.equal(among(["kube", kube], ["helm", newer]).length, 1);
  });

  it("of what only some stacks take raise nothing of what all take", () => {
    const older = requiring("example.test/a v1.0.0");
    const newer = requiring("example.test/a v1.1.0");
    assert.deepEqual(among(["etcd", older], ["helm-controller", newer]), []);
    assert.deepEqual(among(["etcd", newer], ["helm-controller", older]), [
      { module: "example.test/a", newest: "v1.1.0", others: new Map([["helm-controller", "v1.0.0"]]) },
    ]);
  });

  it("may replace a module by another", () => {
    const module = parseGoModule(
      "go 1.26.0\nrequire example.test/a v1.0.0\nreplace example.test/a => example.test/b v2.0.0",
    );
    assert.deepEqual(among(["etcd", module], ["sops", requiring("example.test/a v1.1.0")]), []);
  });
});
