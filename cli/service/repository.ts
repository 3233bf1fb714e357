import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { madeByArgocd } from "../../components/service/starterFiles";
import { environmentFolder } from "../../components/tenant/scaffold";
import { readServices, type ReadService, type ServiceFile, type ServicesRead } from "./read";
import { renderedFiles, renderedFolder, renderedMark, withServices } from "./render";

/** A change of one file; without a text it is removed. */
export interface FileWritten {
  readonly path: string;
  readonly text?: string | undefined;
}

function filesBelow(root: string, folder: string): readonly string[] {
  const full = join(root, folder);
  if (!existsSync(full)) return [];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1))
    .sort();
}

function textAt(root: string, path: string): string | undefined {
  const full = join(root, path);
  return existsSync(full) ? readFileSync(full, "utf8") : undefined;
}

/** The files of all services in a clone of a tenant's repository. */
export function serviceFiles(root: string): readonly ServiceFile[] {
  return filesBelow(root, "services")
    .filter((path) => /\.ya?ml$/.test(path))
    .map((path) => ({ path, text: textAt(root, path) ?? "" }));
}

/** Reads all of them. */
export function servicesIn(root: string, tenant?: string): ServicesRead {
  return readServices(serviceFiles(root), tenant);
}

/**
 * What has to be written, and removed, in a clone so that Flux applies what the services' files say. Nothing if that is so, or if
 * Argo CD makes them from the files.
 */
export function renderingChanges(root: string, services: readonly ReadService[]): readonly FileWritten[] {
  if (textAt(root, madeByArgocd) !== undefined) return [];
  const wanted = renderedFiles(services);
  const environments = new Set(services.map(({ environment }) => environment));
  const listed = Object.fromEntries(
    [...environments].flatMap((environment) => {
      const path = `${environmentFolder(environment)}/kustomization.yaml`;
      const text = textAt(root, path);
      return text === undefined ? [] : [[path, withServices(text)] as const];
    }),
  );
  const changed = Object.entries({ ...wanted, ...listed })
    .filter(([path, text]) => textAt(root, path) !== text)
    .map(([path, text]) => ({ path, text }));
  const stale = filesBelow(root, "environments")
    .filter((path) => dirname(path) === renderedFolder(path.split("/")[1] ?? ""))
    .filter((path) => !(path in wanted) && textAt(root, path)?.startsWith(renderedMark) === true)
    // Who lists the folder needs its kustomization, though there is no service left.
    .map((path) =>
      path.endsWith("/kustomization.yaml") ? { path, text: `${renderedMark}resources: []\n` } : { path },
    )
    .filter(({ path, text }: FileWritten) => text === undefined || textAt(root, path) !== text);
  return [...changed, ...stale];
}

/** Writes changes into a clone, each file beside its place first. */
export function writeChanges(root: string, changes: readonly FileWritten[]): void {
  for (const { path, text } of changes) {
    const full = join(root, path);
    if (text === undefined) {
      rmSync(full, { force: true });
      continue;
    }
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(`${full}.new`, text);
    renameSync(`${full}.new`, full);
  }
}
