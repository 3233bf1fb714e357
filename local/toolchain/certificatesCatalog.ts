import type { ToolSpec } from "./tool";

/** What a stack with certificates by cert-manager runs, and by whom the tests have them issued. */
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
  {
    name: "pebble",
    version: "2.10.3",
    purpose: "an authority that the tests have certificates of, by ACME",
    files: ["pebble", "pebble-challtestsrv"],
    build: {
      folder: "local/toolchain/go/pebble",
      module: "github.com/letsencrypt/pebble/v2",
      packages: [
        "github.com/letsencrypt/pebble/v2/cmd/pebble",
        "github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv",
      ],
      memory: 1,
    },
  },
];
