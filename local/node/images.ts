import { join } from "node:path";
import { run } from "./shell";
import type { NodeImage, NodeLayout, NodeSpec } from "./spec";

/** An image that the node has. */
export interface PresentImage {
  readonly reference: string;
  readonly digest: string;
  /** Whether it is never collected as garbage. */
  readonly pinned: boolean;
}

const pinnedLabel = "io.cri-containerd.pinned=pinned";

/** Reads the table that `ctr images list` prints. */
export function parseImages(table: string): readonly PresentImage[] {
  return table
    .split("\n")
    .slice(1)
    .flatMap((line) => {
      const [reference, , digest] = line.split(/\s+/);
      if (reference === undefined || digest === undefined) return [];
      return [{ reference, digest, pinned: line.includes(pinnedLabel) }];
    });
}

/** What has to be imported: images whose name or digest the node doesn't have. */
export function imagesToImport(
  wanted: readonly NodeImage[],
  present: readonly PresentImage[],
): readonly NodeImage[] {
  return wanted.filter(
    ({ reference, digest }) =>
      !present.some((image) => image.reference === reference && image.digest === digest && image.pinned),
  );
}

/**
 * Imports the images that the node doesn't have yet, under the names that workloads use. They are pinned: what was built
 * here can't be pulled again.
 */
export async function ensureImages(
  spec: Pick<NodeSpec, "images"> & { readonly tools: Pick<NodeSpec["tools"], "containerd"> },
  layout: Pick<NodeLayout, "containerdSocket">,
): Promise<void> {
  const control = async (...args: string[]): Promise<string> =>
    await run(
      join(spec.tools.containerd, "ctr"),
      ["--address", layout.containerdSocket, "--namespace", "k8s.io", "images", ...args],
      {
        timeout: 300_000,
      },
    );
  const list = async (): Promise<readonly PresentImage[]> => parseImages(await control("list"));
  const missing = imagesToImport(spec.images, await list());
  if (missing.length === 0) return;
  await Promise.all(
    missing.map(async ({ archive }) => await control("import", "--label", pinnedLabel, archive)),
  );
  const present = await list();
  for (const { reference, digest, archive } of missing) {
    const named = present.some((image) => image.reference === reference && image.digest === digest);
    if (named) continue;
    const source = present.find((image) => image.digest === digest);
    if (source === undefined) {
      throw new Error(
        `image ${reference}: ${archive} doesn't contain ${digest}; delete the archive so that it is made anew`,
      );
    }
    await control("tag", "--force", source.reference, reference);
  }
  await Promise.all(missing.map(async ({ reference }) => await control("label", reference, pinnedLabel)));
}
