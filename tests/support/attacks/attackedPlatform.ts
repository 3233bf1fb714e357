import type { Summary } from "../../../cli/status/summary";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import type { TrialPlatform } from "../trialPlatform";
import type { Attacker } from "./attacker";

/** A running platform with two tenants, one of which attacks. */
export interface AttackedPlatform {
  readonly trial: TrialPlatform;
  /** As its administrator. */
  readonly api: KubeApi;
  readonly attacker: Attacker;
  readonly raised: Summary;
}

/** What Flux says of an object: the message of its condition Ready, and whether it is met. */
export interface Verdict {
  readonly ready: boolean;
  readonly message: string;
}

/**
 * What Flux made of an object.
 *
 * @param path The object's path.
 * @throws as long as it hasn't finished with the object's newest generation.
 */
export async function verdictOf(api: KubeApi, path: string): Promise<Verdict> {
  const { metadata, status } = JSON.parse(await api.text(path)) as KubeObject;
  const ready = status.conditions?.find(({ type }) => type === "Ready");
  const isDecided =
    (ready?.status === "True" || ready?.status === "False") &&
    (ready as { readonly observedGeneration?: number }).observedGeneration === metadata["generation"] &&
    !/^(SourceNotReady|DependencyNotReady|ArtifactFailed)$/.test(ready.reason);
  if (!isDecided) throw new Error(`${path}: not decided: ${JSON.stringify(status)}`);
  return { ready: ready.status === "True", message: ready.message };
}
