import { spawn } from "node:child_process";
import { join } from "node:path";
import { projectFolder } from "./stack";

interface Bundles {
  readonly isBundled: (name: "engine") => boolean;
}

/**
 * Makes a bundle of what the engine will start, the program and the providers of its dynamic resources, if they have changed since the
 * last. Nobody waits for it: the engine takes longer to start, and goes without where it doesn't.
 */
export function bundleForEngine(): void {
  const { isBundled } = require("../../infra/bundle.cjs") as Bundles;
  if (isBundled("engine")) return;
  const child = spawn(process.execPath, [join(projectFolder, "infra", "bundle.cjs"), "engine"], {
    stdio: "ignore",
  });
  child.on("error", () => undefined);
  child.unref();
}
