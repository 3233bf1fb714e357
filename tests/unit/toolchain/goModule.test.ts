import { strict as assert } from "node:assert";

import { compareVersions, parseGoModule } from "../../../local/toolchain/goModule";

describe("a go.mod", () => {
  it("says which Go it needs and which modules it requires, and replaces, in lines and in blocks", () => {
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
    assert.deepEqual([...parsed.replaced], ["example.test/two"]);
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
