import type * as pulumi from "@pulumi/pulumi";

import { type AgeKeyPair, formatKeyFile } from "../../infra/keys/age";
import { ageKeyField, gitAccessSecret } from "./names";

/** How often Flux looks, as durations of Go: `2s`, `10m`. */
export interface SyncPace {
  /** How often a repository is asked for its newest commit: the longest that a push waits. */
  readonly poll: string;
  /** How soon what failed is tried again. */
  readonly retry: string;
  /** How often what was applied is compared with the cluster, though nothing was pushed. */
  readonly drift: string;
}

/** For a host of its own that is near, in a cluster with few tenants. */
export const eagerPace: SyncPace = { poll: "2s", retry: "3s", drift: "10m" };

/** The API version of Flux's sources. */
export const sourceApi = "source.toolkit.fluxcd.io/v1";
/** The API version of Flux's Kustomizations. */
export const kustomizeApi = "kustomize.toolkit.fluxcd.io/v1";

/** A GitRepository's `spec`. Its credential is the Secret `git-access` beside it. */
export function gitRepositorySpec(args: {
  readonly url: pulumi.Input<string>;
  readonly branch: string;
  readonly pace: SyncPace;
  /** Whether it isn't asked for anything new. */
  readonly isSuspended?: boolean;
}): object {
  return {
    url: args.url,
    ref: { branch: args.branch },
    interval: args.pace.poll,
    timeout: "20s",
    secretRef: { name: gitAccessSecret },
    ...(args.isSuspended === true ? { suspend: true } : {}),
  };
}

/** What a Kustomization applies, as whom, and what happens to it in the end. */
export interface KustomizationArgs {
  /** Name of the GitRepository beside it. */
  readonly source: string;
  /** Folder in the repository. */
  readonly path: string;
  /** Name of the account beside it that it applies as. */
  readonly account: string;
  /** Name of the Secret beside it with the age key that decrypts. */
  readonly keySecret: string;
  /** Whether what leaves the repository leaves the cluster. */
  readonly prune: boolean;
  readonly pace: SyncPace;
  /** Whether nothing is applied any more. */
  readonly isSuspended?: boolean;
}

/** A Kustomization's `spec`: impersonated, with a key of its own, waiting until what it applied is well. */
export function kustomizationSpec(args: KustomizationArgs): object {
  return {
    sourceRef: { kind: "GitRepository", name: args.source },
    path: args.path,
    serviceAccountName: args.account,
    decryption: { provider: "sops", secretRef: { name: args.keySecret } },
    interval: args.pace.drift,
    retryInterval: args.pace.retry,
    timeout: "3m",
    wait: true,
    prune: args.prune,
    deletionPolicy: args.prune ? "MirrorPrune" : "Orphan",
    ...(args.isSuspended === true ? { suspend: true } : {}),
  };
}

/** The contents of a `git-access` Secret, for SSH with a pinned host key. */
export function gitAccess(privateKey: string, knownHosts: string): { identity: string; known_hosts: string } {
  return { identity: privateKey, known_hosts: knownHosts };
}

/** The contents of an age key's Secret, with the keys that it took the place of: Flux tries each. */
export function ageKeyData(key: AgeKeyPair): Record<string, string> {
  return { [ageKeyField]: formatKeyFile(key) };
}
