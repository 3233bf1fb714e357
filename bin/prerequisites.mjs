// What can be told before any package is installed. The toolchain checks the rest (local/toolchain).
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";

const onPath = (name, path) =>
  path.split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return statSync(join(folder, name)).isFile();
    } catch {
      return false;
    }
  });

/** Everything that is missing, each with its remedy; empty when nothing is. */
export const earlyFaults = ({
  node = process.versions.node,
  platform = process.platform,
  user = process.getuid?.(),
  path = process.env.PATH ?? "",
} = {}) => {
  const [major, minor] = node.split(".").map(Number);
  const faults = [];
  if (major < 20 || (major === 20 && minor < 19)) {
    faults.push(`Node ${node} is too old: install Node 20.19 or newer (https://nodejs.org).`);
  }
  if (platform !== "linux") {
    faults.push(
      `This is ${platform}: the embedded cluster needs Linux. Use a Linux machine or a virtual one.`,
    );
  } else if (user !== 0) {
    faults.push("You aren't root: the embedded cluster makes network namespaces and cgroups. Use `sudo -E`.");
  }
  if (!onPath("go", path) && !onPath("go", "/usr/local/go/bin")) {
    faults.push(
      "Go is missing: tools are built from their modules. Install Go 1.26.6 or newer (https://go.dev/dl) on PATH.",
    );
  }
  if (!onPath("git", path)) faults.push("Git is missing: install it, for example `apt-get install git`.");
  return faults;
};

/** Prints all faults and ends the process with 3 if there are any. */
export const requireEarlyPrerequisites = () => {
  const faults = earlyFaults();
  if (faults.length === 0) return;
  const list = faults.map((fault) => `  • ${fault}\n`).join("");
  process.stderr.write(`Can't start on this machine:\n${list}`);
  process.exit(3);
};
