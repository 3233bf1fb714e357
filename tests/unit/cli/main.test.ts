import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { aFolder } from "../../support/folders";

const checkout = join(__dirname, "..", "..", "..");

describe("terp, whose output nobody reads any more", () => {
  const folder = aFolder();

  it("ends as if somebody did", () => {
    const errors = join(folder.path, "errors");
    const code = join(folder.path, "code");
    const terp = `(bin/terp --help 2> ${errors}; echo $? > ${code})`;
    spawnSync("sh", ["-c", `${terp} | { exec 0<&-; while ! [ -s ${code} ]; do sleep 0.05; done; }`], {
      cwd: checkout,
    });
    assert.equal(readFileSync(errors, "utf8"), "");
    assert.equal(readFileSync(code, "utf8").trim(), "0");
  });
});
