import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);

async function processesNaming(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((each) => /^\d+$/.test(each))) {
    const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).replaceAll("\0", " ");
    if (words.includes(name)) found.push(`process ${pid}: ${words.slice(0, 200)}`);
  }
  return found;
}

async function cgroupsNaming(name: string): Promise<string[]> {
  const entries = await readdir("/sys/fs/cgroup", { recursive: true }).catch(() => []);
  return entries.filter((each) => each.includes(name)).map((each) => `cgroup ${each}`);
}

/**
 * Everything on this machine that bears a name: processes, mounts, cgroups, network interfaces and namespaces, run files.
 *
 * @param name a stack's name, unlikely enough to be in nothing else.
 */
export async function leftoversOf(name: string): Promise<string[]> {
  const mounts = (await readFile("/proc/self/mounts", "utf8"))
    .split("\n")
    .filter((line) => line.includes(name));
  const links = (await run("ip", ["-o", "link"])).stdout.split("\n").filter((line) => line.includes(name));
  const namespaces = (await readdir("/run/netns").catch(() => [])).filter((each) => each.includes(name));
  const runFiles = (await readdir("/run/terp").catch(() => [])).filter((each) => each.includes(name));
  return [
    ...(await processesNaming(name)),
    ...mounts.map((each) => `mount ${each}`),
    ...(await cgroupsNaming(name)),
    ...links.map((each) => `network interface ${each}`),
    ...namespaces.map((each) => `network namespace ${each}`),
    ...runFiles.map((each) => `run file ${each}`),
  ];
}
