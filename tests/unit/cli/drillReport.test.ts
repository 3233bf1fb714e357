import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  lastReport,
  nameOf,
  renderDrill,
  renderMarkdown,
  verdictOf,
  writeReport,
  type Check,
  type DrillReport,
} from "../../../cli/drill/report";
import { availableMemory, roomFaults } from "../../../cli/drill/requirements";
import { coloursFor } from "../../../cli/ui/colour";
import { aFolder } from "../../support/folders";

const gibibyte = 1024 ** 3;

function aReport(changes: Partial<DrillReport> = {}): DrillReport {
  return {
    version: 1,
    stack: "prd",
    drill: "drill-0a1b2c",
    date: "2026-11-21T18:45:12.345Z",
    verdict: "passed",
    sources: { keys: "the folder /keys", git: "/git", comparedWith: "the state" },
    checks: [{ what: "key of blue", result: "passed", detail: "age1blue | as\nthe state says" }],
    timings: [
      { title: "keys", milliseconds: 400 },
      { title: "the platform comes up", milliseconds: 65_000 },
    ],
    platformTimings: [{ title: "pulumi up", milliseconds: 60_000 }],
    ...changes,
  };
}

describe("the verdict of a drill", () => {
  const check = (result: Check["result"]): Check => ({ what: "x", result, detail: "" });
  const cases: readonly (readonly [Check["result"][], DrillReport["verdict"]])[] = [
    [["passed", "skipped"], "passed"],
    [["passed", "failed"], "failed"],
    [["skipped"], "failed"],
    [[], "failed"],
  ];
  for (const [results, expected] of cases) {
    it(`is "${expected}" with ${results.join(" and ") || "nothing"}`, () => {
      assert.equal(verdictOf(results.map(check)), expected);
    });
  }
});

describe("the report of a drill", () => {
  const folder = aFolder();

  it("is written for people and for programs, for its owner alone", async () => {
    const file = await writeReport(join(folder.path, "drills"), aReport());
    assert.equal(file, join(folder.path, "drills", "2026-11-21T18-45-12Z.md"));
    const names = readdirSync(join(folder.path, "drills")).sort();
    assert.deepEqual(names, ["2026-11-21T18-45-12Z.json", "2026-11-21T18-45-12Z.md"]);
    for (const name of names) assert.equal(statSync(join(folder.path, "drills", name)).mode & 0o777, 0o600);
    assert.equal(readFileSync(file, "utf8"), renderMarkdown(aReport()));
  });

  it("is found again: the newest that can be read", async () => {
    await writeReport(folder.path, aReport());
    await writeReport(folder.path, aReport({ date: "2026-12-01T00:00:00.000Z", verdict: "failed" }));
    writeFileSync(join(folder.path, `${nameOf("2026-12-02T00:00:00.000Z")}.json`), "{");
    assert.equal((await lastReport(folder.path))?.verdict, "failed");
  });

  it("isn't there before the first drill", async () => {
    assert.equal(await lastReport(join(folder.path, "none")), undefined);
  });

  it("has everything in Markdown", () => {
    assert.equal(
      renderMarkdown(aReport()),
      [
        "# Drill of the stack prd on 2026-11-21T18:45:12.345Z: passed",
        "",
        "- keys: the folder /keys",
        "- repositories: /git",
        "- compared with: the state",
        "",
        "## What was compared",
        "",
        "| what | result | detail |",
        "| --- | --- | --- |",
        "| key of blue | passed | age1blue \\| as the state says |",
        "",
        "## How long it took",
        "",
        "| step | time |",
        "| --- | --- |",
        "| keys | 0.4 s |",
        "| the platform comes up | 1 min 05 s |",
        "| together | 1 min 05 s |",
        "",
        "Of which the second platform's start:",
        "",
        "| step | time |",
        "| --- | --- |",
        "| pulumi up | 1 min 00 s |",
        "| together | 1 min 00 s |",
        "",
      ].join("\n"),
    );
  });

  it("ends with what to type where something failed", () => {
    const checks: Check[] = [{ what: "keys", result: "failed", detail: "there are none" }];
    const lines = renderDrill(aReport({ verdict: "failed", checks }), "/r.md", coloursFor({}));
    assert.deepEqual(lines.slice(0, 3), [
      "",
      "The drill of the stack prd failed: a recovery would fail, too.",
      "  ✖ keys  there are none",
    ]);
    assert.deepEqual(lines.slice(-2), [
      "Report: /r.md",
      "Mend what failed (1), see docs/recover.md; bin/terp doctor --stack prd looks for causes; then bin/terp drill --stack prd",
    ]);
  });
});

describe("the room for a drill", () => {
  const enough = { memory: 2 * gibibyte, disk: 3 * gibibyte, folder: "/var", copy: gibibyte };

  it("is enough", () => {
    assert.deepEqual(roomFaults(enough), []);
  });

  it("is named where it isn't", () => {
    assert.deepEqual(roomFaults({ ...enough, memory: gibibyte, disk: 2 * gibibyte }), [
      {
        what: "memory",
        found: "1.0 GiB free",
        expected: "2 GiB free, for a second platform beside the running one",
        remedy: "end what takes it, or take a copy of the keep folder to another machine and rehearse there",
      },
      {
        what: "disk of /var",
        found: "2.0 GiB free",
        expected: "3.0 GiB, for a second platform with a copy of the repositories",
        remedy: "make room",
      },
    ]);
  });

  it("counts memory that can be freed", () => {
    assert.equal(availableMemory("MemTotal: 10 kB\nMemAvailable:     2048 kB\n"), 2048 * 1024);
    assert.equal(availableMemory(""), Infinity);
  });
});
