import { type Answer, causeOf, parsed, textOf, waitIn } from "./answers";
import { GitHostError, type GitHostFault } from "./host";

/** See {@link Patience.request}. */
export const requestPatience = 30_000;

/** How long to go on trying. */
export interface Patience {
  /** Milliseconds after which a Git host that doesn't answer, or takes no more requests, is given up. @default 60000 */
  readonly total?: number;
  /** Milliseconds that one request may take. @default 30000 */
  readonly request?: number;
}

/** What tells one Git host from another. */
export interface HostDialect {
  /** In a few words, for messages, e.g. `Gitea at http://…`. */
  readonly description: string;
  /** Where its API is, without a slash at the end. */
  readonly api: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What to look at where nobody answers; ends the message. */
  readonly ifUnreachable: string;
  /** What kind of fault an answer is, and what to do about it: the message's end, with what separates it. */
  readonly explain: (answer: Answer) => readonly [fault: GitHostFault, remedy: string];
  /** Whether an answer of status 500 is worth another try. @default never */
  readonly isPassing?: (text: string) => boolean;
}

/** Asks a Git host by its API. */
export class HostClient {
  /**
   * @param dialect Which Git host it is.
   * @param patience How long to go on trying.
   */
  constructor(
    private readonly dialect: HostDialect,
    private readonly patience: Patience = {},
  ) {}

  /**
   * One request, repeated while nobody answers, for a host may be starting, and as long as it asks to wait.
   *
   * @throws GitHostError `unreachable` when patience has run out. What it answers is for the caller to judge.
   */
  async send(method: string, path: string, body?: unknown): Promise<Answer> {
    const deadline = Date.now() + (this.patience.total ?? 60_000);
    let wait = 50;
    for (;;) {
      let reason: string;
      try {
        const answer = await this.ask(method, path, body);
        const isBusy =
          [502, 503, 504].includes(answer.status) ||
          (answer.status === 500 && this.dialect.isPassing?.(textOf(answer)) === true);
        const asked = [403, 429].includes(answer.status) ? answer.wait : undefined;
        if (asked !== undefined && Date.now() + asked * 1000 < deadline) {
          await pause(asked * 1000);
          continue;
        }
        if (!isBusy) return answer;
        reason = `it answered ${String(answer.status)}`;
      } catch (error) {
        reason = causeOf(error);
      }
      if (Date.now() + wait > deadline) {
        const { description, ifUnreachable } = this.dialect;
        throw new GitHostError("unreachable", `${description} can't be reached: ${reason}; ${ifUnreachable}`);
      }
      await pause(wait);
      wait = Math.min(wait * 2, 1000);
    }
  }

  /**
   * An answer's body.
   *
   * @param what Was to be done, for the message, e.g. `making …`.
   * @throws GitHostError with what the host said and what to do, if its status is none of these.
   */
  expect(answer: Answer, statuses: readonly number[], what: string): unknown {
    if (!statuses.includes(answer.status)) throw this.failure(answer, what);
    return answer.body;
  }

  /** What an answer means that isn't the wanted one. */
  failure(answer: Answer, what: string): GitHostError {
    const [fault, remedy] = this.dialect.explain(answer);
    const said = `it answered ${String(answer.status)} ${textOf(answer)}`;
    return new GitHostError(fault, `${this.dialect.description}, ${what}: ${said}${remedy}`);
  }

  private async ask(method: string, path: string, body: unknown): Promise<Answer> {
    const response = await fetch(`${this.dialect.api}${path}`, {
      method,
      headers: {
        accept: "application/json",
        ...this.dialect.headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(this.patience.request ?? requestPatience),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A bundle is no text; nobody asks for its words.
    const isText = response.headers.get("content-type")?.includes("json") === true || !response.ok;
    const text = isText ? Buffer.from(bytes).toString("utf8") : "";
    return {
      status: response.status,
      body: parsed(text),
      bytes,
      wait: waitIn(response.headers, new Date()),
    };
  }
}

/** What an account and its password are sent as. */
export function basicAuthorization(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
