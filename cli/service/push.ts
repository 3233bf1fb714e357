import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { CommandError } from "../exit";

const run = promisify(execFile);

/** The branch that a service's change is made on. */
export function branchOf(name: string): string {
  return `service-${name}`;
}

/** The commands that open a change, for who types them. */
export function pushCommands(name: string, files: readonly string[]): readonly string[] {
  return [
    `git switch -c ${branchOf(name)}`,
    `git add ${files.join(" ")}`,
    `git commit -m "Add the service ${name}"`,
    `git push -u origin ${branchOf(name)}`,
  ];
}

/**
 * Commits files to a branch of their own and pushes it, with the developer's own name and credential. What else is changed in
 * the clone stays as it is.
 *
 * @returns what the Git host said: the address at which the change is opened for review.
 * @throws CommandError with Git's words.
 */
export async function pushChange(root: string, name: string, files: readonly string[]): Promise<string> {
  const git = async (...words: readonly string[]): Promise<{ stdout: string; stderr: string }> => {
    try {
      return await run("git", words, { cwd: root, env: { ...process.env, GIT_TERMINAL_PROMPT: "0" } });
    } catch (error) {
      const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
      throw new CommandError(`git ${words[0] ?? ""}: ${said}\nThe files are written; push them yourself.`);
    }
  };
  const branch = branchOf(name);
  const { stdout: current } = await git("branch", "--show-current");
  if (current.trim() !== branch) await git("switch", "--quiet", "--create", branch);
  await git("add", "--all", "--", ...files);
  await git("commit", "--quiet", "--message", `Add the service ${name}`, "--", ...files);
  const { stderr } = await git("push", "--set-upstream", "origin", branch);
  return stderr
    .split("\n")
    .flatMap((line) => /^remote: +(.*\S)/.exec(line)?.[1] ?? [])
    .join("\n");
}
