import type { Fault } from "../../infra/fault";
import { sshPorts } from "../../infra/sshPorts";
import { defaultBranch } from "./names";
import type { WebhookKind } from "../webhook";

/** A repository that a tenant brings along: it is its owner's, and the platform only reads it. */
export interface BroughtRepository {
  /** Where it is, by SSH: `ssh://git@git.example.org/team-blue/apps.git`. */
  readonly url: string;
  /**
   * The branch that is applied.
   *
   * @default "main"
   */
  readonly branch?: string;
  /**
   * How its host shows that its word of a push is its own: Gitea and Forgejo do as GitHub.
   *
   * @default none: the repository is asked at Flux's interval
   */
  readonly webhook?: WebhookKind;
}

/** A part of an address by SSH. */
interface Address {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

const shape =
  /^ssh:\/\/[a-z_][a-z0-9_-]*@(?<host>[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?)(:(?<port>[0-9]{1,5}))?(?<path>(\/[A-Za-z0-9_~.-]+)+)$/;
const dots = /\/\.{1,2}(\/|$)/;
const branches = /^(?!.*(\.\.|\/\/|\.lock$|\/$))[A-Za-z0-9][A-Za-z0-9._/-]*$/;
const example = "ssh://git@git.example.org/team-blue/apps.git";

function addressOf(url: string): Address | undefined {
  const { host, port, path } = shape.exec(url)?.groups ?? {};
  if (host === undefined || path === undefined || dots.test(path)) return undefined;
  return { host: host.toLowerCase(), port: Number(port ?? 22), path };
}

/** The name by which `known_hosts` has the host of a repository: `git.example.org`, or `[git.example.org]:2222`. */
export function hostNameOf({ url }: BroughtRepository): string {
  const { host, port } = addressOf(url) ?? { host: "", port: 22 };
  return port === 22 ? host : `[${host}]:${String(port)}`;
}

/** The port at which a repository is read. */
export function portOf({ url }: BroughtRepository): number {
  return addressOf(url)?.port ?? 22;
}

/** The same text for every way to write one repository's address. */
export function identityOf(url: string): string {
  const address = addressOf(url);
  if (address === undefined) return url;
  const path = address.path.toLowerCase().replace(/\.git$/, "");
  return `${address.host}:${String(address.port)}${path}`;
}

/** The lines of `known_hosts` that name the host of a repository; empty if none does. */
export function linesFor(repository: BroughtRepository, knownHosts: string): string {
  const host = hostNameOf(repository);
  const lines = knownHosts
    .split("\n")
    .filter((line) => (line.split(" ")[0] ?? "").toLowerCase().split(",").includes(host));
  return lines.map((line) => `${line}\n`).join("");
}

/** The branch of a repository that is applied. */
export function branchOf({ branch = defaultBranch }: BroughtRepository): string {
  return branch;
}

/** Everything that is wrong with a repository that a tenant brings along, as far as it can be judged by itself. */
export function broughtFaults(path: string, repository: BroughtRepository): Fault[] {
  const { url, branch } = repository;
  return [
    ...urlFaults(`${path}.url`, url),
    ...(branch === undefined || branches.test(branch)
      ? []
      : [
          {
            path: `${path}.branch`,
            given: JSON.stringify(branch),
            expected: "a branch's name",
            remedy: `write for example "${defaultBranch}"`,
          },
        ]),
  ];
}

function urlFaults(path: string, url: string): Fault[] {
  const address = addressOf(url);
  const given = JSON.stringify(withoutPassword(url));
  if (address !== undefined) {
    if (sshPorts.includes(address.port)) return [];
    const expected = `the port ${sshPorts.join(", ")}: what the network policies let Flux reach`;
    return [{ path, given, expected, remedy: "have the host listen on one of them as well" }];
  }
  if (/^https?:\/\//i.test(url)) {
    const expected = "an address by SSH: the repository is read with a deploy key, never with a password";
    return [{ path, given, expected, remedy: `write "${bySsh(url)}"` }];
  }
  const short = /^(?<user>[a-z_][a-z0-9_-]*)@(?<host>[A-Za-z0-9.-]+):(?<rest>[^/:][^:]*)$/.exec(url)?.groups;
  const remedy =
    short === undefined
      ? `write for example "${example}"`
      : `write "ssh://${short["user"] ?? ""}@${short["host"] ?? ""}/${short["rest"] ?? ""}"`;
  return [{ path, given, expected: "ssh://, a user without a password, a host and a path", remedy }];
}

function withoutPassword(url: string): string {
  return url.replace(/(:\/\/[^/@:]*:)[^@]*@/, "$1…@");
}

/** The address by SSH that belongs to one by HTTP, at most hosts. */
function bySsh(url: string): string {
  const [, host = "git.example.org", path = "/team-blue/apps.git"] =
    /^https?:\/\/(?:[^/@]*@)?([^/:?#]+)(?::[0-9]+)?(\/[^?#]*)?/i.exec(url) ?? [];
  return `ssh://git@${host}${path}`;
}

/**
 * What is wrong where another tenant has the repository already, or the platform made it: two would apply the same.
 *
 * @param taken Who has which repository, e.g. `tenant "team-green"`, by its URL.
 */
export function takenFaults(
  path: string,
  { url }: BroughtRepository,
  taken: readonly { readonly owner: string; readonly url: string }[],
): Fault[] {
  const found = taken.find((each) => identityOf(each.url) === identityOf(url));
  if (found === undefined) return [];
  return [
    {
      path: `${path}.url`,
      given: JSON.stringify(withoutPassword(url)),
      expected: `a repository of this tenant's alone: this one is ${found.owner}'s`,
      remedy: "name another one, or leave `repository` out: then the platform makes one",
    },
  ];
}
