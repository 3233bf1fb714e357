import { compare } from "semver";

import type { GoModule } from "./goModule";
import { toolsOfServices, type ToolName } from "./tool";

/** Tools that stand on one release of Kubernetes' libraries; containerd stands on a newer one. */
const onOneKubernetes: readonly ToolName[] = [
  "kube",
  "source-controller",
  "kustomize-controller",
  "notification-controller",
  "helm-controller",
  "argocd",
  "kustomize",
  "coredns",
  "netpol",
  "flux-crds",
  "helm",
];

/**
 * Tools whose modules agree on the versions of what they share. Go compiles a package once for all of them only where
 * that package, and everything below it, is of one version: that halves what a bare machine compiles. A tool that only
 * some stacks need takes the others' versions and raises none of them: what every stack takes isn't compiled anew for it.
 */
export const agreeing: readonly ToolName[] = [
  ...onOneKubernetes,
  "sops",
  "pulumi",
  "pulumi-language-nodejs",
  "etcd",
  "containerd",
  "podinfo",
];

const ofKubernetes = /^(k8s\.io|sigs\.k8s\.io)\//;

/** What each tool keeps as it was released, because its interfaces change between minor versions. */
const apart =
  /^(github\.com\/(pulumi|getsops|fluxcd|containerd|opencontainers|docker|moby|sigstore|notaryproject)\/|github\.com\/google\/(cel-go|cadvisor)$)/;

/** A module in whose version tools differ that should agree. */
export interface Disagreement {
  readonly module: string;
  /** The newest of the versions: the one that all can take. */
  readonly newest: string;
  /** The tools that have another one, each with its own. */
  readonly others: ReadonlyMap<ToolName, string>;
}

/**
 * Where the modules of the tools disagree.
 *
 * @param modules what the `go.mod` of each of the {@link agreeing} tools says.
 */
export function disagreements(modules: ReadonlyMap<ToolName, GoModule>): readonly Disagreement[] {
  const versions = new Map<string, Map<ToolName, string>>();
  for (const [tool, { requires, replaced }] of modules) {
    for (const [module, version] of requires) {
      if (replaced.has(module) || apart.test(module)) continue;
      if (ofKubernetes.test(module) && !onOneKubernetes.includes(tool)) continue;
      const known = versions.get(module) ?? new Map<ToolName, string>();
      versions.set(module, known.set(tool, version));
    }
  }
  return [...versions].flatMap(([module, byTool]) => {
    const common = [...byTool].filter(([tool]) => !toolsOfServices.includes(tool));
    const newest = newestOf((common.length === 0 ? [...byTool] : common).map(([, version]) => version));
    const others = new Map([...byTool].filter(([, version]) => compare(version, newest) < 0));
    return others.size === 0 ? [] : [{ module, newest, others }];
  });
}

function newestOf(versions: readonly string[]): string {
  return versions.reduce((left, right) => (compare(left, right) < 0 ? right : left));
}
