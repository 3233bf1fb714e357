import type { Engine } from "../../../components/tenant/engine";

/** What is put into a tenant's repository. */
export interface ForbiddenCommit {
  /** What it is, as the end of "a repository can't". */
  readonly what: string;
  /** Files that the kustomization names, by their names. @default none */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Files that it doesn't name; one that begins with `->` is a link to what follows. @default none */
  readonly beside?: Readonly<Record<string, unknown>>;
  /** What the kustomization says beyond that. */
  readonly kustomization?: Readonly<Record<string, unknown>>;
  /** What each engine says of it. One that isn't here has nothing that could be attacked so. */
  readonly because: Readonly<Partial<Record<Engine, RegExp>>>;
}

/** What another tenant's is, as far as an attacker could know of it. */
export interface Stolen {
  /** Its key as the platform repository has it, and one of its sealed Secrets. */
  readonly key: string;
  readonly secret: string;
  /** The SSH URL of its repository. */
  readonly repository: string;
  /** The URLs of what source-controller keeps of it: the folder, the newest file, and that by the pod's address. */
  readonly artifacts: string;
  readonly artifact: string;
  readonly byAddress: string;
}

/** Said by who lacks a right, be it the tenant's reconciler in Flux's words or in those of Argo CD's project. */
export const notIts = {
  flux: /forbidden|cannot (patch|create|get)/,
  argocd: /not permitted in project|is excluded in the settings/,
} as const;

/** Said under both engines. */
export const byBoth = (said: RegExp): Readonly<Record<Engine, RegExp>> => ({ flux: said, argocd: said });

/**
 * Said by the API server to the tenant's reconciler, which asks it under either engine: tried under one. That Argo CD asks as it
 * too is what the attacks of both show.
 */
export const byAdmission = (said: RegExp): { readonly flux: RegExp } => ({ flux: said });

/** An object called `attack`. */
export const object = (apiVersion: string, kind: string, more: object = {}): unknown => ({
  apiVersion,
  kind,
  metadata: { name: "attack" },
  ...more,
});

/** A ConfigMap called `attack`. */
export const configMap = (namespace: string): unknown =>
  object("v1", "ConfigMap", { metadata: { name: "attack", namespace } });

/** One file. */
export const files = (content: unknown): Readonly<Record<string, unknown>> => ({ "attack.yaml": content });

/** Something for a namespace that the kustomization mustn't set. */
export const outside = (what: string, content: unknown): ForbiddenCommit => ({
  what,
  files: files(content),
  kustomization: { namespace: undefined },
  because: notIts,
});
