import type { Trusted } from "../trusted";
import { at, named, text } from "./cel";
import { claimed } from "./claims";
import { paceValidations } from "./durations";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const spec = (path: string, otherwise: string): string => at("dyn(object)", `spec.${path}`, otherwise);
/** Only what every reader of URLs understands in the same way. */
const plain = text("^(?i:https|oci|ssh)://(git@)?[A-Za-z0-9.-]+(:[0-9]+)?/[A-Za-z0-9._~/-]*$");
const empty = text("\\.\\.|[^:]//|/\\./|/\\.$");
const gitUser = "ssh://git@";

/**
 * Which sources a tenant may add to its own repository: those whose URL begins as one of its claims says.
 *
 * What would lead elsewhere from there, or lend a tenant the identity of Flux itself, is denied. Field names of
 * source.toolkit.fluxcd.io/v1 (github.com/fluxcd/source-controller/api v1.7.3); other kinds of sources are denied by {@link kinds}.
 */
export function sources(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-sources",
    kinds: [
      {
        group: "source.toolkit.fluxcd.io",
        resources: ["gitrepositories", "ocirepositories", "helmrepositories"],
      },
    ],
    exempt: [trusted],
    variables: {
      sources: claimed("sources"),
      url: spec("url", '""'),
      isPlain:
        `variables.url.matches(${plain}) && !variables.url.matches(${empty}) && ` +
        `(!variables.url.contains("@") || variables.url.lowerAscii().startsWith(${text(gitUser)}))`,
      // Scheme and host may be written in any case; who logs in to a Git host doesn't change which host it is.
      parts: `variables.url.split("/", 4)`,
      place: `variables.parts[0].lowerAscii() + "//" + variables.parts[2].lowerAscii().replace("git@", "") + "/" + variables.parts[3]`,
      begins:
        `variables.sources.exists(source, variables.place.startsWith(` +
        `source.startsWith(${text(gitUser)}) ? "ssh://" + source.substring(${String(gitUser.length)}) : source))`,
    },
    validations: [
      {
        expression: "variables.isPlain",
        message: message`url "${"variables.url"}" isn't a plain address: write https://, ssh:// or oci://, a host and a path, without user (but git@ for ssh), query, fragment, percent signs, "..", "." and empty parts`,
      },
      {
        expression: "!variables.isPlain || variables.begins",
        message: message`url "${"variables.url"}" isn't below this tenant's sources (${named("variables.sources")}): use one below them, or ask the operators for the source`,
      },
      {
        expression: `${spec("provider", '"generic"')} in ["", "generic"]`,
        message: message`provider "${spec("provider", '""')}" would log in as the platform: leave it out, and log in with a Secret`,
      },
      {
        expression: `${spec("serviceAccountName", '""')} == ""`,
        message: message`serviceAccountName "${spec("serviceAccountName", '""')}" would log in as an account of the cluster's: leave it out, and log in with a Secret`,
      },
      {
        expression: `!has(dyn(object).spec.proxySecretRef) && !${spec("insecure", "false")} && !${spec("passCredentials", "false")}`,
        message: message`a source is fetched directly, with TLS, and keeps its credentials to itself: leave out proxySecretRef, insecure and passCredentials`,
      },
      {
        expression: `!${spec("recurseSubmodules", "false")}`,
        message: message`submodules may lie anywhere: leave out recurseSubmodules, and add each repository as a source with spec.include`,
      },
      {
        expression: "!has(dyn(object).spec.accessFrom)",
        message: message`a source is for its own namespace: leave out accessFrom`,
      },
      ...paceValidations(["spec.interval"], ["spec.timeout"]),
    ],
  });
}
