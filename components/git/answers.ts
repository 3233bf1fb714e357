import { oneLine } from "../../infra/fault";

/** What a Git host answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** The body as it came. */
  readonly bytes: Uint8Array;
  /** Seconds after which it takes requests again, where it says so. */
  readonly wait?: number | undefined;
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

/** What an answer says in words: its message, with the faults of single fields that GitHub and GitLab list beside or in it. */
export function textOf({ body }: Pick<Answer, "body">): string {
  const said = body as
    { message?: unknown; error?: unknown; error_description?: unknown; errors?: unknown } | null | undefined;
  const parts = [said?.message ?? said?.error_description ?? said?.error, said?.errors].flatMap(wordsOf);
  const text = oneLine([...new Set(parts)].join(", "));
  return text === "" ? "without a word" : text;
}

function wordsOf(said: unknown): string[] {
  if (typeof said === "string") return [said];
  if (Array.isArray(said)) return said.flatMap(wordsOf);
  if (typeof said !== "object" || said === null) return [];
  // GitHub's fault of a field says it in words, GitLab's by the field's name.
  if ("message" in said) return wordsOf(said.message);
  return Object.entries(said).flatMap(([field, words]) => wordsOf(words).map((each) => `${field} ${each}`));
}

/** The seconds that an answer asks to wait: GitLab's and GitHub's `retry-after`, or when GitHub's allowance is renewed. */
export function waitIn(headers: Headers, now: Date): number | undefined {
  const after = Number(headers.get("retry-after") ?? "");
  if (after > 0) return Math.ceil(after);
  const renewed = Number(headers.get("x-ratelimit-reset") ?? headers.get("ratelimit-reset") ?? "");
  const left = headers.get("x-ratelimit-remaining") ?? headers.get("ratelimit-remaining");
  if (left !== "0" || !(renewed > 0)) return undefined;
  return Math.max(1, Math.ceil(renewed - now.getTime() / 1000));
}

/** The names of the folders in a list of what is in a folder: GitHub and Gitea call one `dir`, GitLab `tree`. */
export function foldersIn(entries: unknown): string[] {
  return (entries as readonly { readonly name: string; readonly type: string }[])
    .filter(({ type }) => type === "dir" || type === "tree")
    .map(({ name }) => name);
}

/** Why a request had no answer, in a few words. */
export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return "code" in cause && typeof cause.code === "string" ? cause.code : cause.message;
}
