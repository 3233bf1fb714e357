import { homedir } from "node:os";
import { join } from "node:path";

/** A path of the configuration on this machine: `~` and `~/…` are in the home folder of whoever runs it. */
export function inHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}
