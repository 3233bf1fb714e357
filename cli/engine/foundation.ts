import { createHash } from "node:crypto";
import { writeWhole } from "../../local/files";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { settingsText } from "./stack";
import type { StackState } from "./state";
import { parseUrn } from "./urn";

/**
 * What the last completed run of a stack stood on. If it is the same now, only tenants can differ: everything that is created then is
 * found again in the cluster by its name, and the state may be written once, at the end (DESIGN.md, decision 11).
 */
const record = z.object({
  version: z.literal(1),
  /** Of the code and settings of everything but tenants. */
  sources: z.string(),
  /** Of the URNs of everything but tenants. */
  resources: z.string(),
});

/** See {@link record}. */
export type Foundation = z.infer<typeof record>;

const folders = ["infra", "components", "stacks", "local"];
const files = ["Pulumi.yaml", "package.json", "package-lock.json", "tsconfig.json"];
const tenantsFile = join("stacks", "tenants.ts");
const tenantType = "terp:tenant:Tenant";

/** A digest of the URNs in the state that aren't a tenant's. */
export function resourcesDigest(state: StackState): string {
  const urns = state.resources
    .map((each) => each.urn)
    .filter((urn) => {
      const { type, parentTypes } = parseUrn(urn);
      return ![type, ...parentTypes].includes(tenantType);
    });
  return digest(urns.sort().join("\n"));
}

/** A digest of the code and settings that decide what a stack consists of, the list of its tenants left out. */
export async function sourcesDigest(project: string, stack: string): Promise<string> {
  const names = [...files];
  for (const folder of folders) {
    const entries = await readdir(join(project, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    );
    for (const entry of entries) {
      if (entry.isFile()) names.push(join(entry.parentPath, entry.name).slice(project.length + 1));
    }
  }
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    if (name === tenantsFile) continue;
    const content = await readFile(join(project, name)).catch(() => "");
    hash.update(`${name}\0${digest(content)}\n`);
  }
  hash.update(digest(await settings(stack, project)));
  return hash.digest("hex");
}

/** The decision: may the run go without a checkpoint for each resource? With the reason if it may not. */
export function fastPathRefusal(
  recorded: Foundation | undefined,
  sources: string,
  state: StackState | undefined,
): string | undefined {
  if (state === undefined || state.resources.length === 0) return "the stack is new";
  if (state.pendingOperations > 0) return "the last run was cut off";
  if (recorded === undefined) return "no run has been completed yet";
  if (recorded.sources !== sources) return "code or settings of the platform have changed";
  if (recorded.resources !== resourcesDigest(state))
    return "the platform's resources in the state have changed";
  return undefined;
}

/** Reads what {@link rememberFoundation} wrote; undefined if there is nothing readable. */
export async function readFoundation(file: string): Promise<Foundation | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return record.parse(JSON.parse(text));
  } catch {
    return undefined; // a slower run is all that it costs
  }
}

/** Writes what a completed run stood on. */
export function rememberFoundation(file: string, sources: string, state: StackState): void {
  const foundation: Foundation = { version: 1, sources, resources: resourcesDigest(state) };
  writeWhole(file, JSON.stringify(foundation));
}

/** The settings without the salt, which Pulumi adds during the first run. */
async function settings(stack: string, project: string): Promise<string> {
  const text = await settingsText(stack, project).catch(() => "");
  const content: unknown = parse(text);
  if (typeof content !== "object" || content === null) return "";
  return JSON.stringify({ ...content, encryptionsalt: undefined });
}

function digest(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}
