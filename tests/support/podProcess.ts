import { layoutOf } from "../../local/node";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "../../local/node/cgroups";
import type { TrialPlatform } from "./trialPlatform";

/** A process of a trial's pod, by the pod's uid: in its network. `undefined` where none runs. */
export function processOfPod(trial: Pick<TrialPlatform, "stack" | "paths">, uid: string): number | undefined {
  const { node, run } = trial.paths;
  const layout = layoutOf({ name: trial.stack, directory: node, runDirectory: run });
  const folders = foldersOf(cgroupsOfThisMachine(), layout.cgroup).filter((each) =>
    each.includes(`pod${uid}`),
  );
  return folders.flatMap((folder) => processesIn(folder))[0];
}
