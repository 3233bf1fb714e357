import { setTimeout as sleep } from "node:timers/promises";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import type { Engine } from "../../../components/tenant/engine";
import { at, control } from "./identities";

/** What an engine says of a commit; undefined if all of it was applied, and null as long as it hasn't made up its mind. */
type Verdict = string | undefined | null;

/** How long an engine may take to make up its mind, in milliseconds. */
const patience = 90_000;

/** Waits for what an engine says of a commit of team-blue's. @returns undefined if it was applied. */
export async function engineVerdict(
  engine: Engine,
  api: KubeApi,
  commit: string,
): Promise<string | undefined> {
  if (engine === "argocd") await askAnew(api);
  const ask = engine === "argocd" ? argocdVerdict : fluxVerdict;
  const deadline = Date.now() + patience;
  for (;;) {
    const said = await ask(api, commit);
    if (said !== null) return said;
    if (Date.now() > deadline) throw new Error(`${engine} doesn't say anything of ${commit}`);
    await sleep(100);
  }
}

async function fluxVerdict(api: KubeApi, commit: string): Promise<Verdict> {
  const path = at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps");
  const { status } = JSON.parse(await api.text(path)) as KubeObject;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  // While it works on a commit the verdict is still that on the one before.
  const isWorking = status.conditions?.some(
    ({ type, reason }) => type === "Reconciling" && reason === "Progressing",
  );
  const isDecided =
    String(status["lastAttemptedRevision"]).includes(commit) &&
    ready?.status !== "Unknown" &&
    isWorking !== true;
  if (!isDecided || ready === undefined) return null;
  return ready.status === "True" ? undefined : ready.message;
}

const application = at("argoproj.io/v1alpha1", "applications", "argocd", "team-blue");
const refresh = "argocd.argoproj.io/refresh";

/** An Application, as far as it says what became of a commit. */
interface ApplicationStatus {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly status: {
    readonly sync?: { readonly revision?: string; readonly status?: string };
    readonly conditions?: readonly { readonly type: string; readonly message: string }[];
    readonly operationState?: {
      readonly phase: string;
      readonly message?: string;
      readonly finishedAt?: string;
      readonly operation: { readonly sync?: { readonly revision?: string } };
      readonly syncResult?: { readonly revision?: string };
    };
  };
}

/** Of every commit, for Argo CD leaves the example's Secret to Flux. */
const always = "Resource /Secret greeting is excluded in the settings";

/** Has Argo CD look at the repository now, and not first try again what it couldn't apply of an earlier commit. */
async function askAnew(api: KubeApi): Promise<void> {
  const { status } = JSON.parse(await api.text(application)) as ApplicationStatus;
  const isTrying = status.operationState?.phase === "Running";
  const end = { status: { operationState: { phase: "Terminating" } } };
  const annotations = { [refresh]: "hard" };
  await api.merge(application, { metadata: { annotations }, ...(isTrying ? end : {}) }, "test");
}

async function argocdVerdict(api: KubeApi, commit: string): Promise<Verdict> {
  const { metadata, status } = JSON.parse(await api.text(application)) as ApplicationStatus;
  // It takes the annotation away when it has looked.
  if (metadata.annotations?.[refresh] !== undefined) return null;
  const { sync, conditions = [], operationState } = status;
  const said = conditions
    .filter(({ message }) => message !== always)
    .map(({ type, message }) => `${type}: ${message}`);
  if (said.some((each) => /^(ComparisonError|InvalidSpecError)/.test(each))) return said.join("\n");
  if (sync?.revision !== commit) return null;
  if (sync.status === "Synced") return said.length === 0 ? undefined : said.join("\n");
  const isOfCommit = operationState?.syncResult?.revision === commit;
  const hasFailed = operationState?.finishedAt !== undefined && operationState.phase !== "Succeeded";
  if (!isOfCommit || !hasFailed) return null;
  return `${said.join("\n")}\n${operationState.message ?? ""}\n${JSON.stringify(operationState.syncResult)}`;
}
