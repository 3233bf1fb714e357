import { parse, stringify } from "yaml";
import { withoutSecretsProvider } from "../../infra/config/stackFile";
import { isEncrypted } from "../engine/settings";
import { CommandError, exitCodes } from "../exit";

type Settings = Readonly<Record<string, unknown>>;

/** Whose settings a drill goes by. */
export interface Rehearsed {
  readonly project: string;
  /** The environment whose repositories are applied. */
  readonly environment: string;
}

/**
 * The settings of a drill's stack: those of the stack that it rehearses, with an embedded cluster, and the keys in the
 * drill's own folder.
 *
 * @param text the other stack's settings file.
 * @throws CommandError if something in it is encrypted that only the other stack can decrypt.
 */
export function drillSettings(text: string, { project, environment }: Rehearsed): string {
  const content = (parse(withoutSecretsProvider(text)) ?? {}) as { readonly config?: Settings };
  const name = (setting: string): string => `${project}:${setting}`;
  // The kubeconfig is for the other stack's cluster, the Git host's node is that cluster's, and Azure is where that is. Nobody logs
  // in to a drill, and its lines are nobody's: they would go to the store of the other's. No authority issues certificates for it,
  // and above all it writes no DNS records.
  const unwanted = [
    "cluster",
    "azure",
    "git",
    "keys",
    "kubeconfig",
    "gitToken",
    "environment",
    "oidc",
    "clientSecrets",
    "logs",
    "certificates",
    "dns",
  ].map(name);
  const others = Object.entries(content.config ?? {}).filter(([key]) => !unwanted.includes(key));
  const encrypted = others.filter(([, value]) => isEncrypted(value)).map(([key]) => key);
  if (encrypted.length > 0) {
    throw new CommandError(
      `The settings have encrypted values that a drill can't read: ${encrypted.join(", ")}. Write them in clear if they are no secrets.`,
      exitCodes.usage,
    );
  }
  const cluster = sectionOf(content.config?.[name("cluster")]);
  const keys = sectionOf(content.config?.[name("keys")]);
  const flux = sectionOf(content.config?.[name("flux")]);
  return stringify({
    ...content,
    config: {
      ...Object.fromEntries(others),
      [name("environment")]: environment,
      [name("cluster")]: {
        kind: "local",
        ...(cluster["registries"] === undefined ? {} : { registries: cluster["registries"] }),
      },
      // Only Flux as it is made here has its images in the embedded cluster.
      [name("flux")]: { ...flux, manifests: { kind: "own" } },
      ...(keys["recipient"] === undefined ? {} : { [name("keys")]: { recipient: keys["recipient"] } }),
    },
  });
}

function sectionOf(value: unknown): Settings {
  return typeof value === "object" && value !== null ? (value as Settings) : {};
}
