import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import type { ExistingCluster } from "../config/existingSection";
import { inHome } from "../home";
import { clusterProvider, type ClusterHandle } from "./handle";

/**
 * A cluster that somebody else made.
 *
 * @param cluster which one, and where its kubeconfig is.
 * @param secret the stack's secret `kubeconfig`, where the configuration points to it.
 * @throws if the kubeconfig's file can't be read, or has no such context.
 */
export function existingCluster(cluster: ExistingCluster, secret?: pulumi.Output<string>): ClusterHandle {
  const { context } = cluster.kubeconfig;
  const kubeconfig = pulumi.secret(
    content(cluster, secret).apply((text) => (context === undefined ? text : withContext(text, context))),
  );
  return { name: cluster.name, kubeconfig, provider: clusterProvider(cluster.name, kubeconfig) };
}

function content(cluster: ExistingCluster, secret: pulumi.Output<string> | undefined): pulumi.Output<string> {
  const source = cluster.kubeconfig;
  switch (source.kind) {
    case "secret":
      if (secret !== undefined) return secret;
      throw new Error(
        "cluster.kubeconfig: the stack has no secret of this name; type `pulumi config set --secret kubeconfig < FILE`",
      );
    case "stack":
      return new pulumi.StackReference(source.stack)
        .getOutput(source.output)
        .apply((output: unknown) => kubeconfigIn(output, source));
    case "file":
      return pulumi.output(fileContent(source.path));
  }
}

function kubeconfigIn(output: unknown, { stack, output: name }: { stack: string; output: string }): string {
  if (typeof output === "string") return output;
  throw new Error(
    `cluster.kubeconfig.output: stack "${stack}" has ${output === undefined ? "no output" : "something else in its output"} "${name}"; expected a kubeconfig's text`,
  );
}

function fileContent(path: string): string {
  const file = inHome(path);
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
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
