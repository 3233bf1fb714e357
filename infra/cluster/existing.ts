import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import type { ExistingCluster, KubeconfigSource } from "../config/existingSection";
import { messageOf } from "../fault";
import { inHome } from "../home";
import { clusterProvider, type ClusterHandle } from "./handle";

/**
 * A cluster that somebody else made.
 *
 * @param cluster which one.
 * @param kubeconfig its kubeconfig's text; see {@link kubeconfigText}.
 * @throws if the kubeconfig has no context of the configuration's name.
 */
export function existingCluster(cluster: ExistingCluster, kubeconfig: pulumi.Input<string>): ClusterHandle {
  const { context } = cluster.kubeconfig;
  const chosen = pulumi.secret(
    pulumi.output(kubeconfig).apply((text) => (context === undefined ? text : withContext(text, context))),
  );
  return { name: cluster.name, kubeconfig: chosen, provider: clusterProvider(cluster.name, chosen) };
}

/**
 * The text of the kubeconfig that a configuration points to.
 *
 * @param source where it is.
 * @param secret the stack's secret `kubeconfig`, where the configuration points to it.
 * @throws if it can't be read, or isn't there.
 */
export async function kubeconfigText(
  source: KubeconfigSource,
  secret: pulumi.Output<string> | undefined,
): Promise<string> {
  switch (source.kind) {
    case "secret":
      if (secret === undefined) {
        throw new Error(
          "cluster.kubeconfig: the stack has no secret of this name; type `pulumi config set --secret kubeconfig < FILE`",
        );
      }
      // A setting is always known.
      return new Promise((settle) => {
        secret.apply(settle);
      });
    case "stack":
      return otherStacksOutput(source);
    case "file":
      return fileContent(source.path);
  }
}

async function otherStacksOutput({ stack, output }: { stack: string; output: string }): Promise<string> {
  const details = await new pulumi.StackReference(stack).getOutputDetails(output);
  const found: unknown = details.secretValue ?? details.value;
  if (typeof found === "string") return found;
  throw new Error(
    `cluster.kubeconfig.output: stack "${stack}" has ${found === undefined || found === null ? "no output" : "something else in its output"} "${output}"; expected a kubeconfig's text`,
  );
}

function fileContent(path: string): string {
  const file = inHome(path);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = messageOf(error);
    throw new Error(`cluster.kubeconfig.path: ${file} can't be read (${reason}); expected a kubeconfig`, {
      cause: error,
    });
  }
}

/**
 * The kubeconfig with another current context.
 *
 * @throws if it has none of this name, with those that it has.
 */
export function withContext(text: string, context: string): string {
  const document = parse(text) as { readonly contexts?: readonly { readonly name?: string }[] } | null;
  const names = (document?.contexts ?? []).map(({ name }) => name ?? "");
  if (!names.includes(context)) {
    throw new Error(
      `cluster.kubeconfig.context: the kubeconfig has no context "${context}"; expected one of ${names.join(", ") || "none: it has no contexts"}`,
    );
  }
  return stringify({ ...document, "current-context": context });
}
