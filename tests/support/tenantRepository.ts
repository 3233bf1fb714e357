import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parse, stringify } from "yaml";

import { gitAdministrator } from "../../cli/cluster/credentials";
import type { TrialPlatform } from "./trialPlatform";

const run = promisify(execFile);

/** Somebody with an account at the Git host. */
export interface Person {
  readonly account: string;
  readonly password: string;
}

/** A clone of a tenant's repository, as a person of the team works with it. */
export class TenantRepository {
  /** @param environment Git's, by which it can push. */
  constructor(
    /** Where the clone is. */
    readonly folder: string,
    /** What it was cloned from. */
    readonly url: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Clones over HTTP. The password is in no argument and no file.
   *
   * @param person Whose account it is. Default: the administrator's.
   */
  static async clone(trial: TrialPlatform, url: string, person?: Person): Promise<TenantRepository> {
    const { account, password } = person ?? (await administrator(trial));
    const helper = '!printf "username=%s\\npassword=%s\\n" "$TEST_ACCOUNT" "$TEST_PASSWORD";:';
    return cloned(trial, url, { helper, variables: { TEST_ACCOUNT: account, TEST_PASSWORD: password } });
  }

  /** Clones as a platform's summary says to: Git asks `terp` for the password, at each push anew. */
  static async cloneByTerp(trial: TrialPlatform, url: string): Promise<TenantRepository> {
    return cloned(trial, url, {
      helper: `!${join(trial.project, "bin", "terp")} git-credential`,
      variables: {},
    });
  }

  async read(file: string): Promise<string> {
    return readFile(join(this.folder, file), "utf8");
  }

  async write(file: string, text: string): Promise<void> {
    const path = join(this.folder, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }

  /** Makes a symbolic link, to wherever. */
  async link(file: string, target: string): Promise<void> {
    await rm(join(this.folder, file), { force: true });
    await symlink(target, join(this.folder, file));
  }

  async removeFile(file: string): Promise<void> {
    await rm(join(this.folder, file), { force: true });
  }

  /** Changes a YAML file's content in place. */
  async change(file: string, change: (content: never) => void): Promise<void> {
    const content = parse(await this.read(file)) as never;
    change(content);
    await this.write(file, stringify(content));
  }

  /** Encrypts a file as the repository's `.sops.yaml` says. */
  async seal(file: string): Promise<void> {
    await run("sops", ["encrypt", "--in-place", file], { cwd: this.folder, env: this.environment });
  }

  /** Commits everything and pushes it. @param branch Default: the one that is applied. @returns the commit. */
  async push(message: string, branch = "main"): Promise<string> {
    await this.git("add", "--all");
    await this.git("commit", "--quiet", "--message", message);
    await this.git("push", "--quiet", "origin", `HEAD:${branch}`);
    return this.git("rev-parse", "HEAD");
  }

  /** Runs Git in the clone, as its person. @returns what it prints. */
  async git(...words: readonly string[]): Promise<string> {
    const { stdout } = await run("git", words, { cwd: this.folder, env: this.environment });
    return stdout.trim();
  }

  /** Takes over what others have pushed. */
  async pull(): Promise<void> {
    await this.git("pull", "--quiet", "--rebase");
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function administrator(trial: TrialPlatform): Promise<Person> {
  const api = await trial.api();
  try {
    const { username, password } = await gitAdministrator(api);
    return { account: username, password };
  } finally {
    await api.close();
  }
}

/** How Git gets to its password. */
interface Credential {
  readonly helper: string;
  /** Variables that the helper reads. */
  readonly variables: NodeJS.ProcessEnv;
}

async function cloned(
  trial: TrialPlatform,
  url: string,
  { helper, variables }: Credential,
): Promise<TenantRepository> {
  const folder = await mkdtemp(join(trial.folder, "clone-"));
  const tools = JSON.parse((await trial.terp("env", "--json")).standardOutput) as Record<string, string>;
  const environment = {
    ...trial.environment,
    ...variables,
    PATH: tools["PATH"] ?? process.env["PATH"],
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_AUTHOR_NAME: "Blue",
    GIT_AUTHOR_EMAIL: "blue@example.test",
    GIT_COMMITTER_NAME: "Blue",
    GIT_COMMITTER_EMAIL: "blue@example.test",
  };
  await run("git", ["clone", "--quiet", "-c", `credential.helper=${helper}`, url, folder], {
    env: environment,
  });
  return new TenantRepository(folder, url, environment);
}
