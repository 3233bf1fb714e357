import type { ToolSpec } from "./tool";

const modules = "local/toolchain/go";

/** What a stack with the Gateway runs. */
export const gatewayCatalog: readonly ToolSpec[] = [
  {
    name: "traefik",
    version: "3.7.13",
    purpose: "the gateway that requests from outside come through",
    files: ["traefik"],
    build: {
      folder: `${modules}/traefik`,
      module: "github.com/traefik/traefik/v3",
      packages: ["github.com/traefik/traefik/v3/cmd/traefik"],
      linkerFlags: ["-X github.com/traefik/traefik/v3/pkg/version.Version=3.7.13"],
      memory: 3,
    },
  },
  {
    name: "gateway-crds",
    version: "1.6.1",
    purpose: "the definitions of the Gateway API's kinds",
    files: ["gateway-crds.yaml"],
    build: {
      folder: `${modules}/gateway-crds`,
      packages: ["."],
      memory: 0.5,
      generate: { program: "gateway-crds", arguments: [], file: "gateway-crds.yaml" },
    },
  },
];
