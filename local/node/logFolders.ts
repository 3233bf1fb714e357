import { join } from "node:path";

/** Where a node has what becomes logs, and what looks after them. All are absolute. */
export interface LogFolders {
  /** What containers write, a folder for each pod. */
  readonly pods: string;
  /** What the collector remembers. */
  readonly collector: string;
  /** What Loki keeps. */
  readonly loki: string;
}

/**
 * The folders for logs of a node.
 *
 * @param directory the node's folder: they go with it.
 */
export function logFolders(directory: string): LogFolders {
  return {
    pods: join(directory, "pods"),
    collector: join(directory, "collector"),
    loki: join(directory, "loki"),
  };
}
