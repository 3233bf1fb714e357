import type { ToolSpec } from "./tool";

const modules = "local/toolchain/go";

/** What a stack with Argo CD runs. */
export const argocdCatalog: readonly ToolSpec[] = [
  {
    name: "argocd",
    version: "3.2.0",
    purpose: "Argo CD, the other GitOps engine",
    files: ["argocd"],
    build: {
      folder: `${modules}/argocd`,
      module: "github.com/argoproj/argo-cd/v3",
      packages: ["github.com/argoproj/argo-cd/v3/cmd"],
      rename: { cmd: "argocd" },
      linkerFlags: ["-X github.com/argoproj/argo-cd/v3/common.version=3.2.0"],
      memory: 4,
    },
  },
  {
    name: "argocd-crds",
    version: "3.2.0",
    purpose: "the definitions of Argo CD's kinds",
    files: ["argocd-crds.yaml"],
    build: {
      folder: `${modules}/argocd-crds`,
      packages: ["."],
      memory: 0.5,
      generate: { program: "argocd-crds", arguments: [], file: "argocd-crds.yaml" },
    },
  },
  {
    name: "kustomize",
    version: "5.7.1",
    purpose: "builds what Argo CD finds in a folder with a kustomization",
    files: ["kustomize"],
    build: {
      folder: `${modules}/kustomize`,
      module: "sigs.k8s.io/kustomize/kustomize/v5",
      packages: ["sigs.k8s.io/kustomize/kustomize/v5"],
      memory: 1.5,
    },
  },
];
