import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for each test of the suite, gone after it. Call it in `describe`. */
export function aFolder(): { readonly path: string } {
  let path = "";
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), "terp-test-"));
  });
  afterEach(() => {
    rmSync(path, { recursive: true, force: true });
  });
  return {
    get path() {
      return path;
    },
  };
}
