import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { readJson, writeIfChanged, writeWhole } from "../files";
import { hasNamespaces, takenRanges } from "./namespaces";
import { proxyPort, type NodeLayout, type NodeSpec } from "./spec";
import { chooseLink, isFree, linkOf, type Link } from "./subnet";

/** What a node chose at its first start and keeps. */
export interface NodeRecord {
  readonly link: Link;
  readonly proxyPort: number;
}

/** The lock of all nodes of this machine, for what they share: address ranges and mount points. */
export function machineLock(runDirectory: string): string {
  return join(dirname(runDirectory), ".lock");
}

/** What a node chose before; undefined if it never started. */
export function readRecord(layout: NodeLayout): NodeRecord | undefined {
  const record = readJson(layout.record) as { subnet?: unknown; proxyPort?: unknown } | undefined;
  if (typeof record?.subnet !== "string" || typeof record.proxyPort !== "number") return undefined;
  return { link: linkOf(record.subnet), proxyPort: record.proxyPort };
}

/**
 * The link that a node used before, or another if that one isn't free any more. Under the machine's lock only.
 */
export async function chooseRecord(layout: NodeLayout, name: string): Promise<NodeRecord> {
  const known = readRecord(layout);
  if (known !== undefined && hasNamespaces(layout)) return known;
  const taken = await takenRanges(layout.hostInterface);
  const link =
    known !== undefined && isFree(known.link.subnet, taken)
      ? known.link
      : chooseLink(preferenceOf(name), taken);
  const record = { link, proxyPort: known?.proxyPort ?? (await freePort()) };
  writeWhole(layout.record, JSON.stringify({ subnet: record.link.subnet, proxyPort: record.proxyPort }));
  return record;
}

function preferenceOf(name: string): number {
  return createHash("sha256").update(name).digest().readUInt16BE(0);
}

/** The proxy's usual port, or another if a program of this machine has it on all addresses. */
async function freePort(): Promise<number> {
  for (const port of [proxyPort, 0]) {
    const free = await new Promise<number | undefined>((resolve) => {
      const server = createServer();
      server.on("error", () => {
        resolve(undefined);
      });
      server.listen(port, "0.0.0.0", () => {
        const address = server.address();
        server.close(() => {
          resolve(typeof address === "object" && address !== null ? address.port : undefined);
        });
      });
    });
    if (free !== undefined) return free;
  }
  throw new Error("no free TCP port for the embedded node's pull proxy");
}

/**
 * Notes to which folder the running node of this name belongs.
 *
 * @throws if that is another folder.
 */
export function claimName(
  layout: NodeLayout,
  { name, directory }: Pick<NodeSpec, "name" | "directory">,
  alive: () => boolean,
): void {
  const owner = readJson(layout.owner) as { directory?: unknown } | undefined;
  if (typeof owner?.directory === "string" && owner.directory !== directory && alive()) {
    throw new Error(
      `node "${name}": one of this name runs already, with its data in ${owner.directory}; expected ${directory}. Remove that one first, or use another name`,
    );
  }
  writeIfChanged(layout.owner, JSON.stringify({ directory }));
}
