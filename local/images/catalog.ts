import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { specOf } from "../toolchain/catalog";
import { certificateFiles, type SystemPackage } from "../toolchain/systemPackages";
import type { Tool, ToolName } from "../toolchain/tool";
import { argocdImage } from "./argocd";
import { certManagerImages } from "./certManager";
import { hostPrograms } from "./hostPrograms";
import type { ImageConfiguration, ImageEntry, ImageFiles } from "./image";
import { filesBelow, sourceFolder } from "./moduleFolder";

/** A service whose images only a stack has that runs it. */
export type ImageService = "charts" | "logs" | "gateway" | "certificates" | "argocd";

/** An image and how it is made. */
export interface ImageSpec {
  /**
   * The service that it is for.
   *
   * @default every stack has it
   */
  readonly service?: ImageService;
  /** The tool that it holds. */
  readonly tool: ToolName;
  /** Tools that it holds as well. @default none */
  readonly also?: readonly ToolName[];
  /** What it takes from this machine beside what every image does. @default nothing */
  readonly packages?: readonly SystemPackage[];
  /** The name that its publisher gives it, with the tag, so that manifests run unchanged. */
  readonly reference: string;
  readonly configuration: ImageConfiguration;
  /** Everything in it that isn't in every image. */
  readonly files: (tool: Tool, tools: Readonly<Partial<Record<ToolName, Tool>>>) => Promise<ImageFiles>;
}

/** Where Gitea lies in its image, the folders with its pages beside it. */
const giteaFolder = "/app/gitea";

/** What Gitea, its hooks and the scripts that start it call. */
const giteaPrograms = [
  ...["git", "bash"],
  ...[
    "basename",
    "cat",
    "chmod",
    "cp",
    "cut",
    "date",
    "dirname",
    "env",
    "head",
    "id",
    "ln",
    "ls",
    "mkdir",
    "mktemp",
  ],
  ...["mv", "rm", "rmdir", "sleep", "sort", "stat", "tail", "test", "touch", "tr", "true", "uname", "wc"],
];

/** A program at one place of the image. */
function program(tool: Tool, target: string): ImageFiles {
  const file = join(tool.directory, target.slice(target.lastIndexOf("/") + 1));
  return new Map([[target, { kind: "file", from: { file }, mode: 0o755 }]]);
}

async function gitea(tool: Tool): Promise<ImageFiles> {
  const source = await sourceFolder("gitea");
  const folders = ["options", "templates", "public"].map((folder) =>
    filesBelow(join(source, folder), join(giteaFolder, folder)),
  );
  const links = ["git-upload-pack", "git-receive-pack", "git-upload-archive"].map(
    (link): [string, ImageEntry] => [`/usr/bin/${link}`, { kind: "link", target: "git" }],
  );
  const parts = [program(tool, `${giteaFolder}/gitea`), await hostPrograms(giteaPrograms, "/usr/bin")];
  return new Map([
    ...[...parts, ...(await Promise.all(folders))].flatMap((files) => [...files]),
    ...links,
    ["/usr/local/bin/gitea", { kind: "link", target: `${giteaFolder}/gitea` }],
    ["/bin/bash", { kind: "link", target: "/usr/bin/bash" }],
    ["/bin/sh", { kind: "link", target: "/usr/bin/bash" }],
    ["/var/lib/gitea", { kind: "folder", owner: 1000 }],
    ["/etc/gitea", { kind: "folder", owner: 1000 }],
    // Git copies it into each new repository, and warns where there is none.
    ["/usr/share/git-core/templates", { kind: "folder" }],
  ]);
}

async function podinfo(tool: Tool): Promise<ImageFiles> {
  const pages = await filesBelow(join(await sourceFolder("podinfo"), "ui"), "/home/app/ui");
  return new Map([...program(tool, "/home/app/podinfo"), ...pages]);
}

function fluxController(
  name: "source-controller" | "kustomize-controller" | "notification-controller" | "helm-controller",
): ImageSpec {
  return {
    tool: name,
    reference: `ghcr.io/fluxcd/${name}:v${specOf(name).version}`,
    configuration: { user: "65534:65534", entrypoint: [name], environment: { GNUPGHOME: "/tmp" } },
    files: (tool) => Promise.resolve(program(tool, `/usr/local/bin/${name}`)),
  };
}

