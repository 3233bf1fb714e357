import { githubApi } from "../../components/git/access";
import { basicAuthorization } from "../../components/git/hostClient";
import type { Credential } from "./credential";
import type { RepositoryPage } from "./hostAnswer";

/** A pull request to be opened. */
export interface PullRequest {
  readonly host: "github" | "gitea";
  readonly page: RepositoryPage;
  readonly branch: string;
  /** The branch that it is for. */
  readonly base: string;
  readonly title: string;
}

/** Where it is open, or why it isn't. */
export type Opening = { readonly address: string } | { readonly why: string };

/** GitHub's and Gitea's answers, as far as they are the same. */
interface Answer {
  readonly message?: string;
  readonly errors?: readonly { readonly message?: string }[];
  readonly html_url?: string;
}

interface Listed {
  readonly html_url: string;
  readonly head: { readonly ref: string };
}

/** Opens a pull request by the host's API, or finds the one that is open for the same branch. Never throws. */
export async function openPullRequest(asked: PullRequest, credential: Credential): Promise<Opening> {
  const { host, page, branch, base, title } = asked;
  const api = host === "github" ? githubApi(page.url) : `${page.url}/api/v1`;
  const path = `${api}/repos/${page.owner}/${page.repository}/pulls`;
  const { username, password } = credential;
  const headers = {
    accept: "application/json",
    "content-type": "application/json",
    authorization: host === "github" ? `Bearer ${password}` : basicAuthorization(username, password),
  };
  const ask = async (url: string, body?: object): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(url, {
      headers,
      ...(body && { method: "POST", body: JSON.stringify(body) }),
      // The credential is for this host alone.
      redirect: "error",
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, body: await response.json().catch(() => ({})) };
  };
  try {
    const made = await ask(path, { title, head: branch, base });
    const answer = made.body as Answer;
    if (made.status === 201 && answer.html_url !== undefined) return { address: answer.html_url };
    const words = [answer.message, ...(answer.errors ?? []).map(({ message }) => message)]
      .filter((each) => each !== undefined)
      .join(": ");
    if (/already exists/i.test(words)) {
      const { body } = await ask(`${path}?state=open&head=${page.owner}:${branch}`);
      const found = (body as readonly Listed[]).find(({ head }) => head.ref === branch);
      if (found !== undefined) return { address: found.html_url };
    }
    return { why: `${new URL(page.url).host} answered ${String(made.status)} ${words}`.trim() };
  } catch (error) {
    return { why: `${new URL(page.url).host} can't be reached: ${causeOf(error)}` };
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
