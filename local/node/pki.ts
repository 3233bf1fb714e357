import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  newAuthority,
  newCertificate,
  newSigningKey,
  reasonToRenew,
  type Pair,
  type Subject,
} from "./certificates";
import { readIfThere, writeIfChanged, writeWhole } from "../files";
import { kubeconfigOf } from "./kubeconfig";
import { apiPort, apiServiceAddress, type NodeLayout } from "./spec";
import type { Link } from "./subnet";

/** The authorities of a node. */
type Authority = "ca" | "front-proxy-ca";

/** The users for whom a kubeconfig is written. */
export const kubeconfigUsers = [
  "admin",
  "controller-manager",
  "scheduler",
  "kube-proxy",
  "kubelet",
  "netpol",
] as const;

/** What a node's certificates say. */
export function certificatesOf(
  name: string,
  link: Link,
): Readonly<Record<string, Subject & { readonly authority: Authority }>> {
  const client = (commonName: string, organization?: string) =>
    ({
      commonName,
      usage: "client",
      authority: "ca",
      ...(organization === undefined ? {} : { organization }),
    }) as const;
  return {
    apiserver: {
      commonName: "kube-apiserver",
      usage: "server",
      authority: "ca",
      dnsNames: [
        "kubernetes",
        "kubernetes.default",
        "kubernetes.default.svc",
        "kubernetes.default.svc.cluster.local",
        "localhost",
      ],
      addresses: ["127.0.0.1", apiServiceAddress, link.nodeAddress],
    },
    "apiserver-kubelet-client": client("kube-apiserver-kubelet-client", "system:masters"),
    "front-proxy-client": { commonName: "front-proxy-client", usage: "client", authority: "front-proxy-ca" },
    admin: client("kubernetes-admin", "system:masters"),
    "controller-manager": client("system:kube-controller-manager"),
    scheduler: client("system:kube-scheduler"),
    "kube-proxy": client("system:kube-proxy"),
    kubelet: client(`system:node:${name}`, "system:nodes"),
    // Its rights come from a ClusterRole of ours, bound to this name.
    netpol: client("terp:netpol"),
    "kubelet-serving": {
      commonName: `system:node:${name}`,
      organization: "system:nodes",
      usage: "server",
      authority: "ca",
      dnsNames: [name],
      addresses: [link.nodeAddress, "127.0.0.1"],
    },
  };
}

/** The server's URL that is written into kubeconfigs. */
export function serverOf(link: Link): string {
  return `https://${link.nodeAddress}:${String(apiPort)}`;
}

/**
 * Makes what is missing of the node's authorities, certificates, keys and kubeconfigs, and anew what ends within 30 days
 * or is for another address. What is fine stays byte for byte.
 */
export async function ensurePki(layout: NodeLayout, name: string, link: Link): Promise<void> {
  const authorities = {
    ca: await ensureAuthority(layout, "ca", "kubernetes-ca"),
    "front-proxy-ca": await ensureAuthority(layout, "front-proxy-ca", "front-proxy-ca"),
  };
  const pairs = new Map<string, Pair>();
  await Promise.all(
    Object.entries(certificatesOf(name, link)).map(async ([file, { authority, ...subject }]) => {
      pairs.set(file, await ensureCertificate(join(layout.pki, file), subject, authorities[authority]));
    }),
  );
  if (readPair(join(layout.pki, "sa"), "pub") === undefined) {
    const { privateKey, publicKey } = await newSigningKey();
    writePair(join(layout.pki, "sa"), "pub", { certificate: publicKey, key: privateKey });
  }
  for (const user of kubeconfigUsers) {
    const pair = pairs.get(user);
    if (pair === undefined) throw new Error(`no certificate for ${user}`);
    const text = kubeconfigOf({
      cluster: name,
      server: serverOf(link),
      authority: authorities.ca.certificate,
      user,
      pair,
    });
    writeIfChanged(layout.kubeconfig(user), text);
  }
  ensureEncryption(layout);
}

/** Where the API server reads how Secrets are encrypted in etcd. */
export function encryptionFile(layout: NodeLayout): string {
  return join(layout.pki, "encryption.yaml");
}

function ensureEncryption(layout: NodeLayout): void {
  if (readIfThere(encryptionFile(layout)) !== undefined) return;
  const configuration = {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [
      {
        resources: ["secrets"],
        providers: [
          { secretbox: { keys: [{ name: "node", secret: randomBytes(32).toString("base64") }] } },
          { identity: {} },
        ],
      },
    ],
  };
  writeWhole(encryptionFile(layout), JSON.stringify(configuration));
}

async function ensureAuthority(layout: NodeLayout, file: Authority, commonName: string): Promise<Pair> {
  const path = join(layout.pki, file);
  const found = readPair(path, "crt");
  if (found !== undefined) return found;
  const made = await newAuthority(commonName);
  writePair(path, "crt", made);
  return made;
}

async function ensureCertificate(file: string, subject: Subject, authority: Pair): Promise<Pair> {
  const found = readPair(file, "crt");
  const expected = { subject, authority: authority.certificate };
  if (found !== undefined && reasonToRenew(found.certificate, expected) === undefined) return found;
  const made = await newCertificate(subject, authority);
  writePair(file, "crt", made);
  return made;
}

/**
 * A pair is written key first, and only read together: a run that is killed in between leaves a key that doesn't belong
 * to the certificate of before, so the certificate is deleted first.
 */
function writePair(path: string, extension: "crt" | "pub", pair: Pair): void {
  writeWhole(`${path}.${extension}`, "");
  writeWhole(`${path}.key`, pair.key);
  writeWhole(`${path}.${extension}`, pair.certificate);
}

function readPair(path: string, extension: "crt" | "pub"): Pair | undefined {
  const certificate = readIfThere(`${path}.${extension}`);
  const key = readIfThere(`${path}.key`);
  if (certificate === undefined || certificate === "" || key === undefined) return undefined;
  return { certificate, key };
}
