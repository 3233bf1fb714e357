import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { CommandError } from "../exit";
import { openChange, type OpenedChange } from "./change";

const run = promisify(execFile);

/** The branch that a service's change is made on. */
export function branchOf(name: string): string {
  return `service-${name}`;
}

/** What the change is called, in the commit and for who reviews it. */
function titleOf(name: string): string {
  return `Add the service ${name}`;
}

/** The commands that open a change, for who types them. */
export function pushCommands(name: string, files: readonly string[]): readonly string[] {
  return [
    `git switch -c ${branchOf(name)}`,
    `git add ${files.join(" ")}`,
    `git commit -m "${titleOf(name)}"`,
    `git push -u origin ${branchOf(name)}`,
  ];
}

/** A change as it was pushed. */
export interface PushedChange extends OpenedChange {
  readonly branch: string;
}

/**
 * Commits files to a branch of their own, pushes it with the developer's own name and credential, and opens it for review. What else
 * is changed in the clone stays as it is.
 *
 * @throws CommandError with Git's words if it can't be pushed; what is pushed and can't be opened says why.
 */
export async function pushChange(
  root: string,
  name: string,
  files: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<PushedChange> {
  // Git's own words are read, so they are asked for in English.
  const env = { ...environment, GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
  const git = async (...words: readonly string[]): Promise<{ stdout: string; stderr: string }> => {
    try {
      return await run("git", words, { cwd: root, env });
    } catch (error) {
      const said = (error as { stderr?: string }).stderr?.trim() ?? String(error);
      throw new CommandError(`git ${words[0] ?? ""}: ${said}\nThe files are written; push them yourself.`);
    }
  };
  const [branch, title] = [branchOf(name), titleOf(name)];
  const { stdout: current } = await git("branch", "--show-current");
  if (current.trim() !== branch) await git("switch", "--quiet", "--create", branch);
  await git("add", "--all", "--", ...files);
  await git("commit", "--quiet", "--message", title, "--", ...files);
  const pushed = ["push", "--set-upstream"];
  const target = ["origin", branch];
  // GitLab opens the change by these; other hosts make nothing of them, or don't take any.
  const options = ["merge_request.create", `merge_request.title=${title}`].flatMap((each) => ["-o", each]);
  const { stderr } = await git(...pushed, ...options, ...target).catch((error: unknown) => {
    if (!/does not support push options/.test(String(error))) throw error;
    return git(...pushed, ...target);
  });
  const lines = stderr.split("\n").flatMap((line) => /^remote: +(.*\S)/.exec(line)?.[1] ?? []);
  const remote = (await git("remote", "get-url", "--push", "origin")).stdout.trim();
  const base = async (): Promise<string | undefined> => {
    const { stdout } = await git("ls-remote", "--symref", "origin", "HEAD");
    return /^ref: refs\/heads\/(\S+)\s+HEAD$/m.exec(stdout)?.[1];
  };
  const opened = await openChange({ lines, remote, base, branch, title }, { root, environment });
  return { branch, ...opened };
}
