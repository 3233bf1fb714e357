import type { Response } from "undici";
import { messageOf } from "./fault";

/** How something is asked for. */
export interface Asking {
  /** @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Certificates of the authorities that the server is trusted by, in PEM. @default those of Node */
  readonly ca?: string | undefined;
}

/**
 * Asks by HTTP, through the proxy that the environment names (`HTTPS_PROXY`, `NO_PROXY`), as the tools that run beside the
 * program do.
 *
 * @param url What is asked for.
 * @param seconds How long the answer's beginning and its end may take together.
 * @param asking How.
 * @throws with the cause in words where there is no answer.
 */
export async function ask(
  url: string,
  seconds: number,
  { headers, ca }: Asking = {},
): Promise<Pick<Response, "status" | "headers"> & { readonly text: string }> {
  // Loaded here: most runs ask for nothing.
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const trust = ca === undefined ? {} : { ca };
  const dispatcher = new EnvHttpProxyAgent({ connect: trust, requestTls: trust });
  try {
    const answer = await fetch(url, {
      dispatcher,
      headers: { ...headers },
      signal: AbortSignal.timeout(seconds * 1000),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  } catch (error) {
    throw new Error(causeOf(error, seconds), { cause: error });
  } finally {
    // Pending connections would keep the process alive.
    await dispatcher.destroy();
  }
}

function causeOf(error: unknown, seconds: number): string {
  if (error instanceof Error && error.name === "TimeoutError")
    return `no answer within ${String(seconds)} seconds`;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return messageOf(cause);
}
