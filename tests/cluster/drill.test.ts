import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, readFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Diagnosis } from "../../cli/doctor/finding";
import type { DrillReport } from "../../cli/drill/report";
import { fingerprint, type Fingerprint } from "../support/fingerprint";
import { leftoversOf } from "../support/leftovers";
import { exists, TrialPlatform } from "../support/trialPlatform";

const tenant = "team-blue";

/** Everything in a folder with its content, rights and times: what a reader leaves as it is. */
async function imprint(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of [".", ...(await readdir(folder, { recursive: true })).sort()]) {
    const path = join(folder, name);
    const entry = await stat(path);
    const content = entry.isFile()
      ? createHash("sha256")
          .update(await readFile(path))
          .digest("hex")
      : "";
    const { mode, uid, gid, ino, mtimeMs, ctimeMs } = entry;
    found[name] = [mode, uid, gid, ino, mtimeMs, ctimeMs, content].join(" ");
  }
  return found;
}

/** The ids of the programs of a trial's node: others after a restart. */
async function programs(trial: TrialPlatform): Promise<readonly string[]> {
  const folder = join(trial.paths.run, "pids");
  return Promise.all((await readdir(folder)).sort().map((name) => readFile(join(folder, name), "utf8")));
}

describe("a drill, and the doctor before it", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let first: Fingerprint;

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.ask("up");
    first = await fingerprint(trial);
  });

  after(async () => {
    await trial.remove();
  });

  it("the doctor finds no fault, and misses a drill", async () => {
    const { findings } = await trial.ask<Diagnosis>("doctor");
    assert.deepEqual(
      findings.map((each) => [each.severity, each.about]),
      [["warning", "drill"]],
    );
  });

  it("builds a second platform from the backup, and leaves nothing of it but a report", async () => {
    const store = await imprint(trial.paths.keys);
    const running = await programs(trial);
    const report = await trial.ask<DrillReport & { readonly file: string }>("drill");
    assert.equal(report.verdict, "passed", JSON.stringify(report, undefined, 2));
    const results = Object.fromEntries(report.checks.map((each) => [each.what, each.result]));
    for (const what of [
      "key of the platform",
      `key of ${tenant}`,
      `repository of ${tenant}`,
      `Secret ${tenant}-app/greeting`,
      `application of ${tenant}`,
      "taken down",
    ])
      assert.equal(results[what], "passed", `${what}: ${JSON.stringify(report.checks)}`);

    assert.deepEqual(await imprint(trial.paths.keys), store);
    assert.deepEqual(await programs(trial), running);
    assert.deepEqual(await fingerprint(trial), first);

    assert.equal((await stat(report.file)).mode & 0o777, 0o600);
    assert.match(await readFile(report.file, "utf8"), /passed/);
    assert.equal(await exists(join(trial.paths.stack, "drills")), false);
    assert.deepEqual(await leftoversOf(report.drill), []);
  });

  it("the doctor knows of the drill, and finds nothing", async () => {
    const { findings } = await trial.ask<Diagnosis>("doctor");
    assert.deepEqual(findings, []);
  });

  it("the doctor finds that the key's backup is gone, and a drill says what follows", async () => {
    const file = join(trial.paths.keys, "platform.agekey");
    await rename(file, `${file}.away`);
    try {
      const end = await trial.terp("doctor", "--json");
      const { findings } = JSON.parse(end.standardOutput) as Diagnosis;
      assert.deepEqual(
        [end.code, findings.map((each) => [each.severity, each.about])],
        [1, [["fault", "key"]]],
      );
      assert.match(findings[0]?.found ?? "", /platform\.agekey isn't there/);

      const drill = await trial.terp("drill", "--json");
      const report = JSON.parse(drill.standardOutput) as DrillReport;
      assert.deepEqual([drill.code, report.verdict], [1, "failed"]);
      assert.match(report.checks.find((each) => each.what === "keys")?.detail ?? "", /has no key "platform"/);
      assert.deepEqual(await leftoversOf(report.drill), []);
    } finally {
      await rename(`${file}.away`, file);
    }
  });
});