/** Every image that is made here. */
export const imageCatalog: readonly ImageSpec[] = [
  {
    tool: "pause",
    reference: "registry.k8s.io/pause:3.10",
    configuration: { user: "65535:65535", entrypoint: ["/pause"] },
    files: (tool) => Promise.resolve(program(tool, "/pause")),
  },
  {
    tool: "coredns",
    reference: `registry.k8s.io/coredns/coredns:v${specOf("coredns").version}`,
    configuration: { user: "65532:65532", entrypoint: ["/coredns"] },
    files: (tool) => Promise.resolve(program(tool, "/coredns")),
  },
  fluxController("source-controller"),
  fluxController("kustomize-controller"),
  fluxController("notification-controller"),
  { ...fluxController("helm-controller"), service: "charts" },
  {
    service: "gateway",
    tool: "traefik",
    reference: `docker.io/library/traefik:v${specOf("traefik").version}`,
    configuration: { user: "65532:65532", entrypoint: ["/usr/local/bin/traefik"] },
    files: (tool) => Promise.resolve(program(tool, "/usr/local/bin/traefik")),
  },
  {
    tool: "gitea",
    reference: `docker.gitea.com/gitea:${specOf("gitea").version}-rootless`,
    configuration: {
      user: "1000:1000",
      entrypoint: [`${giteaFolder}/gitea`],
      workingFolder: "/var/lib/gitea",
      environment: {
        HOME: "/var/lib/gitea/git",
        GITEA_WORK_DIR: "/var/lib/gitea",
        GITEA_CUSTOM: "/var/lib/gitea/custom",
        GITEA_TEMP: "/tmp/gitea",
        TMPDIR: "/tmp/gitea",
        GITEA_APP_INI: "/etc/gitea/app.ini",
      },
    },
    files: gitea,
  },
  {
    tool: "podinfo",
    reference: `ghcr.io/stefanprodan/podinfo:${specOf("podinfo").version}`,
    configuration: { user: "100:101", entrypoint: ["./podinfo"], workingFolder: "/home/app" },
    files: podinfo,
  },
  {
    service: "logs",
    tool: "loki",
    reference: `docker.io/grafana/loki:${specOf("loki").version}`,
    configuration: { user: "10001:10001", entrypoint: ["/usr/bin/loki"] },
    files: (tool) => Promise.resolve(program(tool, "/usr/bin/loki")),
  },
  {
    service: "logs",
    tool: "caddy",
    reference: `docker.io/library/caddy:${specOf("caddy").version}`,
    configuration: { user: "65532:65532", entrypoint: ["/usr/bin/caddy"] },
    files: (tool) => Promise.resolve(program(tool, "/usr/bin/caddy")),
  },
  {
    service: "logs",
    tool: "collector",
    reference: `docker.io/otel/opentelemetry-collector-contrib:${specOf("collector").version}`,
    configuration: { user: "10001:10001", entrypoint: ["/otelcol-contrib"] },
    files: ({ directory }) => {
      const from = { file: join(directory, "collector") };
      return Promise.resolve(new Map([["/otelcol-contrib", { kind: "file", from, mode: 0o755 }]]));
    },
  },
  ...certManagerImages,
  argocdImage,
];

/** The images of a stack that runs these services. */
export function imagesFor(services: readonly ImageService[]): readonly ImageSpec[] {
  return imageCatalog.filter(({ service }) => service === undefined || services.includes(service));
}

/** What is in every image: users, a folder for temporary files, and the certificate authorities that this machine trusts. */
export async function commonFiles(): Promise<ImageFiles> {
  const text = (content: string): ImageEntry => ({ kind: "file", from: { text: content } });
  const users = [
    "root:x:0:0:root:/root:/bin/sh",
    "app:x:100:101::/home/app:/sbin/nologin",
    "git:x:1000:1000::/var/lib/gitea/git:/bin/bash",
    "nonroot:x:65532:65532::/:/sbin/nologin",
    "nobody:x:65534:65534::/:/sbin/nologin",
    "pause:x:65535:65535::/:/sbin/nologin",
  ];
  const groups = users
    .map((user) => user.split(":"))
    .map(([name = "", , , group = ""]) => `${name}:x:${group}:`);
  return new Map<string, ImageEntry>([
    ["/etc/passwd", text(`${users.join("\n")}\n`)],
    ["/etc/group", text(`${groups.join("\n")}\n`)],
    ["/etc/nsswitch.conf", text("hosts: files dns\n")],
    ["/etc/ssl/certs/ca-certificates.crt", text(await certificates())],
    ["/tmp", { kind: "folder", mode: 0o1777 }],
  ]);
}

async function certificates(): Promise<string> {
  for (const file of certificateFiles()) {
    const content = await readFile(file, "utf8").catch(() => undefined);
    if (content !== undefined) return content;
  }
  throw new Error(
    `images need the certificate authorities that this machine trusts: expected one of ` +
      `${certificateFiles().join(", ")}, found none; install the package ca-certificates`,
  );
}
