import type { PlatformConfig } from "../../infra/config";
import type { ConfigPurpose } from "../../infra/config/parse";
import { forStack, type StoreReference } from "../../infra/keys/store";
import { paths, type Paths } from "../../local/paths";
import { stateOf } from "./operations";
import { recipientsIn, type KnownRecipients } from "./recipients";
import { checkedConfig } from "./settings";
import { openStack, projectName, settingsText } from "./stack";
import { readState } from "./state";

/** The platform that a drill rehearses, as far as its settings tell. */
export interface Source {
  readonly stack: string;
  readonly project: string;
  /** The text of its settings. */
  readonly settings: string;
  readonly config: PlatformConfig;
  readonly places: Paths;
  readonly store: StoreReference;
  /** The Git host's data folder, if it is on this machine. */
  readonly gitFolder: string;
}

/**
 * Finds out what a stack's backup consists of.
 *
 * @param gitFolder the Git host's data folder. Default: as the settings say.
 * @throws CommandError if the stack has no settings, or wrong ones.
 */
export async function sourceOf(stack: string, gitFolder?: string): Promise<Source> {
  const project = await projectName();
  const settings = await settingsText(stack);
  const config = checkedConfig(settings, { project, stack });
  const places = paths(stack);
  return {
    stack,
    project,
    settings,
    config,
    places,
    store: forStack(config.keys.store ?? { kind: "file", folder: places.keys }, config.environment),
    gitFolder:
      gitFolder ?? (config.git.kind === "gitea" ? config.git.node?.dataFolder : undefined) ?? places.git,
  };
}

/**
 * A stack's settings, checked and with their defaults.
 *
 * @throws CommandError if the stack has none, or wrong ones.
 */
export async function configOf(stack: string, purpose?: ConfigPurpose): Promise<PlatformConfig> {
  const [project, settings] = [await projectName(), await settingsText(stack)];
  return checkedConfig(settings, { project, stack }, purpose);
}

/** What the state of a platform says of recipients; undefined if there is no state. @throws if it can't be read. */
export async function knownRecipients(
  { stack, project, config, places }: Source,
  signal: AbortSignal,
): Promise<KnownRecipients | undefined> {
  const state =
    config.cluster.kind === "local"
      ? await readState(places.state, project, stack)
      : await stateOf(await openStack(stack, signal));
  if (state === undefined || state.resources.length === 0) return undefined;
  return recipientsIn(state);
}
