import type { ToolSpec } from "./tool";

const modules = "local/toolchain/go";
const lokiBuild = "github.com/grafana/loki/v3/pkg/util/build";

/** What keeps, guards and collects logs, for stacks that have them. */
export const logsCatalog: readonly ToolSpec[] = [
  {
    name: "loki",
    version: "3.7.8",
    purpose: "keeps logs",
    files: ["loki"],
    build: {
      folder: `${modules}/loki`,
      module: "github.com/grafana/loki/v3",
      packages: ["github.com/grafana/loki/v3/cmd/loki"],
      linkerFlags: [`-X ${lokiBuild}.Version=3.7.8`],
      memory: 4,
    },
  },
  {
    name: "caddy",
    version: "2.11.9",
    purpose: "decides by a credential whose logs are read or written",
    files: ["caddy"],
    build: {
      folder: `${modules}/caddy`,
      module: "github.com/caddyserver/caddy/v2",
      packages: ["github.com/caddyserver/caddy/v2/cmd/caddy"],
      memory: 2.5,
    },
  },
  {
    name: "collector",
    version: "0.160.0",
    purpose: "the OpenTelemetry Collector, which brings the containers' lines to Loki",
    files: ["collector"],
    build: {
      folder: `${modules}/collector`,
      module: "go.opentelemetry.io/collector/otelcol",
      packages: ["."],
      memory: 2.5,
    },
  },
];
