import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { plain } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensure";
import { eventually } from "./eventually";

/** Lines of one stream: its labels, and the lines, the oldest first. */
export interface Stream {
  readonly labels: Readonly<Record<string, string>>;
  readonly lines: readonly string[];
}

/** What a query found: for a count its series with the last value, for lines the lines. */
export interface Found {
  readonly series: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
  readonly lines: readonly string[];
}

interface Answer {
  readonly data: {
    readonly result: readonly {
      readonly metric?: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number | string, string])[];
    }[];
  };
}

const tenant = { "X-Scope-OrgID": "team-blue" };
const minute = 60_000;

/** Loki alone, on this machine, with one tenant's lines: for tests of what it makes of queries. */
export class LokiServer {
  private constructor(
    private readonly folder: string,
    private readonly process: ChildProcess,
    private readonly url: string,
  ) {}

  static async start(): Promise<LokiServer> {
    const { loki } = await ensureTools(["loki"], plain());
    const folder = mkdtempSync(join(tmpdir(), "terp-loki-"));
    const [http, grpc] = [await freePort(), await freePort()];
    const file = join(folder, "loki.json");
    writeFileSync(file, JSON.stringify(configuration(folder, http, grpc)));
    const program = join(loki.directory, "loki");
    // Ends with this process, however that ends.
    const started = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, `-config.file=${file}`], {
      stdio: "ignore",
    });
    return new LokiServer(folder, started, `http://127.0.0.1:${String(http)}`);
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once("exit", resolve));
    this.process.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true });
  }

  /** Writes lines of a minute ago, once Loki takes them. */
  async write(streams: readonly Stream[]): Promise<void> {
    const start = Date.now() - minute;
    const body = JSON.stringify({
      streams: streams.map(({ labels, lines }) => ({
        stream: labels,
        values: lines.map((line, index) => [`${String(start + index)}000000`, line]),
      })),
    });
    const headers = { ...tenant, "content-type": "application/json" };
    await eventually(async () => {
      const answer = await fetch(`${this.url}/loki/api/v1/push`, { method: "POST", headers, body });
      if (!answer.ok) throw new Error(`Loki takes no lines: ${String(answer.status)} ${await answer.text()}`);
    });
  }

  /**
   * Asks as Grafana does.
   *
   * @param type Over time, in steps of an hour, or once.
   * @throws with what Loki says of a query that it can't read.
   */
  async ask(query: string, type: "range" | "instant"): Promise<Found> {
    const nanoseconds = (time: number): string => `${String(time)}000000`;
    const now = Date.now();
    const parameters =
      type === "instant"
        ? { query, time: nanoseconds(now) }
        : { query, start: nanoseconds(now - 60 * minute), end: nanoseconds(now), step: "3600" };
    const path = type === "instant" ? "query" : "query_range";
    const answer = await fetch(
      `${this.url}/loki/api/v1/${path}?${new URLSearchParams(parameters).toString()}`,
      { headers: tenant },
    );
    if (!answer.ok) throw new Error(`${query}: ${await answer.text()}`);
    const { result } = ((await answer.json()) as Answer).data;
    return {
      series: result.flatMap(({ metric: labels, value, values }) =>
        labels === undefined ? [] : [{ labels, value: Number((value ?? values?.at(-1))?.[1]) }],
      ),
      lines: result.flatMap(({ metric, values = [] }) =>
        metric === undefined ? values.map(([, line]) => line) : [],
      ),
    };
  }
}

function configuration(folder: string, http: number, grpc: number): object {
  const loopback = "127.0.0.1";
  return {
    auth_enabled: true,
    server: {
      http_listen_address: loopback,
      http_listen_port: http,
      grpc_listen_address: loopback,
      grpc_listen_port: grpc,
      log_level: "error",
    },
    common: {
      instance_addr: loopback,
      path_prefix: folder,
      replication_factor: 1,
      ring: { kvstore: { store: "inmemory" } },
      storage: {
        filesystem: { chunks_directory: join(folder, "chunks"), rules_directory: join(folder, "rules") },
      },
    },
    schema_config: {
      configs: [
        {
          from: "2024-01-01",
          store: "tsdb",
          object_store: "filesystem",
          schema: "v13",
          index: { prefix: "index_", period: "24h" },
        },
      ],
    },
    frontend: { address: loopback },
    analytics: { reporting_enabled: false },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("expected a port");
  return address.port;
}
