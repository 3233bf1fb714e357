import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { TrialPlatform } from "./trialPlatform";

const run = promisify(execFile);

/** A component's type and name, before and after a rename that has aliases in the code. */
interface Rename {
  readonly before: { readonly type: string; readonly name: string };
  readonly now: { readonly type: string; readonly name: string };
}

/** Every rename that a state in use may still have to go through, the newest first. Add to it with each alias. */
export const renames: readonly Rename[] = [
  {
    before: { type: "terp:tenant:TenantRole", name: "tenant-role" },
    now: { type: "terp:tenant:TenantRoles", name: "tenant-roles" },
  },
];

/** A state as it was before the renames. */
export function beforeRenames(state: string): string {
  return renames.reduce(
    (text, { before, now }) =>
      text
        .replaceAll(`${now.type}::${now.name}"`, `${before.type}::${before.name}"`)
        .replaceAll(`${now.type}$`, `${before.type}$`)
        .replaceAll(`"${now.type}"`, `"${before.type}"`),
    state,
  );
}

/** Gives a trial the state that an older program would have left. @throws if that is no other than it has. */
export async function takeBackToOlderState(trial: TrialPlatform): Promise<void> {
  const tools = JSON.parse((await trial.terp("env", "--json")).standardOutput) as Record<string, string>;
  const file = join(trial.folder, "older.json");
  const options = { cwd: trial.project, env: { ...trial.environment, ...tools } };
  const words = ["--stack", trial.stack, "--non-interactive", "--file", file];
  await run("pulumi", ["stack", "export", ...words], options);
  const state = await readFile(file, "utf8");
  const older = beforeRenames(state);
  if (older === state) throw new Error("the state knows nothing that was ever renamed");
  await writeFile(file, older);
  await run("pulumi", ["stack", "import", ...words], options);
}
