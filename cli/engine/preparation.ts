import type { Progress } from "../../local/progress";
import { describeFault, type Fault } from "../../local/toolchain/fault";
import { toolsOfEveryStack, type ToolName } from "../../local/toolchain/tool";
import { CommandError, exitCodes } from "../exit";
import { node, toolchain } from "../lazy";
import { bundleForEngine } from "./bundle";

/** Faults as a list for a person. */
export function listFaults(faults: readonly Fault[]): string {
  return faults.map((fault) => `  • ${describeFault(fault).replaceAll("\n", "\n  ")}`).join("\n");
}

/** What keeps a stack with the embedded cluster from being raised on this machine. */
export async function findFaults(): Promise<readonly Fault[]> {
  return toolchain().missingPrerequisites({ packages: node().packagesForNode });
}

/** @throws CommandError with everything that this machine lacks, each with its remedy. */
export async function requirePrerequisites(): Promise<void> {
  const faults = await findFaults();
  if (faults.length === 0) return;
  throw new CommandError(`Can't start on this machine:\n${listFaults(faults)}`, exitCodes.prerequisites);
}

/**
 * Gets everything that every stack with the embedded cluster needs: system packages, tools, then images made of them.
 *
 * @param tools Which tools.
 */
export async function prepareMachine(
  progress: Progress,
  tools: readonly ToolName[] = toolsOfEveryStack,
): Promise<void> {
  bundleForEngine();
  const { ensureSystemPackages, ensureTools, ensureImages, systemPackagesToInstall } = toolchain();
  const packages = await systemPackagesToInstall({ packages: node().packagesForNode });
  if (packages.length > 0) {
    const list = packages.map((each) => `${each.name} (${each.purpose})`).join(", ");
    progress.note(`to be installed with apt-get, removing nothing: ${list}`);
    await ensureSystemPackages(packages, progress);
  }
  await ensureTools(tools, progress);
  await ensureImages(progress);
}

/** Gets what the engine itself needs, for a stack whose cluster is elsewhere. */
export async function prepareEngine(progress: Progress): Promise<void> {
  bundleForEngine();
  await toolchain().ensureTools(["pulumi", "pulumi-language-nodejs", "sops", "helm"], progress);
}
