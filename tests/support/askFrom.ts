import { spawn } from "node:child_process";

/** A request, sent as it is written. */
export interface LogRequest {
  readonly path: string;
  /** @default "GET" */
  readonly method?: string;
  /** @default none */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** @default none */
  readonly body?: string | Uint8Array;
}

/** What came back; 0 where nothing did. */
export interface LogAnswer {
  readonly status: number;
  readonly body: string;
}

/** What came back of several requests. */
export interface LogAnswers {
  /** In the order of the requests. */
  readonly answers: readonly LogAnswer[];
  /** From the first request to the last answer. */
  readonly milliseconds: number;
}

/**
 * Sends requests from a process's network to the loopback address, their paths as they are written.
 *
 * @param atATime How many are under way together.
 */
export async function askFrom(
  pid: number,
  port: number,
  requests: readonly LogRequest[],
  atATime = 1,
): Promise<LogAnswers> {
  const child = spawn(
    "nsenter",
    [`--target=${String(pid)}`, "--net", "--", process.execPath, "-e", program(port, atATime)],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  const asText = requests.map(({ body, ...request }) => ({
    ...request,
    ...(body === undefined ? {} : { body: Buffer.from(body).toString("base64") }),
  }));
  child.stdin.end(JSON.stringify(asText));
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return JSON.parse(output) as LogAnswers;
}

function program(port: number, atATime: number): string {
  return `
    const http = require("node:http");
    const ask = ({ path, method, headers, body }) => new Promise((resolve) => {
      const options = { host: "127.0.0.1", port: ${String(port)}, path, method, headers, timeout: 10000 };
      const request = http.request(options, (answer) => {
        let text = "";
        answer.on("data", (data) => (text += data)).on("end", () => resolve({ status: answer.statusCode, body: text }));
      });
      request.on("error", () => resolve({ status: 0, body: "" })).on("timeout", () => request.destroy());
      request.end(body);
    });
    let input = "";
    process.stdin.on("data", (data) => (input += data)).on("end", async () => {
      const requests = JSON.parse(input).map(({ body, ...each }) =>
        ({ ...each, body: body === undefined ? undefined : Buffer.from(body, "base64") }));
      const answers = [];
      let next = 0;
      const work = async () => {
        while (next < requests.length) {
          const place = next++;
          answers[place] = await ask(requests[place]);
        }
      };
      const start = performance.now();
      await Promise.all(Array.from({ length: ${String(atATime)} }, work));
      const milliseconds = performance.now() - start;
      process.stdout.write(JSON.stringify({ answers, milliseconds }), () => process.exit(0));
    });`;
}
