import { strict as assert } from "node:assert";
import { readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { duration, plain } from "../../../local/progress";
import { paths } from "../../../local/paths";
import { ensurePassphrase } from "../../../local/toolchain/environment";
import { describeFault, FaultsError } from "../../../local/toolchain/fault";
import { replaceLink } from "../../../local/toolchain/links";
import { missingPrerequisites } from "../../../local/toolchain/prerequisites";
import { missingPackages, packageFaults } from "../../../local/toolchain/systemPackages";
import { aFolder } from "../../support/folders";

describe("the places on a machine", () => {
  it("are below the folders of the XDG specification", () => {
    const places = paths("local", { HOME: "/home/ann" });
    assert.equal(places.cache, "/home/ann/.cache/terp");
    assert.equal(places.keep, "/home/ann/.local/share/terp/local/keep");
    assert.equal(places.pulumiHome, "/home/ann/.local/share/terp/pulumi");
    assert.equal(places.run, "/run/terp/local");
  });

  it("are where TERP_CACHE and TERP_HOME say", () => {
    const places = paths("local", {
      HOME: "/h",
      XDG_CACHE_HOME: "/x",
      TERP_CACHE: "/c",
      XDG_DATA_HOME: "/d",
    });
    assert.equal(places.cache, "/c");
    assert.equal(places.node, "/d/terp/local/node");
    assert.equal(paths("local", { HOME: "/h", TERP_HOME: "/t" }).keys, "/t/local/keep/keys");
  });

  it("keep what suspended tenants have left beside what outlives the cluster", () => {
    const { keep, exports } = paths("local", { HOME: "/h", TERP_HOME: "/t" });
    assert.deepEqual([keep, exports], ["/t/local/keep", "/t/local/keep/exports"]);
  });

  it("can't be relative, and a stack's name can't lead out of them", () => {
    assert.throws(() => paths("local", { TERP_HOME: "here" }), /TERP_HOME: "here" is not an absolute path/);
    for (const name of ["../other", "", "A", "a/b", "-a", "a".repeat(33)]) {
      assert.throws(() => paths(name, { HOME: "/h" }), /expected at most 30 lower-case letters/);
    }
  });
});

describe("progress in plain lines", () => {
  it("says how long a step took, and when it fails", async () => {
    const lines: string[] = [];
    const progress = plain((line) => lines.push(line));
    assert.equal(await progress.step("one", () => Promise.resolve(1)), 1);
    await assert.rejects(
      progress.step("two", () => Promise.reject(new Error("no"))),
      /no/,
    );
    assert.match(lines.join("\n"), /^one \(0\.\d s\)\ntwo: failed after 0\.\d s$/);
  });

  it("says how far a long step is", async () => {
    const lines: string[] = [];
    const progress = plain((line) => lines.push(line), { quiet: 5, between: 5 });
    await progress.step("long", async (update) => {
      update("1 of 2");
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    assert.equal(lines[0], "long … 1 of 2");
    assert.equal(lines.filter((line) => line.startsWith("long …")).length, 1, "no line twice");
  });

  it("writes times as a person does", () => {
    assert.deepEqual([412, 9_960, 59_400, 185_000].map(duration), ["0.4 s", "10 s", "59 s", "3 min 05 s"]);
  });
});

describe("what a machine lacks", () => {
  const before = { ...process.env };
  const folder = aFolder();
  afterEach(() => {
    process.env = { ...before };
  });

  it("is told all at once, each with what was found and what to do", () => {
    const fault = { what: "Go", found: "1.20", expected: "Go 1.25 or newer", remedy: "install it" };
    assert.equal(describeFault(fault), "Go: found 1.20, expected Go 1.25 or newer\n  install it");
    assert.equal(new FaultsError([fault, fault]).message.split("\n").length, 4);
  });

  it("names a Go that is too old, and the one that is needed", async () => {
    const go = '#!/bin/sh\ncase "$2" in -json) echo \'{"GOVERSION":"go1.20.1"}\';; *) echo /tmp;; esac\n';
    writeFileSync(join(folder.path, "go"), go, { mode: 0o755 });
    process.env["PATH"] = `${folder.path}:/usr/bin:/bin`;
    process.env["TERP_CACHE"] = join(folder.path, "cache");
    const faults = await missingPrerequisites({ tools: ["etcd", "pulumi"], cluster: false });
    assert.equal(faults.length, 1);
    assert.match(faults[0]?.found ?? "", /^1\.20\.1 \(/);
    assert.match(faults[0]?.expected ?? "", /^Go 1\.\d+(\.\d+)? or newer, to build etcd, pulumi$/);
  });

  it("includes system packages, by the commands and files that they bring", async () => {
    const here = { name: "shell", purpose: "a test", commands: ["sh"], files: [["/nowhere", "/etc/passwd"]] };
    const gone = { name: "gone", purpose: "tests", commands: ["no-such-command-anywhere"] };
    const half = { name: "half", purpose: "more tests", commands: ["sh"], files: [["/nowhere"]] };
    const missing = await missingPackages([here, gone, half]);
    assert.deepEqual(missing, [gone, half]);
    assert.deepEqual(await packageFaults([]), []);
  });
});

describe("the passphrase of the state", () => {
  const folder = aFolder();

  it("is made once, also by many at once, and only its owner may read it", async () => {
    const file = join(folder.path, "keep", "passphrase");
    await Promise.all(Array.from({ length: 8 }, () => ensurePassphrase(file)));
    const first = readFileSync(file, "utf8");
    assert.match(first, /^[\w-]{43}$/);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    await ensurePassphrase(file);
    assert.equal(readFileSync(file, "utf8"), first);
    assert.deepEqual(readdirSync(join(folder.path, "keep")), ["passphrase"]);
  });
});

describe("a link", () => {
  const folder = aFolder();

  it("is turned to another target, and left alone if it has it", async () => {
    const link = join(folder.path, "link");
    symlinkSync("/one", link);
    await replaceLink("/two", link);
    await replaceLink("/two", link);
    assert.deepEqual(readdirSync(folder.path), ["link"]);
  });
});
