import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is all of PATH during each test of the suite. Call it in `describe`. */
export interface OwnPath {
  readonly folder: string;
  /** Puts a program into it: a script for the shell. */
  program(name: string, script: string): void;
}

/** See {@link OwnPath}. */
export function ownPath(): OwnPath {
  const before = process.env["PATH"];
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "terp-test-path-"));
    process.env["PATH"] = folder;
  });
  afterEach(() => {
    if (before === undefined) delete process.env["PATH"];
    else process.env["PATH"] = before;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    program(name, script) {
      const file = join(folder, name);
      writeFileSync(file, `#!/bin/sh\nPATH=/usr/local/bin:/usr/bin:/bin\n${script}\n`);
      chmodSync(file, 0o755);
    },
  };
}
