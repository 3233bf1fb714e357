import { request as askInClear } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import type { IncomingMessage } from "node:http";

/** What a server answered. */
export interface WebAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
}

/** Whom is asked for what. */
export interface WebQuestion {
  readonly host: string;
  /** Where that host is, whatever DNS says. */
  readonly address: string;
  /** The only authority that is trusted, in PEM. Without it the question goes by HTTP. */
  readonly authority?: string;
  /** @default "/" */
  readonly path?: string;
}

/** Asks a web server for a path. @throws if it can't be reached, or its certificate isn't the host's. */
export async function ask({ host, address, authority, path = "/" }: WebQuestion): Promise<WebAnswer> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host: address, path, headers: { host }, agent: false, timeout: 10_000 };
    const asked =
      authority === undefined
        ? askInClear(options, resolve)
        : request({ ...options, servername: host, ca: authority }, resolve);
    asked.on("error", reject);
    asked.on("timeout", () => asked.destroy(new Error(`${host}${path}: no answer within ten seconds`)));
    asked.end();
  });
  return {
    status: answer.statusCode ?? 0,
    location: answer.headers.location,
    body: await text(answer),
  };
}
