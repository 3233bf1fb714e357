import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments } from "yaml";
import { gitEnvironment } from "../../components/git/gitEnvironment";
import type { RepositoryPlace } from "../../components/git/host";
import { defaultBranch } from "../../components/git/names";
import { type Resealing, resealFile } from "../../components/sops";
import type { KeyContext } from "./context";

const run = promisify(execFile);
const mostTries = 5;

/** A clone of a repository in a folder of its own, for as long as it is worked on. What it holds is encrypted. */
export class Clone {
  private constructor(
    private readonly folder: string,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /**
   * Clones a repository, works on it, and removes the clone. The Git host's password is in the environment of `git` alone.
   *
   * @throws what `git` said, without the password.
   */
  static async with<T>(
    { access, stack }: Pick<KeyContext, "access" | "stack">,
    { organisation, repository }: RepositoryPlace,
    work: (clone: Clone) => Promise<T>,
  ): Promise<T> {
    const folder = await mkdtemp(join(tmpdir(), "terp-clone-"));
    const clone = new Clone(folder, {
      ...stack.environment,
      ...gitEnvironment(access),
      ...Object.fromEntries(
        ["AUTHOR", "COMMITTER"].flatMap((role) => [
          [`GIT_${role}_NAME`, "Terp"],
          [`GIT_${role}_EMAIL`, "terp@localhost"],
        ]),
      ),
    });
    try {
      await clone.git("clone", "--quiet", `${access.url}/${organisation}/${repository}.git`, folder);
      return await work(clone);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The files that are sealed to one of the recipients, or name one in a `.sops.yaml`. */
  async naming(
    recipients: readonly string[],
  ): Promise<{ readonly sealed: string[]; readonly rules: string[] }> {
    const found = { sealed: [] as string[], rules: [] as string[] };
    const names = (await this.git("ls-files", "-z"))
      .split("\0")
      .filter((name) => /\.(ya?ml|json)$/.test(name));
    for (const name of names) {
      const text = await readFile(join(this.folder, name), "utf8").catch(() => "");
      if (!recipients.some((recipient) => text.includes(recipient))) continue;
      if (basename(name) === ".sops.yaml") found.rules.push(name);
      else if (readersIn(text).some((each) => recipients.includes(each))) found.sealed.push(name);
    }
    return found;
  }

  /**
   * Seals every file that is sealed to the old recipients to the new one, and names that in each `.sops.yaml`. Pushes it, with
   * what others push meanwhile. Nothing happens if none is left.
   *
   * @returns the files that were sealed anew.
   */
  async reseal(resealing: Resealing, message: string): Promise<readonly string[]> {
    for (let attempt = 1; ; attempt++) {
      const { sealed, rules } = await this.naming(resealing.from);
      if (sealed.length + rules.length === 0) return [];
      for (const name of rules) {
        const file = join(this.folder, name);
        const text = await readFile(file, "utf8");
        await writeFile(
          file,
          resealing.from.reduce((left, old) => left.replaceAll(old, resealing.to), text),
        );
      }
      for (const name of sealed) await resealFile(join(this.folder, name), resealing);
      await this.git("commit", "--quiet", "--all", "--message", message);
      try {
        await this.git("push", "--quiet", "origin", `HEAD:${defaultBranch}`);
        return sealed;
      } catch (error) {
        if (attempt === mostTries) throw error;
        // Somebody pushed meanwhile: theirs first, then ours anew.
        await this.git("fetch", "--quiet", "origin", defaultBranch);
        await this.git("reset", "--quiet", "--hard", "FETCH_HEAD");
      }
    }
  }

  /** The files whose path is of a form, as what that form finds in it. */
  async matching(form: RegExp): Promise<readonly RegExpExecArray[]> {
    const names = (await this.git("ls-files", "-z")).split("\0");
    return names.map((name) => form.exec(name)).filter((match) => match !== null);
  }

  /** A file's text. */
  async read(name: string): Promise<string> {
    return readFile(join(this.folder, name), "utf8");
  }

  private async git(...words: readonly string[]): Promise<string> {
    try {
      const { stdout } = await run("git", words, {
        cwd: this.folder,
        env: this.environment,
        maxBuffer: 1 << 26,
      });
      return stdout;
    } catch (error) {
      const said = (error as { readonly stderr?: string }).stderr ?? "";
      throw new Error(`git ${words[0] ?? ""} failed: ${said.trim()}`, { cause: undefined });
    }
  }
}

interface Sealed {
  readonly sops?: { readonly age?: readonly { readonly recipient?: string }[] | null };
}

/** Who can open a file: the age recipients that SOPS noted in it. None if it isn't sealed. */
export function readersIn(text: string): readonly string[] {
  return parseAllDocuments(text).flatMap((document) => {
    if (document.errors.length > 0) return [];
    const content = document.toJS() as Sealed | null;
    return (content?.sops?.age ?? []).flatMap(({ recipient }) => recipient ?? []);
  });
}
