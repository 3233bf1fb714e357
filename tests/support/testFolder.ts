import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeNode } from "../../local/node";
import { identify } from "../../local/node/processIdentity";

const prefix = "terp-test-";

/** A folder of a test that may hold a node, and the name of that node. */
export interface TestFolder {
  readonly folder: string;
  /** Unlikely enough to be in nothing else on this machine. */
  readonly name: string;
}

/** Where a test's node may have its data below the test's folder: of a bare node, and of a whole platform. */
const nodeFolders = (folder: string, name: string): string[] => [
  join(folder, "node"),
  join(folder, "home", name, "node"),
];

let isGuarded = false;

/**
 * Makes a folder for a test. Folders of tests that were killed are removed before, with the nodes that they hold; and when this process
 * ends in whatever way, its own are.
 */
export async function makeTestFolder(): Promise<TestFolder> {
  await removeAbandonedTests();
  guard();
  const name = `t${randomBytes(3).toString("hex")}`;
  const owner = `${String(process.pid)}-${String(identify(process.pid)?.start)}`;
  return { folder: mkdtempSync(join(tmpdir(), `${prefix}${name}-${owner}-`)), name };
}

/** Removes a test's folder, and the node that it may hold. */
export async function removeTestFolder({ folder, name }: TestFolder): Promise<void> {
  for (const directory of nodeFolders(folder, name)) {
    const runDirectory = join("/run/terp", name);
    if (existsSync(directory)) await removeNode({ name, directory, runDirectory });
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Removes the folders, and the nodes, of tests whose process doesn't live any more. */
export async function removeAbandonedTests(): Promise<void> {
  for (const entry of readdirSync(tmpdir())) {
    const match = new RegExp(`^${prefix}(t[0-9a-f]+)-(\\d+)-(\\d+)-`).exec(entry);
    if (match === null) continue;
    const [, name = "", pid, start] = match;
    if (identify(Number(pid))?.start === Number(start)) continue;
    await removeTestFolder({ folder: join(tmpdir(), entry), name });
  }
}

/** A process that waits for the end of this one, which its input tells it even after a SIGKILL, and then cleans up. */
function guard(): void {
  if (isGuarded) return;
  isGuarded = true;
  const script = `process.stdin.resume().on("end", () => {
    require("tsx/cjs");
    require("./tests/support/testFolder").removeAbandonedTests();
  });`;
  const child = spawn(process.execPath, ["-e", script], {
    cwd: join(__dirname, "..", ".."),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  child.unref();
  // An open pipe would keep this process from ending.
  (child.stdin as unknown as { unref(): void }).unref();
}
