import type { PlatformConfig, PlatformSecrets } from "../../infra/config";
import type { Outputs } from "../../stacks/outputs";
import { platform } from "../../stacks/platform";
import { dynamicOutputs } from "./aTenantPlatform";
import { azureAnswers, kubeconfigAnswer } from "./azureRun";
import { recorder, type Recorded, type Recorder } from "./recorder";

/** The private half of the platform's key, as its provider answers. */
export const identity = "AGE-SECRET-KEY-1PLATFORM";

/** What providers would answer. */
function answers(resource: Recorded): Record<string, unknown> {
  switch (resource.type) {
    case "pulumi-nodejs:dynamic/keys:AgeKey":
      return { recipient: "age1platform", identity, former: [] };
    case "pulumi-nodejs:dynamic/cluster:LocalCluster":
      return { kubeconfig: "the kubeconfig", nodeAddress: "10.0.0.2", hostAddress: "10.0.0.1" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "the host's password" };
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyOpenssh: "the host's private key", publicKeyOpenssh: "ssh-ed25519 HOST\n" };
    default:
      return resource.type.startsWith("azure-native:") ? azureAnswers(resource) : dynamicOutputs(resource);
  }
}

/** What a run asked of the engine, and what it gave. */
export interface Made {
  readonly record: Recorder;
  readonly outputs: Outputs;
}

/** What a run with this configuration asks of the engine. */
export async function run(config: PlatformConfig, secrets: PlatformSecrets = {}): Promise<Made> {
  const record = recorder({ outputs: answers, call: kubeconfigAnswer });
  const outputs = await platform(config, secrets);
  await record.settled();
  return { record, outputs };
}

/** What is in the cluster: all of Kubernetes' objects. */
export function objectsIn(record: Recorder): readonly Recorded[] {
  return record.resources.filter(({ type }) => type.startsWith("kubernetes:"));
}

/** What isn't a component: those are only in the state. */
export function customIn(record: Recorder): readonly Recorded[] {
  return record.resources.filter(({ custom }) => custom);
}

/** Logical names of all that a resource waits for: what it depends on, and the components that it is in. */
export function waitsFor(
  record: Recorder,
  resource: Recorded,
  known = new Set<string>(),
): ReadonlySet<string> {
  const component = record.resources.find(({ name, custom }) => name === resource.parent && !custom);
  if (component !== undefined) waitsFor(record, component, known);
  for (const name of resource.dependsOn.filter((each) => !known.has(each))) {
    known.add(name);
    const found = record.resources.find((one) => one.name === name && one.custom);
    if (found !== undefined) waitsFor(record, found, known);
  }
  return known;
}
