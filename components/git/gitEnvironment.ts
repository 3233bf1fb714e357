import type { GitAccess } from "./access";
import { basicAuthorization } from "./hostClient";

/**
 * The environment in which `git` reaches a Git host over HTTP: with nobody's settings but these, no question to anybody, and the
 * credential for that host alone. It is in no argument and no file.
 */
export function gitEnvironment({ url, username, password }: GitAccess): Record<string, string> {
  return {
    GIT_TERMINAL_PROMPT: "0",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `http.${url}/.extraHeader`,
    GIT_CONFIG_VALUE_0: `Authorization: ${basicAuthorization(username, password)}`,
  };
}
