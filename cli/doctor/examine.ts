import { stat } from "node:fs/promises";
import type { GitAccess } from "../../components/git/access";
import { openGitHost } from "../../components/git/openHost";
import { ownPlaces, type Places, placesIn } from "../../components/git/places";
import { openStore } from "../../infra/keys/stores";
import { platformKeyName, type StoredKey } from "../../infra/keys/store";
import type { Progress } from "../../local/progress";
import { reportsFolder } from "../drill/place";
import { lastReport } from "../drill/report";
import { recipientsIn } from "../engine/recipients";
import { sourceOf, type Source } from "../engine/source";
import { DataFolderReader } from "../git/dataFolder";
import { HostReader } from "../git/hostReader";
import type { GitReader } from "../git/reader";
import { deployKeysOf, tenantsOf } from "../status/inspect";
import type { Diagnosis, Finding } from "./finding";
import { judgeKeys } from "./judgeKeys";
import { judgeCertificates, judgeCluster, judgeDrill, judgeState, judgeTroubles } from "./judgePlatform";
import { judgeRepositories } from "./judgeRepositories";
import { readCertificates, readClusterFacts, readStateFacts, type ClusterReading } from "./readPlatform";
import { readRepositories } from "./readRepositories";

/** How to look. */
export interface Examination {
  readonly progress: Progress;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
}

/**
 * Finds what would fail in a disaster. Changes nothing; what can't be reached is a finding.
 *
 * @throws CommandError if the stack has no settings, or wrong ones; Interrupted.
 */
export async function examine(stack: string, { progress, signal }: Examination): Promise<Diagnosis> {
  const source = await sourceOf(stack);
  const now = new Date();
  const look = <T>(title: string, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted();
    return progress.step(title, work);
  };
  const reading = await look("state", () => readStateFacts(source, signal));
  const cluster = await look("cluster", () => readClusterFacts(source, reading.kubeconfig));
  const known = reading.state === undefined ? undefined : recipientsIn(reading.state);
  const tenants = reading.state === undefined ? undefined : tenantsOf(reading.state);
  const stored = await look("key store", () => readStore(source));
  // Also those that the store doesn't have: that it has another key is one finding, and not one more for each tenant.
  const platformRecipients = [
    ...(stored.key?.isDeleted === false ? [stored.key.recipient, ...(stored.key.former ?? [])] : []),
    known?.recipient,
    cluster.recipient,
  ].filter((each) => each !== undefined);
  const question = {
    stack,
    places: placesOf(source),
    unreadable: whyUnreadable(source),
    store: source.store,
    platformRecipients,
    tenants,
    brought: Object.keys(deployKeysOf(reading.state)),
    known: known?.tenants ?? {},
  };
  const repositories = await look("repositories", async () =>
    readRepositories(question, await gitReader(source, cluster, reading.git)),
  );
  const drill = await lastReport(reportsFolder(source.places));
  const findings: readonly Finding[] = [
    ...judgeKeys({
      stack,
      ...stored.facts,
      stored: stored.key,
      others: {
        settings: source.config.keys.recipient,
        state: known?.recipient,
        cluster: cluster.recipient,
      },
    }),
    ...judgeState(stack, reading.facts),
    ...judgeCluster(stack, cluster.facts),
    ...judgeRepositories(repositories),
    ...judgeCertificates(stack, readCertificates(source, cluster.access), now),
    ...judgeTroubles(cluster.troubles ?? []),
    ...judgeDrill(stack, drill, now),
  ];
  return { stack, healthy: findings.every((each) => each.severity !== "fault"), findings };
}

function placesOf({ config: { environment, git } }: Source): Places {
  if (git.kind === "gitea") return ownPlaces;
  return placesIn(git.kind === "github" ? git.organisation : git.group, environment);
}

function whyUnreadable({ config: { git } }: Source): string {
  return git.kind === "gitea"
    ? "the Git host doesn't run, and its data aren't on this machine"
    : `the token for ${git.url} is in the state, which can't be read`;
}

interface StoreReading {
  readonly facts: {
    readonly store: string;
    readonly howToSetAside: string;
    readonly health: Awaited<ReturnType<ReturnType<typeof openStore>["health"]>>;
  };
  readonly key: StoredKey | undefined;
}

async function readStore({ store: reference }: Source): Promise<StoreReading> {
  const store = openStore(reference);
  const health = await store.health(platformKeyName);
  // What it can't tell, its health says.
  const key = await store.inspect(platformKeyName).catch(() => undefined);
  return {
    facts: { store: store.describe(), howToSetAside: store.howToSetAside(platformKeyName), health },
    key,
  };
}

/**
 * The running Git host; where it doesn't run, its data if they are on this machine.
 *
 * @param outside How a Git host outside the cluster is reached, as the state says.
 */
async function gitReader(
  { config, gitFolder }: Source,
  cluster: ClusterReading,
  outside: GitAccess | undefined,
): Promise<GitReader | undefined> {
  if (config.git.kind !== "gitea")
    return outside === undefined ? undefined : new HostReader(openGitHost(outside));
  if (cluster.git !== undefined) return cluster.git;
  const isHere = await stat(gitFolder).then(
    () => true,
    () => false,
  );
  return isHere ? new DataFolderReader(gitFolder) : undefined;
}
