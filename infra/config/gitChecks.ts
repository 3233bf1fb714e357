import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { publishedHosts } from "./gitSection";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** The stack's secret with which a Git host outside the cluster is asked. */
export const gitToken = "gitToken";

/** What of the Git host depends on the cluster, on the host's own name, and on the stack's secrets. */
export function gitFaults(raw: RawConfig, sections: Sections): Fault[] {
  return [...outsideFromInside(raw, sections), ...hostKeys(raw, sections), ...needlessToken(raw, sections)];
}

/** The stack's secret, where its Git host asks for one and it isn't there yet. */
export function missingToken({ environment, values }: RawConfig, { git }: Sections): Fault[] {
  if (!git || git.kind === "gitea" || gitToken in values) return [];
  return [
    {
      path: gitToken,
      given: "nothing",
      expected: `a secret, because git.kind is ${git.kind}`,
      remedy: `make a token as docs/git-hosts.md says, and type: ${commandsFor(environment, [gitToken]).setSecret}`,
    },
  ];
}

function outsideFromInside({ environment }: RawConfig, { cluster, git }: Sections): Fault[] {
  if (cluster?.kind !== "local" || !git || git.kind === "gitea") return [];
  return [
    {
      path: "git.kind",
      given: JSON.stringify(git.kind),
      expected: "gitea with cluster.kind local: the embedded cluster reaches nothing outside",
      remedy: `type: ${commandsFor(environment, ["git"]).remove}`,
    },
  ];
}

function hostKeys({ environment }: RawConfig, { git }: Sections): Fault[] {
  if (!git || git.kind === "gitea") return [];
  const { hostname } = new URL(git.url);
  const host = git.sshPort === 22 ? hostname : `[${hostname}]:${String(git.sshPort)}`;
  const { set } = commandsFor(environment, ["git", "knownHosts"]);
  const remedy = `take the line from the host's operators, and type: ${set(`${host} ssh-ed25519 AAAA…`)}`;
  if (git.knownHosts === undefined)
    return publishedHosts.includes(host)
      ? []
      : [{ path: "git.knownHosts", given: "nothing", expected: `the host key of ${host}`, remedy }];
  const named = git.knownHosts
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "");
  if (named.some((names) => names.split(",").includes(host))) return [];
  const given = `keys of ${named.join(", ")}`;
  return [{ path: "git.knownHosts", given, expected: `the host key of ${host}`, remedy }];
}

function needlessToken(raw: RawConfig, { git }: Sections): Fault[] {
  const { setSecret, remove } = commandsFor(raw.environment, [gitToken]);
  const isThere = gitToken in raw.values;
  if (isThere && !raw.secrets.includes(gitToken))
    return [
      {
        path: gitToken,
        given: "a text that isn't encrypted",
        expected: "a secret",
        remedy: `withdraw the token and make another one, if the file was ever shared; then type: ${setSecret}`,
      },
    ];
  if (git?.kind === "gitea" && isThere)
    return [
      {
        path: gitToken,
        given: "a secret that nothing uses",
        expected: "none with git.kind gitea",
        remedy: `type: ${remove}`,
      },
    ];
  return [];
}
