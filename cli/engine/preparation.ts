import type { Progress } from "../../local/progress";
import { describeFault, type Fault } from "../../local/toolchain/fault";
import type { SystemPackage } from "../../local/toolchain/systemPackages";
import { toolNames } from "../../local/toolchain/tool";
import { CommandError, exitCodes } from "../exit";
import { toolchain } from "../lazy";

/** What the embedded cluster calls of the system. */
const clusterPackages: readonly SystemPackage[] = [
  { name: "nftables", purpose: "filters the cluster's traffic", commands: ["nft"] },
  { name: "iproute2", purpose: "makes the cluster's network", commands: ["ip"] },
  {
    name: "util-linux",
    purpose: "makes the cluster's namespaces",
    commands: ["nsenter", "unshare", "mount"],
  },
];

/** Faults as a list for a person. */
export function listFaults(faults: readonly Fault[]): string {
  return faults.map((fault) => `  • ${describeFault(fault).replaceAll("\n", "\n  ")}`).join("\n");
}

/** What keeps a stack with the embedded cluster from being raised on this machine. */
export async function findFaults(): Promise<readonly Fault[]> {
  return toolchain().missingPrerequisites({ packages: clusterPackages });
}

/** @throws CommandError with everything that this machine lacks, each with its remedy. */
export async function requirePrerequisites(): Promise<void> {
  const faults = await findFaults();
  if (faults.length === 0) return;
  throw new CommandError(`Can't start on this machine:\n${listFaults(faults)}`, exitCodes.prerequisites);
}

/** Gets everything that a stack with the embedded cluster needs: system packages, tools, then images made of them. */
export async function prepareMachine(progress: Progress): Promise<void> {
  const { ensureSystemPackages, ensureTools, ensureImages, systemPackagesToInstall } = toolchain();
  const packages = await systemPackagesToInstall({ packages: clusterPackages });
  if (packages.length > 0) {
    const list = packages.map((each) => `${each.name} (${each.purpose})`).join(", ");
    progress.note(`to be installed with apt-get, removing nothing: ${list}`);
    await ensureSystemPackages(packages, progress);
  }
  await ensureTools(toolNames, progress);
  await ensureImages(progress);
}

/** Gets what the engine itself needs, for a stack whose cluster is elsewhere. */
export async function prepareEngine(progress: Progress): Promise<void> {
  await toolchain().ensureTools(["pulumi", "pulumi-language-nodejs", "sops", "helm"], progress);
}
