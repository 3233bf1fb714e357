import type { GitAccess } from "./access";
import { basicAuthorization } from "./hostClient";

/** Nobody's settings, and no question to anybody. */
const ofNobody = {
  GIT_TERMINAL_PROMPT: "0",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_NOSYSTEM: "1",
} as const;

/**
 * The environment in which `git` reaches a Git host over HTTP: with nobody's settings but these, no question to anybody, and the
 * credential for that host alone. It is in no argument and no file.
 */
export function gitEnvironment({ url, username, password }: GitAccess): Record<string, string> {
  return {
    ...ofNobody,
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${url}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${basicAuthorization(username, password)}`,
  };
}

/**
 * The environment in which `git` reaches a Git host by SSH: with one key, one list of hosts that it may be, nobody's settings, and no
 * question to anybody.
 *
 * @param files Paths of the private key, which nobody else may read, and of the `known_hosts`; without blanks.
 */
export function sshEnvironment({
  key,
  knownHosts,
}: {
  readonly key: string;
  readonly knownHosts: string;
}): Record<string, string> {
  const options = [
    `IdentityFile=${key}`,
    "IdentitiesOnly=yes",
    "IdentityAgent=none",
    "BatchMode=yes",
    "StrictHostKeyChecking=yes",
    `UserKnownHostsFile=${knownHosts}`,
    "GlobalKnownHostsFile=/dev/null",
    "ConnectTimeout=10",
  ];
  return {
    ...ofNobody,
    GIT_SSH_VARIANT: "ssh",
    GIT_SSH_COMMAND: ["ssh", "-F", "/dev/null", ...options.flatMap((option) => ["-o", option])].join(" "),
  };
}
