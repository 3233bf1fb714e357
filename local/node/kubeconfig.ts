import { parse, stringify } from "yaml";
import type { Pair } from "./certificates";

/** What a kubeconfig says. */
export interface KubeconfigContent {
  /** A name for the cluster: "local". */
  readonly cluster: string;
  readonly server: string;
  /** The certificate authority, as PEM. */
  readonly authority: string;
  readonly user: string;
  readonly pair: Pair;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A kubeconfig with one cluster and one user, everything embedded. */
export function kubeconfigOf(content: KubeconfigContent): string {
  const { cluster, server, authority, user, pair } = content;
  const context = `terp-${cluster}`;
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: context, cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [
      {
        name: `${context}-${user}`,
        user: { "client-certificate-data": base64(pair.certificate), "client-key-data": base64(pair.key) },
      },
    ],
    contexts: [{ name: context, context: { cluster: context, user: `${context}-${user}` } }],
    "current-context": context,
  });
}

/** The parts of a kubeconfig that a TLS connection needs. */
export interface Connection {
  readonly server: string;
  readonly authority: string;
  readonly pair: Pair;
}

/** Reads a kubeconfig of {@link kubeconfigOf} back. */
export function connectionOf(kubeconfig: string): Connection {
  const document = parse(kubeconfig) as {
    clusters: { cluster: Record<string, string> }[];
    users: { user: Record<string, string> }[];
  };
  const cluster = document.clusters[0]?.cluster;
  const user = document.users[0]?.user;
  const decode = (value: string | undefined): string => Buffer.from(value ?? "", "base64").toString("utf8");
  return {
    server: cluster?.["server"] ?? "",
    authority: decode(cluster?.["certificate-authority-data"]),
    pair: { certificate: decode(user?.["client-certificate-data"]), key: decode(user?.["client-key-data"]) },
  };
}
