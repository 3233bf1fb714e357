import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** Where things lie on this machine. All are absolute; nothing here makes a folder. */
export interface Paths {
  /** What can be built or downloaded again: tools and images. May be deleted at any time. */
  readonly cache: string;
  /** What belongs to this user's stacks. */
  readonly home: string;
  /** The Pulumi home of our own: the user's `~/.pulumi` is never written. */
  readonly pulumiHome: string;
  /** One stack's folder below {@link home}. */
  readonly stack: string;
  /** The stack's settings, if it has some of its own here; else they are the checkout's. */
  readonly settings: string;
  /** What outlives the stack's cluster: state, keys, the Git host's data. */
  readonly keep: string;
  /** The Pulumi file backend. */
  readonly state: string;
  /** The file with the passphrase that encrypts the state's secrets (0600). */
  readonly passphrase: string;
  /** The file key store. */
  readonly keys: string;
  /** The Git host's data. */
  readonly git: string;
  /** What suspended tenants have left. */
  readonly exports: string;
  /** The embedded cluster's data. Gone after `destroy`. */
  readonly node: string;
  /** Sockets and process ids: a short path, because a Unix socket's path ends at 108 characters. */
  readonly run: string;
}

const stackName = /^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/;

/** A folder's variable of our own, the one of the XDG specification, and where it is without either. */
interface FolderNames {
  readonly own: string;
  readonly shared: string;
  readonly fallback: string;
}

function folderFrom(environment: NodeJS.ProcessEnv, { own, shared, fallback }: FolderNames): string {
  const named = environment[own];
  if (named !== undefined && named !== "") {
    if (!isAbsolute(named)) {
      throw new Error(`${own}: "${named}" is not an absolute path; set it to one that starts with "/"`);
    }
    return named;
  }
  const base = environment[shared];
  // The XDG specification says to ignore a relative path.
  if (base !== undefined && isAbsolute(base)) return join(base, "terp");
  return join(environment["HOME"] ?? homedir(), fallback, "terp");
}

/**
 * The folder of what can be built again: `TERP_CACHE`, or `terp` in `XDG_CACHE_HOME` (default `~/.cache`).
 *
 * @throws if `TERP_CACHE` is a relative path.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return folderFrom(environment, { own: "TERP_CACHE", shared: "XDG_CACHE_HOME", fallback: ".cache" });
}

/**
 * The folder of what belongs to this user's stacks: `TERP_HOME`, or `terp` in `XDG_DATA_HOME` (default `~/.local/share`).
 *
 * @throws if `TERP_HOME` is a relative path.
 */
export function homeFolder(environment: NodeJS.ProcessEnv = process.env): string {
  return folderFrom(environment, { own: "TERP_HOME", shared: "XDG_DATA_HOME", fallback: ".local/share" });
}

/**
 * All the places of one stack.
 *
 * @param stack the stack's name: lower-case letters, digits and dashes, at most 30.
 * @param environment where `TERP_CACHE` and `TERP_HOME` are looked up.
 * @throws if the name can't be a folder's, or a folder set in the environment is a relative path.
 */
export function paths(stack: string, environment: NodeJS.ProcessEnv = process.env): Paths {
  if (!stackName.test(stack)) {
    throw new Error(
      `stack "${stack}": expected at most 30 lower-case letters, digits and dashes, with a letter or digit at both ends`,
    );
  }
  const home = homeFolder(environment);
  const own = join(home, stack);
  const keep = join(own, "keep");
  return {
    cache: cacheFolder(environment),
    home,
    pulumiHome: join(home, "pulumi"),
    stack: own,
    settings: join(own, "settings.yaml"),
    keep,
    state: join(keep, "state"),
    passphrase: join(keep, "passphrase"),
    keys: join(keep, "keys"),
    git: join(keep, "git"),
    exports: join(keep, "exports"),
    node: join(own, "node"),
    run: join("/run/terp", stack),
  };
}
