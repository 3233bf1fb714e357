import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Set to `1` to have the engine's log of each run, and the debug messages of the program in it. */
export const debugVariable = "TERP_DEBUG";

const notice = `The engine would keep a log of everything that it and its plugins say here, which is 40 % of its work in a run.
Set ${debugVariable}=1 to have it.
`;

/**
 * Keeps the engine from writing, or lets it write, its log of each run into its home. It has no setting for that, but goes
 * on without a log where its folder for logs can't be made.
 *
 * @param home the engine's home; ours, not the user's.
 */
export async function settleEngineLog(
  home: string,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const place = join(home, "logs");
  const isOn = environment[debugVariable] === "1";
  const found = await stat(place).catch(() => undefined);
  if (isOn) {
    if (found?.isFile() === true && (await readFile(place, "utf8")) === notice)
      await rm(place, { force: true });
    return;
  }
  if (found?.isFile() === true) return;
  await rm(place, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(place, notice, { flag: "wx" }).catch((error: unknown) => {
    // Another run was first.
    if (
      (error as NodeJS.ErrnoException).code !== "EEXIST" &&
      (error as NodeJS.ErrnoException).code !== "EISDIR"
    )
      throw error;
  });
}
