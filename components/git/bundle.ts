import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import type { GitAccess } from "./access";
import { gitEnvironment, sshEnvironment } from "./gitEnvironment";
import { GitHostError, type RepositoryPlace } from "./host";
import { defaultBranch } from "./names";
import { opensshPrivateKey } from "./opensshKey";

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
  return inFolder(async (folder) =>
    bundled({
      folder,
      what: `${organisation}/${repository}`,
      url: `${access.url}/${organisation}/${repository}.git`,
      branch: defaultBranch,
      environment: gitEnvironment(access),
    }),
  );
}

/** How a repository is read by SSH, in clear. */
export interface SshAccess {
  readonly url: string;
  readonly branch: string;
  /** PKCS #8, as PEM. Secret. */
  readonly privateKey: string;
  /** Lines of `known_hosts` that name its host. */
  readonly knownHosts: string;
}

/**
 * A branch with all its history, as `git bundle` writes it, of a repository that is read by SSH; `undefined` if there is no commit to
 * bundle.
 *
 * @throws GitHostError with what `git` said.
 */
export async function bundleBySsh(access: SshAccess): Promise<Uint8Array | undefined> {
  const { url, branch, privateKey, knownHosts } = access;
  return inFolder(async (folder) => {
    const files = { key: join(folder, "key"), knownHosts: join(folder, "known_hosts") };
    await writeFile(files.key, opensshPrivateKey(privateKey), { mode: 0o600 });
    await writeFile(files.knownHosts, knownHosts);
    return bundled({ folder, what: url, url, branch, environment: sshEnvironment(files) });
  });
}

/** Works in a folder that nobody else may read, and removes it. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "terp-bundle-"));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Bundling {
  readonly folder: string;
  /** The repository, for messages. */
  readonly what: string;
  readonly url: string;
  readonly branch: string;
  readonly environment: Readonly<Record<string, string>>;
}

async function bundled({
  folder,
  what,
  url,
  branch,
  environment,
}: Bundling): Promise<Uint8Array | undefined> {
  const git = async (...words: readonly string[]): Promise<string> => {
    try {
      return (await run("git", words, { cwd: folder, env: { ...process.env, ...environment } })).stdout;
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr?.trim() ?? String(error);
      throw new GitHostError("refused", `bundling ${what}: ${said}`);
    }
  };
  const bare = join(folder, "repository.git");
  const file = join(folder, "bundle");
  const reference = `refs/heads/${branch}`;
  await git("clone", "--quiet", "--bare", url, bare);
  const found = await git("--git-dir", bare, "for-each-ref", "--format=%(objectname)", reference);
  if (found.trim() === "") return undefined;
  await git("--git-dir", bare, "bundle", "create", "--quiet", file, reference);
  return readFile(file);
}
