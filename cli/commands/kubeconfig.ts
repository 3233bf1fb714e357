import { writeWhole } from "../../local/files";
import { join } from "node:path";
import { findKubeconfig } from "../cluster/access";
import { listenForInterrupt } from "../interrupt";
import { paths, type Paths } from "../../local/paths";

/** Options of `terp kubeconfig`. */
export interface KubeconfigOptions {
  readonly stack: string;
  readonly json?: boolean;
  readonly print?: boolean;
}

/**
 * The administrator's kubeconfig in a file of its own (0600) in the stack's folder. The user's own kubeconfig is never touched.
 *
 * @returns the file's path.
 */
export function writeKubeconfig(places: Paths, content: string): string {
  const file = join(places.stack, "kubeconfig");
  writeWhole(file, content);
  return file;
}

/** Writes the kubeconfig and prints its path, or prints its content. */
export async function kubeconfig(options: KubeconfigOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp kubeconfig` only looks.");
  try {
    const content = await findKubeconfig(options.stack, interruption.signal);
    if (options.print === true) {
      process.stdout.write(content);
      return;
    }
    const path = writeKubeconfig(paths(options.stack), content);
    process.stdout.write(options.json === true ? `${JSON.stringify({ path })}\n` : `${path}\n`);
  } finally {
    interruption.release();
  }
}
