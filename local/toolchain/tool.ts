/**
 * The tools' names. Each is a folder with the files that its {@link ToolSpec} lists. Missing ones are built in this order:
 * the longest first, and those that share packages one after the other.
 */
export const toolNames = [
  "kube",
  "gitea",
  "pulumi",
  "source-controller",
  "kustomize-controller",
  "notification-controller",
  "helm-controller",
  "argocd",
  "traefik",
  "cert-manager",
  "containerd",
  "coredns",
  "etcd",
  "netpol",
  "flux-crds",
  "gateway-crds",
  "argocd-crds",
  "podinfo",
  "pulumi-language-nodejs",
  "runc",
  "cni",
  "pause",
  "sops",
  "helm",
  "loki",
  "caddy",
  "collector",
  "kustomize",
  "pebble",
  "external-dns",
] as const;

/** One of {@link toolNames}. */
export type ToolName = (typeof toolNames)[number];

/** Tools for services that a stack runs only if it is told to: got when such a stack is raised. */
export const toolsOfServices: readonly ToolName[] = [
  "helm-controller",
  "loki",
  "caddy",
  "collector",
  "traefik",
  "gateway-crds",
  "cert-manager",
  "argocd",
  "argocd-crds",
  "kustomize",
];

/** Tools that no stack runs: the tests alone do. */
export const toolsOfTests: readonly ToolName[] = ["pebble", "external-dns"];

/** Tools that every stack with the embedded cluster takes. */
export const toolsOfEveryStack = toolNames.filter(
  (name) => !toolsOfServices.includes(name) && !toolsOfTests.includes(name),
);

/** Where a tool came from: the machine's PATH, its publisher's download, or a build from its pinned module. */
export type ToolSource = "path" | "download" | "build";

/** A tool that is ready to run. */
export interface Tool {
  readonly name: ToolName;
  readonly version: string;
  readonly source: ToolSource;
  /** The folder that holds the tool's files, an absolute path. */
  readonly directory: string;
}

/** How a tool is found on PATH. Only for programs that behave the same however the machine has set them up. */
export interface PathSpec {
  /** The program that is asked for its version. Default: the one with the tool's name. */
  readonly versionProgram?: string;
  /** What makes it print its version. */
  readonly versionArguments: readonly string[];
  /** The oldest version that fits; a later one of the same major version fits as well. */
  readonly minimum: string;
  /** A program that must be in the same folder, because the two belong together. */
  readonly beside?: string;
}

/** What the publisher offers for this kind of machine. `{version}` and `{architecture}` are filled in. */
export interface DownloadSpec {
  /** Where the publisher's version differs from that of the module. */
  readonly version?: string;
  readonly url: string;
  /** A file of lines `sha256  name` by the same publisher. */
  readonly checksums: string;
  /** The archive's member for each file; without it, what is downloaded is the one file itself. */
  readonly members?: Readonly<Record<string, string>>;
}

/** How a tool is built from its pinned Go module. */
export interface BuildSpec {
  /** The folder with `go.mod`, `go.sum` and, where it is ours, the source; below the checkout. */
  readonly folder: string;
  /** The module whose version `go.mod` requires is the tool's version. Without it, the source is ours. */
  readonly module?: string;
  /** The packages with the programs. Each becomes one file, named after the package's last part. */
  readonly packages: readonly string[];
  /** File names that differ from what Go calls the program: Go's name → ours. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Names that lead to another file: for programs that act as the name they are called by. */
  readonly links?: Readonly<Record<string, string>>;
  readonly tags?: readonly string[];
  /** For the linker, besides `-s -w`. */
  readonly linkerFlags?: readonly string[];
  /** Whether C is compiled too. Default false: the program is static and needs nothing of the machine. */
  readonly cgo?: boolean;
  /** What the build takes at its peak, in GiB: a second one starts only where so much is free. */
  readonly memory: number;
  /** A last step, run in the module's folder: the program and its arguments, whose standard output becomes `file`. */
  readonly generate?: {
    readonly program: string;
    readonly arguments: readonly string[];
    readonly file: string;
  };
}

/** All that is known of a tool before anything is looked up. */
export interface ToolSpec {
  readonly name: ToolName;
  readonly version: string;
  /** What it is for, for a person. */
  readonly purpose: string;
  /** The files that must be in the tool's folder. */
  readonly files: readonly string[];
  readonly onPath?: PathSpec;
  readonly download?: DownloadSpec;
  readonly build: BuildSpec;
}
