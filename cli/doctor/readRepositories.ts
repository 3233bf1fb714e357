import type { RepositoryPlace } from "../../components/git/host";
import type { Places } from "../../components/git/places";
import { keyPath, sealedKeyIn, sealedKeys, storedName } from "../../components/tenant/sealedKey";
import { generations, type Generations } from "../../infra/keys/generations";
import type { StoreReference } from "../../infra/keys/store";
import { openStoreOf } from "../../infra/keys/stores";
import { tenantsWithKeys } from "../drill/backup";
import type { GitReader } from "../git/reader";
import { recipientsInRules } from "../git/sealed";
import type { RepositoriesFacts, SealedKeyFacts, TenantFacts } from "./judgeRepositories";
import { reasonOf } from "./readPlatform";

/** What is asked of the repositories. */
export interface RepositoriesQuestion {
  readonly stack: string;
  readonly places: Places;
  /** Why there is no reader, where there is none. */
  readonly unreadable: string;
  readonly store: StoreReference;
  readonly platformRecipients: readonly string[];
  /** The tenants that the state knows; undefined if there is no state: then the platform repository tells them. */
  readonly tenants: readonly string[] | undefined;
  /** The tenants that brought their repository along: it isn't read. */
  readonly brought: readonly string[];
  /** Recipients by tenant, as the state says. */
  readonly known: Readonly<Record<string, string>>;
}

/**
 * Reads the platform repository and the tenants'. A host that can't be read is one of the facts.
 *
 * @param reader undefined if there is neither a Git host nor its data.
 */
export async function readRepositories(
  question: RepositoriesQuestion,
  reader: GitReader | undefined,
): Promise<RepositoriesFacts> {
  const { stack, platformRecipients } = question;
  const facts = { stack, host: reader?.description ?? "the Git host", platformRecipients };
  const nothing = { ...facts, platform: "absent", tenants: [] } as const;
  if (reader === undefined) return { ...nothing, unreachable: question.unreadable };
  try {
    const platform = await reader.standing(question.places.platform);
    const names = question.tenants ?? (await tenantsWithKeys(reader));
    const tenants: TenantFacts[] = [];
    for (const tenant of [...names].sort())
      tenants.push(await readTenant(tenant, question, { reader, hasPlatform: platform === "there" }));
    return { ...facts, platform, tenants };
  } catch (error) {
    return { ...nothing, unreachable: reasonOf(error) };
  }
}

async function readTenant(
  tenant: string,
  { store, known, places, brought }: RepositoriesQuestion,
  { reader, hasPlatform }: { readonly reader: GitReader; readonly hasPlatform: boolean },
): Promise<TenantFacts> {
  const place = places.tenant(tenant);
  const repository = brought.includes(tenant) ? "brought" : await reader.standing(place);
  const rules = repository === "there" ? await reader.read(place, ".sops.yaml") : undefined;
  return {
    tenant,
    key: hasPlatform ? await readKey(tenant, places.platform, reader) : undefined,
    copy: await readCopy(tenant, store),
    known: known[tenant],
    repository,
    rules: rules === undefined ? undefined : recipientsInRules(rules),
  };
}

async function readKey(
  tenant: string,
  platform: RepositoryPlace,
  reader: GitReader,
): Promise<SealedKeyFacts> {
  const text = await reader.read(platform, keyPath(tenant));
  if (text === undefined) return { kind: "absent" };
  const key = sealedKeyIn(text);
  if (key === undefined) return { kind: "unsealed" };
  return { kind: "sealed", ...generations(key), readers: key.readers };
}

/** From metadata alone. Why the store can't tell is for its health to say. */
async function readCopy(
  tenant: string,
  reference: StoreReference,
): Promise<Generations | "absent" | "unknown"> {
  try {
    const found = await openStoreOf(sealedKeys, reference).inspect(storedName(tenant));
    if (found === undefined) return "absent";
    return found.isDeleted ? "unknown" : found;
  } catch {
    return "unknown";
  }
}
