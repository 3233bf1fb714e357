import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { GitAccess } from "./access";
import { gitEnvironment } from "./gitEnvironment";
import { GitHostError, type RepositoryPlace } from "./host";
import { defaultBranch } from "./names";

const run = promisify(execFile);

/**
 * The default branch with all its history, as `git bundle` writes it, of a Git host that makes none itself; `undefined` if there is
 * no commit to bundle.
 *
 * @throws GitHostError with what `git` said.
 */
export async function bundleOf(
  access: GitAccess,
  { organisation, repository }: RepositoryPlace,
): Promise<Uint8Array | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "terp-bundle-"));
  const git = async (...words: readonly string[]): Promise<string> => {
    const environment = { ...process.env, ...gitEnvironment(access) };
    try {
      return (await run("git", words, { cwd: folder, env: environment })).stdout;
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr?.trim() ?? String(error);
      throw new GitHostError("refused", `bundling ${organisation}/${repository}: ${said}`);
    }
  };
  try {
    const bare = join(folder, "repository.git");
    const file = join(folder, "bundle");
    const branch = `refs/heads/${defaultBranch}`;
    await git("clone", "--quiet", "--bare", `${access.url}/${organisation}/${repository}.git`, bare);
    const found = await git("--git-dir", bare, "for-each-ref", "--format=%(objectname)", branch);
    if (found.trim() === "") return undefined;
    await git("--git-dir", bare, "bundle", "create", "--quiet", file, branch);
    return await readFile(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
