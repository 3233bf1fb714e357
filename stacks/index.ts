import * as pulumi from "@pulumi/pulumi";
import { type PlatformSecrets, parseConfig } from "../infra/config";
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

function secrets(config: pulumi.Config): PlatformSecrets {
  const kubeconfig = config.getSecret("kubeconfig");
  const clientSecrets = config.getSecretObject<Record<string, string>>("clientSecrets");
  return { ...(kubeconfig && { kubeconfig }), ...(clientSecrets && { clientSecrets }) };
}

/** The program: Pulumi calls it, and takes what it returns as the stack's outputs. */
export = () => {
  const project = pulumi.getProject();
  const config = parseConfig({
    environment: pulumi.getStack(),
    values: settings(project),
    secrets: secretSettings(project),
  });
  return platform(config, secrets(new pulumi.Config()));
};
