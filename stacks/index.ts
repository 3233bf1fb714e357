import * as pulumi from "@pulumi/pulumi";
import { kubeconfigText } from "../infra/cluster/existing";
import type * as UpFront from "../infra/cluster/upFront";
import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import { parseConfig } from "../infra/config/parse";
import { holdBack } from "./holdBack";
import { platform } from "./platform";

/** The stack's settings of this project, as text, by their names without the project's. */
function settings(project: string): Record<string, string> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(pulumi.runtime.allConfig())
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** Names of the settings that the stack keeps encrypted. */
function secretSettings(project: string): string[] {
  const prefix = `${project}:`;
  // The language host's own contract with the program; the SDK has no public call for it.
  const names = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** What the platform is given in secret; the cluster that it is for has been looked at, if it is somebody else's. */
async function secrets({ cluster, oidc }: PlatformConfig, config: pulumi.Config): Promise<PlatformSecrets> {
  const clientSecrets = config.getSecretObject<Record<string, string>>("clientSecrets");
  const gitToken = config.getSecret("gitToken");
  const others = { ...(clientSecrets && { clientSecrets }), ...(gitToken && { gitToken }) };
  if (cluster.kind !== "existing") return others;
  const kubeconfig = await kubeconfigText(cluster.kubeconfig, config.getSecret("kubeconfig"));
  // Only who has such a cluster loads what asks it.
  const { checkUpFront } = require("../infra/cluster/upFront") as typeof UpFront;
  await checkUpFront(cluster, kubeconfig, { oidc, isPreview: pulumi.runtime.isDryRun() });
  return { ...others, kubeconfig: pulumi.secret(kubeconfig) };
}

/** The program: Pulumi calls it, and takes what it returns as the stack's outputs. */
export = async () => {
  const project = pulumi.getProject();
  const config = parseConfig({
    environment: pulumi.getStack(),
    values: settings(project),
    secrets: secretSettings(project),
  });
  const given = await secrets(config, new pulumi.Config());
  const held = holdBack();
  try {
    const outputs = await platform(config, given);
    held.release();
    return outputs;
  } catch (error) {
    held.giveUp(error);
    throw error;
  }
};
