import { execFile } from "node:child_process";

/** What is shown a Git host's API. Secret. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}

/** Where programs for credentials run. */
export interface Surroundings {
  /** The clone, whose settings name credential helpers. */
  readonly root: string;
  /** The address that is pushed to. */
  readonly remote: string;
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * What the developer has for a Git host already: what the clone's address has; else GitHub's own program, where it is logged in; else
 * what Git keeps for that host.
 * Nobody is asked for anything.
 *
 * @param address Of the host, with its scheme and port.
 * @param isGithub Whether it is a GitHub.
 */
export async function credentialFor(
  address: string,
  isGithub: boolean,
  surroundings: Surroundings,
): Promise<Credential | undefined> {
  const { protocol, host, origin } = new URL(address);
  const own = URL.canParse(surroundings.remote) ? new URL(surroundings.remote) : undefined;
  if (own?.origin === origin && own.password !== "")
    return { username: decodeURIComponent(own.username), password: decodeURIComponent(own.password) };
  if (isGithub) {
    const token = (await said("gh", ["auth", "token", "--hostname", host], surroundings))?.trim();
    if (token !== undefined && token !== "") return { username: "", password: token };
  }
  const asked = `protocol=${protocol.slice(0, -1)}\nhost=${host}\n\n`;
  const answer = await said("git", ["credential", "fill"], surroundings, asked);
  const field = (name: string): string | undefined =>
    new RegExp(`^${name}=(.*)$`, "m").exec(answer ?? "")?.[1];
  const [username, password] = [field("username"), field("password")];
  return username === undefined || password === undefined ? undefined : { username, password };
}

/** What a program prints; `undefined` if it isn't there, fails, or wants to ask somebody. */
async function said(
  program: string,
  words: readonly string[],
  { root, environment }: Surroundings,
  input = "",
): Promise<string | undefined> {
  // An empty program in place of one that opens a window.
  const quiet = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", GCM_INTERACTIVE: "never" };
  return new Promise((done) => {
    const child = execFile(
      program,
      words,
      { cwd: root, env: { ...environment, ...quiet }, timeout: 15_000 },
      (error, standardOutput) => {
        done(error === null ? standardOutput : undefined);
      },
    );
    // One that isn't there, or doesn't listen, takes no input.
    child.stdin?.on("error", () => undefined).end(input);
  });
}
