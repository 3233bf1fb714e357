import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { clientSecrets } from "./oidcSection";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** Each secret of an application's is encrypted, and has its client. */
export function clientSecretFaults(raw: RawConfig, { oidc }: Sections): Fault[] {
  const given = namesIn(raw.values[clientSecrets]);
  const at = (name: string) => commandsFor(raw.environment, [clientSecrets, name]);
  if (given.length > 0 && !raw.secrets.includes(clientSecrets))
    return given.map((name) => ({
      path: `${clientSecrets}.${name}`,
      given: "a text that isn't encrypted",
      expected: "a secret",
      remedy: `have the provider make another one, if the file was ever shared; then type: ${at(name).setSecret}`,
    }));
  // The section's own faults come first: without it nothing is known of its clients.
  if (oidc === undefined && "oidc" in raw.values) return [];
  const wanted = Object.keys(oidc?.clients ?? {});
  return given
    .filter((name) => !wanted.includes(name))
    .map((name) => ({
      path: `${clientSecrets}.${name}`,
      given: "a secret that nothing uses",
      expected: `none unless oidc.clients.${name} is set`,
      remedy: `type: ${at(name).remove}`,
    }));
}

/** The secrets of applications' clients that aren't there yet. */
export function missingClientSecrets({ environment, values }: RawConfig, { oidc }: Sections): Fault[] {
  const given = namesIn(values[clientSecrets]);
  return Object.keys(oidc?.clients ?? {})
    .filter((name) => !given.includes(name))
    .map((name) => ({
      path: `${clientSecrets}.${name}`,
      given: "nothing",
      expected: `a secret, because oidc.clients.${name} is set`,
      remedy: `type: ${commandsFor(environment, [clientSecrets, name]).setSecret}`,
    }));
}

/** The names alone: no value of it is looked at. */
function namesIn(text: string | undefined): readonly string[] {
  try {
    return Object.keys(JSON.parse(text ?? "{}") as object);
  } catch {
    return [];
  }
}
