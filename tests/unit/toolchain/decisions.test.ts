import { strict as assert } from "node:assert";

import { BuildProgress } from "../../../local/toolchain/buildProgress";
import { mayBegin } from "../../../local/toolchain/buildSlot";
import { catalog, specOf } from "../../../local/toolchain/catalog";
import { checksumOf, resolveDownload } from "../../../local/toolchain/download";
import { newestFitting } from "../../../local/toolchain/enginePlugins";
import { goEnvironment } from "../../../local/toolchain/go";
import { buildKey, type BuildInputs } from "../../../local/toolchain/key";
import { fittingVersion, withoutOurs } from "../../../local/toolchain/onPath";
import { toolNames } from "../../../local/toolchain/tool";

describe("the catalog of tools", () => {
  it("has each name once, and an entry for each", () => {
    assert.deepEqual(
      catalog.map((spec) => spec.name),
      toolNames,
    );
    assert.equal(new Set(toolNames).size, toolNames.length);
  });
});

describe("the key of a build", () => {
  const inputs: BuildInputs = {
    build: { folder: "a", packages: ["."], memory: 1 },
    files: new Map([
      ["go.mod", "module a"],
      ["go.sum", ""],
    ]),
    go: { GOVERSION: "go1.26.1", GOARCH: "amd64" },
  };
  const key = buildKey(inputs);

  it("is the same for the same inputs, in whatever order", () => {
    const files = new Map([...inputs.files].reverse());
    const go = { GOARCH: "amd64", GOVERSION: "go1.26.1" };
    assert.equal(buildKey({ ...inputs, files, go }), key);
  });

  it("is the same wherever the sources lie and whatever memory the build takes", () => {
    assert.equal(buildKey({ ...inputs, build: { ...inputs.build, folder: "b", memory: 2 } }), key);
  });

  for (const [what, changed] of Object.entries<BuildInputs>({
    "go.mod": { ...inputs, files: new Map([...inputs.files, ["go.mod", "module b"]]) },
    "go.sum": { ...inputs, files: new Map([...inputs.files, ["go.sum", "x"]]) },
    "our own source": { ...inputs, files: new Map([...inputs.files, ["main.go", "package main"]]) },
    "a build tag": { ...inputs, build: { ...inputs.build, tags: ["seccomp"] } },
    "a flag for the linker": { ...inputs, build: { ...inputs.build, linkerFlags: ["-X a=b"] } },
    "whether C is compiled": { ...inputs, build: { ...inputs.build, cgo: true } },
    "Go's version": { ...inputs, go: { ...inputs.go, GOVERSION: "go1.27.0" } },
  })) {
    it(`changes with ${what}`, () => {
      assert.notEqual(buildKey(changed), key);
    });
  }
});

describe("the environment of Go", () => {
  it("decides what is built, and leaves to the user where things are kept and fetched from", () => {
    const environment = goEnvironment({
      GOFLAGS: "-mod=vendor",
      GOTOOLCHAIN: "auto",
      GOWORK: "/somewhere/go.work",
      GOPROXY: "https://proxy.example",
      GOMODCACHE: "/modules",
    });
    assert.deepEqual(environment, {
      GOFLAGS: "",
      GOTOOLCHAIN: "local",
      GOWORK: "off",
      GO111MODULE: "on",
      CGO_ENABLED: "0",
      GOPROXY: "https://proxy.example",
      GOMODCACHE: "/modules",
    });
  });
});

describe("a program on PATH", () => {
  const wanted = { versionArguments: [], minimum: "3.14.0" };

  for (const [printed, version] of [
    ["v3.22.0\n", "3.22.0"],
    ["sops 3.14.0 (latest)", "3.14.0"],
    ["v3.259.0-dev.0", "3.259.0-dev.0"],
  ] as const) {
    it(`fits if it prints "${printed.trim()}"`, () => {
      assert.equal(fittingVersion(printed, wanted), version);
    });
  }

  for (const printed of ["v3.13.9", "v4.0.0", "v2.17.0", "no version here", ""]) {
    it(`doesn't fit if it prints "${printed}"`, () => {
      assert.equal(fittingVersion(printed, wanted), undefined);
    });
  }

  it("isn't one of ours, nor one in a relative folder", () => {
    const environment = { TERP_CACHE: "/cache/terp", TERP_HOME: "/data/terp" };
    const path = "/usr/bin:/cache/terp/toolchain/x:bin::/data/terp:/cache/terps/bin";
    assert.equal(withoutOurs(path, environment), "/usr/bin:/cache/terps/bin");
  });
});

describe("a publisher's download", () => {
  it("is named with the version and the machine's architecture", () => {
    const helm = resolveDownload(specOf("helm"), "arm64");
    assert.match(helm?.url ?? "", /helm-v\d+\.\d+\.\d+-linux-arm64\.tar\.gz$/);
    assert.deepEqual(helm?.members, { helm: "linux-arm64/helm" });
    assert.match(
      resolveDownload(specOf("pulumi"), "x64")?.url ?? "",
      /pulumi-v\d+\.\d+\.\d+-linux-x64\.tar\.gz$/,
    );
  });

  it("is none for a machine that the publisher doesn't serve", () => {
    assert.equal(resolveDownload(specOf("helm"), "mips"), undefined);
    assert.equal(resolveDownload(specOf("etcd"), "x64"), undefined);
  });

  const [one, other] = ["1".repeat(64), "A".repeat(64)];
  it("has its checksum in a list by its name", () => {
    assert.equal(checksumOf(`${one}  a.tar.gz\n${other} *./b.tar.gz\n`, "b.tar.gz"), other.toLowerCase());
    assert.equal(checksumOf(`${one}  a.tar.gz\n`, "b.tar.gz"), undefined);
    assert.equal(checksumOf(`${one}\n`, "b.tar.gz"), one);
    assert.equal(checksumOf("<html>not found</html>", "b.tar.gz"), undefined);
  });
});

describe("a build", () => {
  it("begins alone whatever memory there is, and beside another only if its own fits", () => {
    const gibibyte = 1024 ** 3;
    assert.equal(mayBegin(true, 4, 1 * gibibyte), true);
    assert.equal(mayBegin(false, 4, 3 * gibibyte), false);
    assert.equal(mayBegin(false, 4, 4 * gibibyte), true);
  });

  it("tells how far it is from what Go prints, and keeps what is no progress for the complaint", () => {
    const progress = new BuildProgress();
    assert.equal(progress.line("go: downloading example.test/one v1.2.3"), "fetching modules (1)");
    progress.expect(2);
    assert.equal(progress.line("internal/abi"), "1 of 2 packages");
    assert.equal(progress.line("example.test/one"), "linking");
    assert.equal(progress.line("# example.test/one"), undefined);
    assert.equal(progress.line("./main.go:3:5: undefined: x"), undefined);
    assert.equal(progress.complaint(), "# example.test/one\n./main.go:3:5: undefined: x");
  });
});

describe("an official plugin", () => {
  it("fits if it has the package's major version, and the newest is taken", () => {
    assert.equal(newestFitting(["4.9.0", "4.32.0", "3.30.0", "5.0.0"], "4.34.2"), "4.32.0");
    assert.equal(newestFitting(["3.30.0"], "4.34.2"), undefined);
  });
});
