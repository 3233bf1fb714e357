import type { CommitQueue } from "../git/commitQueue";
import type { GitHost, RepositoryPlace } from "../git/host";
import { keyPath, retiredKeyPath } from "./sealedKey";

/** The platform repository, and what changes it. */
export interface KeyRepository {
  readonly host: GitHost;
  readonly place: RepositoryPlace;
  readonly queue: CommitQueue;
}

/**
 * Moves a tenant's key to where Flux doesn't look and a tenant of that name finds it again. One that isn't there, or was killed on the
 * way, is no fault. Its copy stays in the store.
 */
export async function retireKey(tenant: string, { host, place, queue }: KeyRepository): Promise<void> {
  const path = keyPath(tenant);
  const file = await host.readFile(place, path);
  if (file === undefined) return;
  const retired = await host.readFile(place, retiredKeyPath(tenant));
  if (retired === undefined) {
    await queue.add(`Keep the key of ${tenant}`, {
      operation: "create",
      path: retiredKeyPath(tenant),
      content: file.content,
    });
  }
  await queue.add(`Retire the key of ${tenant}`, { operation: "delete", path, version: file.version });
}
