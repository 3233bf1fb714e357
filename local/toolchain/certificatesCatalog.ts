import type { ToolSpec } from "./tool";

/** What a stack with certificates by cert-manager runs. */
export const certificatesCatalog: readonly ToolSpec[] = [
  {
    name: "cert-manager",
    version: "1.21.2",
    purpose: "has certificates issued, and renews them",
    files: ["cert-manager"],
    build: {
      folder: "local/toolchain/go/cert-manager",
      module: "github.com/cert-manager/cert-manager",
      packages: ["."],
      linkerFlags: ["-X github.com/cert-manager/cert-manager/pkg/util.AppVersion=v1.21.2"],
      memory: 2.5,
    },
  },
];
