import type { ToolSpec } from "./tool";

/** What a stack with certificates by cert-manager runs; and by whom the tests have them issued, and records written. */
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
  {
    name: "external-dns",
    version: "0.21.0",
    purpose: "writes hosts' records, in the tests",
    files: ["external-dns"],
    build: {
      folder: "local/toolchain/go/external-dns",
      module: "sigs.k8s.io/external-dns",
      packages: ["."],
      linkerFlags: ["-X sigs.k8s.io/external-dns/pkg/apis/externaldns.Version=v0.21.0"],
      memory: 2,
    },
  },
];
