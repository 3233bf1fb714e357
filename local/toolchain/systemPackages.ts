import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

import type { Progress } from "../progress";
import { command } from "./command";
import type { Fault } from "./fault";
import { withLock } from "./lock";
import { toolchainFolder } from "./store";

/** A package of the system, and what shows that the machine has what it brings. */
export interface SystemPackage {
  /** Debian's name for it. */
  readonly name: string;
  /** What it is needed for, for a person. */
  readonly purpose: string;
  /** Commands that are looked up on PATH and in the folders for administrators' programs. */
  readonly commands?: readonly string[];
  /** Files, absolute; of each list, one must be there. */
  readonly files?: readonly (readonly string[])[];
}

const libraryFolders = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib"];
const library = (file: string) => libraryFolders.map((folder) => join(folder, file));

/** What the builds that compile C need. */
export const packagesForC: readonly SystemPackage[] = [
  { name: "gcc", purpose: "compiles the parts of runc and Gitea that are C", commands: ["gcc"] },
  {
    name: "libc6-dev",
    purpose: "the C library that they link",
    files: [["/usr/include/stdio.h"], library("libc.a")],
  },
  { name: "pkg-config", purpose: "finds libseccomp for runc", commands: ["pkg-config"] },
  {
    name: "libseccomp-dev",
    purpose: "the system call filter of runc",
    files: [["/usr/include/seccomp.h"], library("libseccomp.a")],
  },
];

/** What the Git host's image takes from this machine. */
export const packagesForImages: readonly SystemPackage[] = [
  { name: "git", purpose: "goes into the Git host's image", commands: ["git"] },
  { name: "bash", purpose: "runs the Git host's hooks", commands: ["bash"] },
  {
    name: "ca-certificates",
    purpose: "the certificate authorities that images trust",
    files: [certificateFiles()],
  },
];

/** Where distributions keep the certificate authorities that they trust, the first that exists counts. */
export function certificateFiles(): readonly string[] {
  return ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem"];
}

/** Those whose commands or files this machine lacks. */
export async function missingPackages(
  packages: readonly SystemPackage[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<readonly SystemPackage[]> {
  const present = await Promise.all(packages.map((each) => isPresent(each, environment)));
  return packages.filter((_, place) => present[place] !== true);
}

async function isPresent(wanted: SystemPackage, environment: NodeJS.ProcessEnv): Promise<boolean> {
  const folders = [...(environment["PATH"] ?? "").split(delimiter), "/usr/sbin", "/sbin"].filter(Boolean);
  const commands = (wanted.commands ?? []).map((command) =>
    anyExists(
      folders.map((folder) => join(folder, command)),
      constants.X_OK,
    ),
  );
  const files = (wanted.files ?? []).map((choices) => anyExists(choices, constants.R_OK));
  return (await Promise.all([...commands, ...files])).every(Boolean);
}

async function anyExists(files: readonly string[], mode: number): Promise<boolean> {
  const found = await Promise.all(
    files.map((file) =>
      access(file, mode).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true);
}

/** What keeps missing packages from being installed: no apt-get, or not root. */
export async function packageFaults(missing: readonly SystemPackage[]): Promise<readonly Fault[]> {
  if (missing.length === 0) return [];
  const names = missing.map((each) => each.name);
  const found = `no ${names.join(", ")}`;
  const expected = missing.map((each) => `${each.name} (${each.purpose})`).join(", ");
  const what = "system packages";
  if (!(await anyExists(["/usr/bin/apt-get"], constants.X_OK))) {
    const remedy = "this system has no apt-get: install what brings them with your system's package manager";
    return [{ what, found, expected, remedy }];
  }
  if (process.getuid?.() !== 0) {
    const remedy = `run: sudo apt-get install --no-remove ${names.join(" ")}`;
    return [{ what, found, expected, remedy }];
  }
  return [];
}

/**
 * Installs what is missing. Nothing that the machine has is removed for it: then it fails.
 *
 * @param packages what is needed; those that are there are left alone.
 * @throws with what apt-get said if it can't install them.
 */
export async function ensureSystemPackages(
  packages: readonly SystemPackage[],
  progress: Progress,
): Promise<void> {
  if ((await missingPackages(packages)).length === 0) return;
  await withLock([join(toolchainFolder(), "locks", ".apt.lock")], async () => {
    const missing = await missingPackages(packages);
    if (missing.length === 0) return;
    const faults = await packageFaults(missing);
    const names = missing.map((each) => each.name);
    if (faults[0] !== undefined) throw new Error(`system packages: ${faults[0].found}; ${faults[0].remedy}`);
    await progress.step(`installing system packages: ${names.join(", ")}`, async (update) => {
      if (await install(names)) return;
      update("asking for the list of packages");
      await command("apt-get", ["update", "-q"], { env: quiet() });
      const complaint = await installOrComplain(names);
      if (complaint !== undefined) {
        throw new Error(
          `apt-get can't install ${names.join(", ")} without removing others, or at all:\n${complaint}`,
        );
      }
    });
  });
}

function quiet(): NodeJS.ProcessEnv {
  return { ...process.env, DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" };
}

async function install(names: readonly string[]): Promise<boolean> {
  return (await installOrComplain(names)) === undefined;
}

async function installOrComplain(names: readonly string[]): Promise<string | undefined> {
  // Another apt-get, as of unattended upgrades, may hold the lock for a while.
  const wait = ["-o", "DPkg::Lock::Timeout=120"];
  const options = ["-q", "-y", "--no-remove", "--no-install-recommends", ...wait];
  const result = await command("apt-get", ["install", ...options, ...names], { env: quiet() });
  return result.ok ? undefined : `${result.stdout}${result.stderr}`.split("\n").slice(-15).join("\n");
}
