import { stringify } from "yaml";

import { fileOf, volumeEntry, withoutTraces, type Exportable } from "./exportable";

/** What an export is made from. */
export interface ExportSource {
  readonly tenant: string;
  readonly environment: string;
  readonly namespaces: readonly string[];
  /** When, in ISO 8601. */
  readonly at: string;
  readonly objects: readonly Exportable[];
  /** What couldn't be read, in words. */
  readonly unread: readonly string[];
  /** The repository, as `git bundle` writes it; absent if it has no commit, or isn't reached. */
  readonly bundle: Uint8Array | undefined;
  /** Why the repository isn't reached. */
  readonly unreachable?: string;
  /** Encrypts a Secret, as YAML, to the tenant. */
  readonly seal: (manifest: string) => Promise<string>;
}

/** Where the repository lies in an export. */
export const bundleFile = "repository.bundle";

/** How long a name a folder may get from the time of an export. */
const seconds = 19;

/** The folder of an export, below the tenant's: when it was made, without characters that a file system may refuse. */
export function exportFolderName(at: string): string {
  return at.slice(0, seconds).replaceAll(":", "-");
}

/**
 * The files of an export by their paths: every object as a manifest, Secrets encrypted to the tenant, the repository, the
 * list of volumes, and what it is.
 *
 * @throws if a Secret can't be encrypted: it is never written in clear.
 */
export async function exportFiles(source: ExportSource): Promise<ReadonlyMap<string, string | Uint8Array>> {
  const files = new Map<string, string | Uint8Array>();
  for (const object of source.objects) {
    const manifest = stringify(withoutTraces(object));
    files.set(
      fileOf(object),
      object.kind === "Secret" && hasData(object) ? await source.seal(manifest) : manifest,
    );
  }
  const volumes = source.objects.filter(({ kind }) => kind === "PersistentVolumeClaim").map(volumeEntry);
  files.set("volumes.yaml", stringify({ volumes }));
  if (source.bundle !== undefined) files.set(bundleFile, source.bundle);
  files.set("README.md", readme(source, volumes.length));
  return files;
}

function hasData(secret: Exportable): boolean {
  return Object.keys((secret["data"] as object | undefined) ?? {}).length > 0;
}

function readme(source: ExportSource, volumes: number): string {
  const { tenant, environment, at, namespaces, objects, unread, bundle, unreachable } = source;
  const missing = unread.length === 0 ? [] : ["", "Not readable:", "", ...unread.map((each) => `- ${each}`)];
  return [
    `# ${tenant}, as it was in ${environment} at ${at}`,
    "",
    `- \`manifests/\`: ${String(objects.length)} objects of ${namespaces.join(", ")}. Secrets are encrypted to the tenant's key: \`sops decrypt FILE\` with its identity.`,
    bundle === undefined
      ? `- No repository: ${unreachable ?? "it had no commit."}`
      : `- \`${bundleFile}\`: the repository with its history, as the branch \`bundle\`. \`git clone -b bundle ${bundleFile} apps\``,
    `- \`volumes.yaml\`: ${String(volumes)} volume claims. Their data isn't here: copy it before the tenant is removed.`,
    ...missing,
    "",
  ].join("\n");
}
