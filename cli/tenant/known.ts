import { nearest } from "../../infra/config/nearest";
import { CommandError, exitCodes } from "../exit";

/**
 * A tenant's name that exists.
 *
 * @param where What was looked in, for the message: "the stack local".
 * @throws CommandError with the names that there are, and the nearest.
 */
export function knownTenant(name: string, names: readonly string[], where: string): string {
  if (names.includes(name)) return name;
  if (names.length === 0) {
    throw new CommandError(
      `tenant: got "${name}", but ${where} has no tenants. \`terp tenant add ${name}\` adds one.`,
      exitCodes.usage,
    );
  }
  const meant = nearest(name, names);
  throw new CommandError(
    `tenant: got "${name}", expected one of ${[...names].sort().join(", ")}` +
      (meant === undefined ? "" : `; did you mean "${meant}"?`),
    exitCodes.usage,
  );
}
