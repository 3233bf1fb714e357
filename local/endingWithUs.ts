import { existsSync } from "node:fs";

const setpriv = "/usr/bin/setpriv";

/**
 * A command that the kernel sends this signal when this process ends, in whatever way; where util-linux isn't installed, the
 * command as it is.
 */
export function endingWithUs(signal: "INT" | "TERM", words: readonly string[]): readonly string[] {
  return existsSync(setpriv) ? [setpriv, "--pdeathsig", signal, "--", ...words] : words;
}
