import { defaultBranch, platformPlace, tenantRepository } from "../../components/git/names";
import { environmentFolder } from "../../components/tenant/scaffold";
import { keyPath, sealedKeyIn } from "../../components/tenant/sealedKey";
import { generations, type Generations } from "../../infra/keys/generations";
import { DataFolderReader } from "../git/dataFolder";
import type { GitReader } from "../git/reader";
import { sealedSecretsIn } from "../git/sealed";

/** What the repositories in a backup hold of a tenant. */
export interface TenantBackup {
  /** Its key in the platform repository; undefined if there is none. */
  readonly key: Generations | undefined;
  /** What Flux calls the newest commit, e.g. `main@sha1:…`; undefined if there is none. */
  readonly revision: string | undefined;
  /** Names of the Secrets that its repository holds sealed in the environment's folder. */
  readonly sealed: readonly string[];
}

/** The tenants whose keys a platform repository holds. */
export async function tenantsWithKeys(reader: GitReader): Promise<readonly string[]> {
  const files = await reader.list(platformPlace, "tenants");
  return files.flatMap((path) => /^tenants\/([^/]+)\/age\.yaml$/.exec(path)?.[1] ?? []);
}

/**
 * What the repositories in a copy of the Git host's data hold, by tenant.
 *
 * @param environment whose folder is applied.
 */
export async function readBackup(
  folder: string,
  environment: string,
  tenants: readonly string[],
): Promise<Readonly<Record<string, TenantBackup>>> {
  const reader = new DataFolderReader(folder);
  const all = [...new Set([...(await tenantsWithKeys(reader)), ...tenants])].sort();
  const found: Record<string, TenantBackup> = {};
  for (const tenant of all) found[tenant] = await tenantBackup(reader, environment, tenant);
  return found;
}

async function tenantBackup(
  reader: DataFolderReader,
  environment: string,
  tenant: string,
): Promise<TenantBackup> {
  const place = { organisation: tenant, repository: tenantRepository };
  const key = await reader.read(platformPlace, keyPath(tenant));
  const sealed = key === undefined ? undefined : sealedKeyIn(key);
  const isThere = (await reader.standing(place)) === "there";
  const commit = isThere ? await reader.commit(place) : undefined;
  const secrets = new Set<string>();
  for (const path of isThere ? await reader.list(place, environmentFolder(environment)) : []) {
    if (!/\.(ya?ml|json)$/.test(path)) continue;
    for (const { name } of sealedSecretsIn((await reader.read(place, path)) ?? "")) secrets.add(name);
  }
  return {
    key: sealed === undefined ? undefined : generations(sealed),
    revision: commit === undefined ? undefined : `${defaultBranch}@sha1:${commit}`,
    sealed: [...secrets].sort(),
  };
}
