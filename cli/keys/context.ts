import type { GitAccess } from "../../components/git/access";
import type { GitHost } from "../../components/git/host";
import { openGitHost } from "../../components/git/openHost";
import { ownPlaces, type Places, placesIn } from "../../components/git/places";
import { type SealedKey, sealedKeys } from "../../components/tenant/sealedKey";
import type { AgeKeyPair } from "../../infra/keys/age";
import { platformKeyName, type SecretStore, type StoreReference } from "../../infra/keys/store";
import { openStore, openStoreOf } from "../../infra/keys/stores";
import { adminKubeconfig } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { readOutputs, stateOf } from "../engine/operations";
import { isPlatformKey } from "../engine/recipients";
import type { Stack } from "../engine/stack";
import { CommandError } from "../exit";
import type { TimedProgress } from "../ui/timings";

/** What the commands for keys work on. */
export interface KeyContext {
  readonly stack: Stack;
  readonly progress: TimedProgress;
  readonly api: KubeApi;
  /** How the Git host is reached; its password is secret. */
  readonly access: GitAccess;
  readonly host: GitHost;
  /** Where that has the platform's repositories. */
  readonly places: Places;
  /** Names of the tenants that the stack has. */
  readonly tenants: readonly string[];
  /** Those of them that brought their repository along: nothing here may write into it. */
  readonly brought: readonly string[];
  /** The platform's keys, in clear. */
  readonly keys: SecretStore;
  /** The tenants' keys, sealed. */
  readonly sealed: SecretStore<SealedKey>;
}

/**
 * Opens what the commands for keys work on: a platform that runs, with its store.
 *
 * @throws CommandError if the stack has no platform.
 */
export async function openKeys(stack: Stack, progress: TimedProgress): Promise<KeyContext> {
  const resources = (await stateOf(stack))?.resources ?? [];
  const reference = resources.find((each) => isPlatformKey(each))?.inputs["store"];
  if (reference === undefined) {
    throw new CommandError(
      `The stack ${stack.name} has no platform whose keys could be changed; \`terp up --stack ${stack.name}\` raises it.`,
    );
  }
  const outputs = await readOutputs(stack);
  const access = outputs["git"] as GitAccess & { readonly organisation?: string };
  const { organisation } = access;
  const tenants = outputs["tenants"] as Readonly<Record<string, { readonly deployKey?: string }>>;
  const store = reference as StoreReference;
  return {
    stack,
    progress,
    api: new KubeApi(accessFrom(await adminKubeconfig(stack))),
    access,
    host: openGitHost(access),
    places: organisation === undefined ? ownPlaces : placesIn(organisation, outputs["environment"] as string),
    tenants: Object.keys(tenants).sort(),
    brought: Object.keys(tenants).filter((name) => tenants[name]?.deployKey !== undefined),
    keys: openStore(store),
    sealed: openStoreOf(sealedKeys, store),
  };
}

/**
 * The platform's key, from its store.
 *
 * @throws CommandError if the store has none.
 */
export async function platformKey({ keys, stack }: KeyContext): Promise<AgeKeyPair> {
  const key = await keys.get(platformKeyName);
  if (key !== undefined) return key;
  throw new CommandError(
    `${keys.describe()} has no key of the platform; \`terp up --stack ${stack.name}\` puts it back if the state has it.`,
  );
}
