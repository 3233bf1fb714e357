import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ensureImages, type ImageService } from "../images";
import { paths } from "../paths";
import type { Progress } from "../progress";
import { ensureTools } from "../toolchain/ensure";
import { ensureSystemPackages } from "../toolchain/systemPackages";
import type { NodeSpec } from "./spec";
import { packagesForNode } from "./systemPackages";

/** Where a stack's node lies: all that it takes to look after it or to remove it. */
export function nodeOfStack(stack: string): Pick<NodeSpec, "name" | "directory" | "runDirectory"> {
  const { node, run } = paths(stack);
  return { name: stack, directory: node, runDirectory: run };
}

/**
 * A stack's node with everything that runs in it. Gets the system packages, tools and images that aren't there yet.
 *
 * @param registries see {@link NodeSpec.registries}.
 * @param services those whose images it has beside what every stack has.
 */
export async function prepareNode(
  stack: string,
  registries: Readonly<Record<string, string>>,
  progress: Progress,
  services: readonly ImageService[] = [],
): Promise<NodeSpec> {
  await ensureSystemPackages(packagesForNode, progress);
  const tools = await ensureTools(["kube", "etcd", "containerd", "runc", "cni", "netpol"], progress);
  const images = await ensureImages(progress, services);
  const folders = Object.entries(tools).map(([name, { directory }]) => [name, directory]);
  return {
    ...nodeOfStack(stack),
    tools: Object.fromEntries(folders) as NodeSpec["tools"],
    images,
    registries,
  };
}

/** What a node and its images are made from, below the checkout. */
const sources = ["local/node", "local/images", "local/toolchain/go", "local/toolchain/nodeCatalog.ts"];

/**
 * A digest of everything of this project that a node is made from: where it differs, the node is brought up to date.
 *
 * @param checkout the project's folder.
 */
export function sourcesDigest(checkout: string): string {
  const hash = createHash("sha256");
  for (const source of sources) {
    const path = join(checkout, source);
    const files = source.endsWith(".ts") ? [path] : filesBelow(path);
    for (const file of files)
      hash
        .update(`${file.slice(checkout.length)}\0`)
        .update(readFileSync(file))
        .update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return filesBelow(path);
      return entry.isFile() ? [path] : [];
    });
}
