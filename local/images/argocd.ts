import { join } from "node:path";

import { specOf } from "../toolchain/catalog";
import type { SystemPackage } from "../toolchain/systemPackages";
import type { Tool, ToolName } from "../toolchain/tool";
import type { ImageSpec } from "./catalog";
import { hostPrograms } from "./hostPrograms";
import type { ImageEntry, ImageFiles } from "./image";

/** The user and group that its publisher's image runs as, and a name for it: ssh refuses a user without one. */
const user = 999;
const home = "/home/argocd";

/** The names by which the one program takes a part. */
const parts = [
  "argocd-application-controller",
  "argocd-applicationset-controller",
  "argocd-repo-server",
  "argocd-server",
];

const folder = "/usr/local/bin";

const packages: readonly SystemPackage[] = [
  { name: "openssh-client", purpose: "reads repositories for Argo CD", commands: ["ssh"] },
  // Not redis-server, whose package starts a server on this machine; the program is the same one.
  { name: "redis-tools", purpose: "has the server of Argo CD's cache", commands: ["redis-check-rdb"] },
];

/**
 * Argo CD with what it starts: git, ssh, Helm and Kustomize. It has this machine's Redis as well, which its publisher's
 * image hasn't: so that Argo CD's cache needs no image of its own here.
 */
export const argocdImage: ImageSpec = {
  service: "argocd",
  tool: "argocd",
  also: ["helm", "kustomize"],
  packages,
  reference: `quay.io/argoproj/argocd:v${specOf("argocd").version}`,
  configuration: {
    user: `${String(user)}:${String(user)}`,
    entrypoint: [`${folder}/argocd`],
    workingFolder: home,
    environment: { HOME: home },
  },
  files: argocdFiles,
};

async function argocdFiles(
  tool: Tool,
  others: Readonly<Partial<Record<ToolName, Tool>>>,
): Promise<ImageFiles> {
  const program = ({ directory }: Tool, name: string): [string, ImageEntry] => [
    `${folder}/${name}`,
    { kind: "file", from: { file: join(directory, name) }, mode: 0o755 },
  ];
  const beside = (["helm", "kustomize"] as const).flatMap((name) => {
    const other = others[name];
    return other === undefined ? [] : [program(other, name)];
  });
  const redis = await hostPrograms(["redis-check-rdb"], folder);
  const text = (content: string): ImageEntry => ({ kind: "file", from: { text: content } });
  return new Map<string, ImageEntry>([
    program(tool, "argocd"),
    ...parts.map((part): [string, ImageEntry] => [`${folder}/${part}`, { kind: "link", target: "argocd" }]),
    ...beside,
    ...(await hostPrograms(["git", "bash", "ssh"], "/usr/bin")),
    ...redis,
    [`${folder}/redis-server`, { kind: "link", target: "redis-check-rdb" }],
    ["/bin/sh", { kind: "link", target: "/usr/bin/bash" }],
    ["/usr/share/git-core/templates", { kind: "folder" }],
    [home, { kind: "folder", owner: user }],
    [
      "/etc/passwd",
      text(`root:x:0:0:root:/root:/bin/sh\nargocd:x:${String(user)}:${String(user)}::${home}:/bin/sh\n`),
    ],
    ["/etc/group", text(`root:x:0:\nargocd:x:${String(user)}:\n`)],
  ]);
}
