// Installs the npm packages when they are missing or out of date. Plain Node: it runs before there are any.
import { createHash } from "node:crypto";
import { spawn } from "node:child_process";
import {
  existsSync,
  lstatSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, "package-lock.json");
const modules = join(root, "node_modules");
const mark = join(modules, ".terp-installed");

const wantedDigest = () => createHash("sha256").update(readFileSync(lockFile)).digest("hex");

const remember = () => {
  writeFileSync(`${mark}.new`, wantedDigest());
  renameSync(`${mark}.new`, mark);
};

/** Whether node_modules holds what package-lock.json asks for. */
export const packagesAreCurrent = () => {
  // Another checkout's: npm would empty that one.
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) return true;
  // npm writes this file last, so that an interrupted installation has none.
  const installed = join(modules, ".package-lock.json");
  if (!existsSync(installed)) return false;
  if (existsSync(mark)) return readFileSync(mark, "utf8") === wantedDigest();
  // Installed by hand: newer than the lock file means from it.
  if (statSync(installed).mtimeMs < statSync(lockFile).mtimeMs) return false;
  remember();
  return true;
};

const countPackages = (folder) => {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => (entry.name.startsWith("@") ? readdirSync(join(folder, entry.name)).length : 1))
      .reduce((sum, count) => sum + count, 0);
  } catch {
    return 0; // npm is just replacing the folder
  }
};

const report = () => {
  const start = Date.now();
  const total = Object.keys(JSON.parse(readFileSync(lockFile, "utf8")).packages).length - 1;
  const seconds = () => `${Math.round((Date.now() - start) / 1000)} s`;
  const terminal = process.stderr.isTTY === true;
  process.stderr.write(terminal ? "" : `… npm packages (${total})\n`);
  const timer = setInterval(
    () => {
      const line = `… npm packages: ${countPackages(modules)} of ${total}, ${seconds()}`;
      process.stderr.write(terminal ? `\r\x1b[2K${line}` : `${line}\n`);
    },
    terminal ? 200 : 15_000,
  );
  return (ok) => {
    clearInterval(timer);
    process.stderr.write(`${terminal ? "\r\x1b[2K" : ""}${ok ? "✔" : "✖"} npm packages, ${seconds()}\n`);
  };
};

/**
 * Runs `npm ci` unless the packages are current. Two runs at once wait for each other by a kernel lock on
 * package-lock.json. Ends the process with npm's own words when npm fails, and with 130 when interrupted.
 */
export const ensurePackages = async () => {
  if (packagesAreCurrent()) return;
  const done = report();
  const npm = ["npm", "ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, ...rest] = existsSync("/usr/bin/flock") ? ["/usr/bin/flock", lockFile, ...npm] : npm;
  const child = spawn(command, rest, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const output = [];
  child.stdout.on("data", (chunk) => output.push(chunk));
  child.stderr.on("data", (chunk) => output.push(chunk));
  let interrupted = false;
  const interrupt = (signal) => {
    interrupted = true;
    child.kill(signal);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  const code = await new Promise((resolve) => {
    child.on("error", (error) => {
      output.push(`${error.message}\n`);
      resolve(1);
    });
    child.on("close", (status) => resolve(status ?? 1));
  });
  process.off("SIGINT", interrupt);
  process.off("SIGTERM", interrupt);
  done(code === 0 && !interrupted);
  if (interrupted) {
    process.stderr.write("Interrupted while installing npm packages. Run the same command again to go on.\n");
    process.exit(130);
  }
  if (code !== 0) {
    process.stderr.write(Buffer.concat(output.map((part) => Buffer.from(part))).toString());
    process.stderr.write(
      "`npm ci` failed: see above. Mend it (registry, network, disk), then run the same command again.\n",
    );
    process.exit(1);
  }
  remember();
};
