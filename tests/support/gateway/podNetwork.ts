import assert from "node:assert/strict";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { images } from "../../../infra/versions";
import { at } from "../attacks/identities";
import { eventually } from "../eventually";
import { processOfPod } from "../podProcess";
import type { TrialPlatform } from "../trialPlatform";

/** The network of a pod, for programs of this machine's: pods of the embedded cluster reach nothing but each other. */
export interface PodNetwork {
  /** A process in it. */
  readonly process: number;
  readonly address: string;
}

/** A pod that does nothing, for its network. @param name The pod's, and that of its own namespace. */
export async function podNetwork(trial: TrialPlatform, api: KubeApi, name: string): Promise<PodNetwork> {
  const pods = at("v1", "pods", name);
  await api.post("/api/v1/namespaces", { metadata: { name } });
  const pod = {
    metadata: { name },
    spec: {
      automountServiceAccountToken: false,
      containers: [{ name: "network", image: images.podinfo, imagePullPolicy: "IfNotPresent" }],
    },
  };
  // The namespace's account is made a moment after it.
  await eventually(() => api.post(pods, pod), 30_000);
  return eventually(async () => {
    const [made] = await api.list(pods);
    assert.equal(made?.status["phase"], "Running");
    const found = processOfPod(trial, String(made.metadata["uid"]));
    assert.ok(found, `the pod ${name} has no process`);
    return { process: found, address: String(made.status["podIP"]) };
  });
}
