import { strict as assert } from "node:assert";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { settleEngineLog } from "../../../local/toolchain/engineLog";

describe("the engine's log of each run", () => {
  let home: string;
  const logs = (): string => join(home, "logs");

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "terp-home-"));
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });

  it("has no place, and a file there says how to get it", async () => {
    mkdirSync(logs());
    writeFileSync(join(logs(), "pulumi-1.log"), "");
    await settleEngineLog(home, {});
    assert.match(readFileSync(logs(), "utf8"), /TERP_DEBUG=1/);
    await settleEngineLog(home, {});
    assert.ok(statSync(logs()).isFile());
  });

  it("has one again with TERP_DEBUG=1", async () => {
    await settleEngineLog(home, {});
    await settleEngineLog(home, { TERP_DEBUG: "1" });
    assert.ok(!existsSync(logs()));
  });
});
