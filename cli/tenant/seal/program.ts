import type { Progress } from "../../../local/progress";
import { CommandError, exitCodes } from "../../exit";
import { toolchain } from "../../lazy";

/**
 * Runs `work` with `sops` on PATH: the machine's own if it is of a fitting version, else the one that Terp keeps, which is
 * downloaded or built at the first time.
 *
 * @param progress Told about what isn't there yet.
 * @throws CommandError if there is none and none can be made.
 */
export async function withSops<T>(progress: Progress, work: () => Promise<T>): Promise<T> {
  const { ensureTools, FaultsError } = toolchain();
  const { sops } = await ensureTools(["sops"], progress).catch((error: unknown) => {
    if (!(error instanceof FaultsError)) throw error;
    throw new CommandError(
      `sops: there is none on PATH, and it can't be made here. Install SOPS 3.9 or newer (https://getsops.io), or:\n${error.message}`,
      exitCodes.prerequisites,
    );
  });
  const path = process.env["PATH"];
  process.env["PATH"] = [sops.directory, path ?? ""].join(":");
  try {
    return await work();
  } finally {
    if (path === undefined) delete process.env["PATH"];
    else process.env["PATH"] = path;
  }
}
