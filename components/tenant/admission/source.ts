import type { Fault } from "../../../infra/fault";

const schemes = ["https", "ssh", "oci"];
const shape =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:(?<user>[^/@]*)@)?(?<host>[A-Za-z0-9.-]+(?::[0-9]+)?)(?<path>\/.*)?$/i;
const example = "https://github.com/team-blue/";

/** Everything that is wrong with the beginning of a URL that a tenant's sources may have. */
export function sourceFaults(path: string, source: string): Fault[] {
  const given = JSON.stringify(source.replace(/(:\/\/[^/@:]*:)[^/@]*@/, "$1…@"));
  const fault = (expected: string, remedy: string): Fault[] => [{ path, given, expected, remedy }];
  const { scheme, user, host, path: rest } = shape.exec(source)?.groups ?? {};
  if (scheme === undefined || host === undefined || !schemes.includes(scheme.toLowerCase())) {
    return fault("a beginning with https://, ssh:// or oci:// and a host", `write for example "${example}"`);
  }
  if (user !== undefined && !(user === "git" && scheme.toLowerCase() === "ssh")) {
    const remedy = `write "${scheme}://${host}${rest ?? "/"}", and put what authenticates into a Secret`;
    return fault("no user or password, but for ssh://git@", remedy);
  }
  if (`${scheme}${host}` !== `${scheme}${host}`.toLowerCase()) {
    const begin = `${scheme}://${user === undefined ? "" : `${user}@`}${host}`;
    return fault("scheme and host in lower case", `write "${begin.toLowerCase()}${rest ?? "/"}"`);
  }
  // Only what stays the same whoever reads it.
  if (rest !== undefined && !/^\/[A-Za-z0-9._~/-]*$/.test(rest)) {
    return fault(
      "a path of letters, digits, dots, dashes, underscores, tildes and slashes",
      `write for example "${example}"`,
    );
  }
  if (rest !== undefined && /\.\.|\/\/|\/\.\//.test(rest)) {
    return fault("a path without `..`, `.` and empty parts", `write for example "${example}"`);
  }
  if (rest?.endsWith("/") !== true) {
    const expected = "an end of `/`: without it, every longer name is meant too";
    return fault(expected, `write "${source}/"`);
  }
  return [];
}
