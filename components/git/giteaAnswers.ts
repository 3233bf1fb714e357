import type { GitHostFault } from "./host";

/** What Gitea answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The body as it came. */
  readonly bytes: Uint8Array;
}

/** An answer's body: what it says where it is no JSON. */
export function parsed(text: string): unknown {
  if (text === "") return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return { message: text.slice(0, 200) };
  }
}

/** What an answer says in words. */
export function textOf(answer: Answer): string {
  const message = (answer.body as { message?: unknown } | undefined)?.message;
  return typeof message === "string" ? message.replace(/\s+/g, " ").trim() : "without a word";
}

/** What kind of fault a status is, and what to do. */
export function explanation(status: number): [GitHostFault, string] {
  switch (status) {
    case 401:
      return ["unauthenticated", "; its administrator's password is set when it starts: run `terp up` again"];
    case 403:
      return ["forbidden", "; give the account the right to do this, or use an administrator's"];
    default:
      return ["refused", ""];
  }
}

/** Why a request had no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
