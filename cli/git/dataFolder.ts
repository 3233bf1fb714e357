import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { defaultBranch } from "../../components/git/names";
import type { RepositoryPlace } from "../../components/git/host";
import type { GitReader, RepositoryStanding } from "./reader";

const run = promisify(execFile);
const largestOutput = 64 * 1024 * 1024;

/** Where a Git host's data folder has its repositories. */
export function repositoriesFolder(dataFolder: string): string {
  return join(dataFolder, "repositories");
}

/** Git's environment: nobody's settings but its own, and no question to anybody. */
function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: "/",
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_SYSTEM: "/dev/null",
    GIT_TERMINAL_PROMPT: "0",
    GIT_OPTIONAL_LOCKS: "0",
  };
}

/**
 * Runs git in a bare repository, which may belong to another user.
 *
 * @returns its standard output.
 * @throws with what git said if it fails.
 */
export async function gitIn(repository: string, words: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run("git", ["-c", "safe.directory=*", "--git-dir", repository, ...words], {
      cwd: "/",
      env: environment(),
      maxBuffer: largestOutput,
    });
    return stdout;
  } catch (error) {
    const said = (error as { readonly stderr?: string }).stderr?.trim();
    const reason = said === undefined || said === "" ? String(error) : said;
    throw new Error(`git ${words.join(" ")} in ${repository}: ${reason}`, { cause: error });
  }
}

/** The repositories in the Git host's data folder, or in a copy of it. Needs no running Git host. */
export class DataFolderReader implements GitReader {
  readonly description: string;

  /** @param folder the Git host's data folder. */
  constructor(private readonly folder: string) {
    this.description = `the Git host's data in ${folder}`;
  }

  async standing(place: RepositoryPlace): Promise<RepositoryStanding> {
    const repository = this.repository(place);
    const found = await stat(join(repository, "HEAD")).catch((error: unknown) => {
      if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      throw error;
    });
    if (found === undefined) return "absent";
    return (await this.commit(place)) === undefined ? "empty" : "there";
  }

  /** The commit that is applied; undefined if there is none. */
  async commit(place: RepositoryPlace): Promise<string | undefined> {
    const branch = `refs/heads/${defaultBranch}`;
    const found = await gitIn(this.repository(place), [
      "for-each-ref",
      "--format=%(objectname)",
      "--",
      branch,
    ]);
    return found.trim() === "" ? undefined : found.trim();
  }

  async read(place: RepositoryPlace, path: string): Promise<string | undefined> {
    if ((await this.list(place, path)).length === 0) return undefined;
    return gitIn(this.repository(place), ["cat-file", "blob", `refs/heads/${defaultBranch}:${path}`]);
  }

  async list(place: RepositoryPlace, folder: string): Promise<readonly string[]> {
    if ((await this.standing(place)) !== "there") return [];
    const words = ["ls-tree", "-r", "-z", "--name-only", `refs/heads/${defaultBranch}`, "--", folder];
    return (await gitIn(this.repository(place), words)).split("\0").filter((path) => path !== "");
  }

  private repository({ organisation, repository }: RepositoryPlace): string {
    return join(
      repositoriesFolder(this.folder),
      organisation.toLowerCase(),
      `${repository.toLowerCase()}.git`,
    );
  }
}
