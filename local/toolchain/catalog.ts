import { argocdCatalog } from "./argocdCatalog";
import { certificatesCatalog } from "./certificatesCatalog";
import { logsCatalog } from "./logsCatalog";
import { gatewayCatalog } from "./gatewayCatalog";
import { nodeCatalog } from "./nodeCatalog";
import { toolNames, type ToolName, type ToolSpec } from "./tool";

const modules = "local/toolchain/go";
const pulumi = "3.259.0";
const pulumiVersion = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";
const pulumiRelease = {
  url: "https://get.pulumi.com/releases/sdk/pulumi-v{version}-linux-{architecture:x64}.tar.gz",
  checksums: "https://github.com/pulumi/pulumi/releases/download/v{version}/pulumi-{version}-checksums.txt",
} as const;
/** A newer one is faster; from this one on, everything that the program uses is there. */
const oldestPulumi = "3.200.0";

const platformCatalog: readonly ToolSpec[] = [
  {
    name: "pulumi",
    version: pulumi,
    purpose: "the Pulumi engine",
    files: ["pulumi"],
    onPath: { versionArguments: ["version"], minimum: oldestPulumi, beside: "pulumi-language-nodejs" },
    download: { ...pulumiRelease, members: { pulumi: "pulumi/pulumi" } },
    build: {
      folder: `${modules}/pulumi`,
      module: "github.com/pulumi/pulumi/pkg/v3",
      packages: ["github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"],
      linkerFlags: [`-X ${pulumiVersion}=v${pulumi}`],
      memory: 3,
    },
  },
  {
    name: "pulumi-language-nodejs",
    // The last release in which it is part of a module that can be built by itself.
    version: "3.68.0",
    purpose: "the part of Pulumi that runs TypeScript programs",
    files: ["pulumi-language-nodejs"],
    onPath: {
      versionProgram: "pulumi",
      versionArguments: ["version"],
      minimum: oldestPulumi,
      beside: "pulumi",
    },
    download: {
      ...pulumiRelease,
      version: pulumi,
      members: { "pulumi-language-nodejs": "pulumi/pulumi-language-nodejs" },
    },
    build: {
      folder: `${modules}/pulumi-language-nodejs`,
      module: "github.com/pulumi/pulumi/sdk/v3",
      packages: ["github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs"],
      linkerFlags: [`-X ${pulumiVersion}=v3.68.0`],
      memory: 1.5,
    },
  },
  {
    name: "gitea",
    version: "1.26.0",
    purpose: "the Git host",
    files: ["gitea"],
    build: {
      folder: `${modules}/gitea`,
      module: "code.gitea.io/gitea",
      packages: ["code.gitea.io/gitea"],
      // Static although SQLite is C, so that the image needs no libraries for it.
      tags: ["sqlite", "sqlite_unlock_notify", "sqlite_omit_load_extension", "netgo", "osusergo"],
      linkerFlags: ["-X main.Version=1.26.0", "-linkmode external", "-extldflags=-static"],
      cgo: true,
      memory: 3,
    },
  },
  {
    name: "source-controller",
    version: "1.7.3",
    purpose: "Flux's controller that fetches repositories",
    files: ["source-controller"],
    build: {
      folder: `${modules}/source-controller`,
      module: "github.com/fluxcd/source-controller",
      packages: ["github.com/fluxcd/source-controller"],
      memory: 3,
    },
  },
  {
    name: "kustomize-controller",
    version: "1.7.3",
    purpose: "Flux's controller that decrypts and applies",
    files: ["kustomize-controller"],
    build: {
      folder: `${modules}/kustomize-controller`,
      module: "github.com/fluxcd/kustomize-controller",
      packages: ["github.com/fluxcd/kustomize-controller"],
      memory: 3,
    },
  },
  {
    name: "notification-controller",
    version: "1.6.0",
    purpose: "Flux's controller that hears of pushes",
    files: ["notification-controller"],
    build: {
      folder: `${modules}/notification-controller`,
      module: "github.com/fluxcd/notification-controller",
      packages: ["github.com/fluxcd/notification-controller"],
      memory: 3,
    },
  },
  {
    name: "helm-controller",
    version: "1.4.3",
    purpose: "Flux's controller that installs charts",
    files: ["helm-controller"],
    build: {
      folder: `${modules}/helm-controller`,
      module: "github.com/fluxcd/helm-controller",
      packages: ["github.com/fluxcd/helm-controller"],
      memory: 3,
    },
  },
  {
    name: "flux-crds",
    version: "1.7.3",
    purpose: "the definitions of Flux's kinds, made from its API types",
    files: ["flux-crds.yaml"],
    build: {
      folder: `${modules}/flux-crds`,
      module: "github.com/fluxcd/source-controller/api",
      packages: ["sigs.k8s.io/controller-tools/cmd/controller-gen"],
      memory: 1.5,
      generate: {
        program: "controller-gen",
        arguments: [
          "crd",
          "paths=github.com/fluxcd/source-controller/api/v1;github.com/fluxcd/kustomize-controller/api/v1;github.com/fluxcd/helm-controller/api/v2;github.com/fluxcd/notification-controller/api/v1;github.com/fluxcd/notification-controller/api/v1beta3",
          "output:crd:stdout",
        ],
        file: "flux-crds.yaml",
      },
    },
  },
  {
    name: "podinfo",
    version: "6.9.2",
    purpose: "the sample application",
    files: ["podinfo"],
    build: {
      folder: `${modules}/podinfo`,
      module: "github.com/stefanprodan/podinfo",
      packages: ["github.com/stefanprodan/podinfo/cmd/podinfo"],
      memory: 1.5,
    },
  },
  {
    name: "sops",
    version: "3.13.3",
    purpose: "encrypts files for Git",
    files: ["sops"],
    onPath: { versionArguments: ["--version", "--disable-version-check"], minimum: "3.9.0" },
    download: {
      url: "https://github.com/getsops/sops/releases/download/v{version}/sops-v{version}.linux.{architecture}",
      checksums: "https://github.com/getsops/sops/releases/download/v{version}/sops-v{version}.checksums.txt",
    },
    build: {
      folder: `${modules}/sops`,
      module: "github.com/getsops/sops/v3",
      packages: ["github.com/getsops/sops/v3/cmd/sops"],
      memory: 2.5,
    },
  },
  {
    name: "helm",
    version: "3.19.5",
    purpose: "installs charts",
    files: ["helm"],
    onPath: { versionArguments: ["version", "--template={{.Version}}"], minimum: "3.14.0" },
    download: {
      url: "https://get.helm.sh/helm-v{version}-linux-{architecture}.tar.gz",
      checksums: "https://get.helm.sh/helm-v{version}-linux-{architecture}.tar.gz.sha256sum",
      members: { helm: "linux-{architecture}/helm" },
    },
    build: {
      folder: `${modules}/helm`,
      module: "helm.sh/helm/v3",
      packages: ["helm.sh/helm/v3/cmd/helm"],
      memory: 2.5,
    },
  },
];

/** The catalog's entry of a tool. A test holds the versions against the `go.mod` files. */
export function specOf(name: ToolName): ToolSpec {
  const catalogs = [
    platformCatalog,
    gatewayCatalog,
    nodeCatalog,
    logsCatalog,
    argocdCatalog,
    certificatesCatalog,
  ];
  const spec = catalogs.flat().find((each) => each.name === name);
  if (spec === undefined) throw new Error(`tool "${name}" is not in the catalog`);
  return spec;
}

/** Every tool, in the order in which missing ones are built. */
export const catalog: readonly ToolSpec[] = toolNames.map(specOf);
