import { causeOf } from "../../components/git/answers";
import { defaultBranch } from "../../components/git/names";
import type { GitAccess } from "../../components/git/access";
import type { RepositoryPlace } from "../../components/git/host";
import type { GitReader, RepositoryStanding } from "./reader";

const patience = 10_000;
const encode = encodeURIComponent;

/** A running Git host's repositories, by its API: what people and Flux reach as well. */
export class ApiReader implements GitReader {
  readonly description: string;

  constructor(private readonly access: GitAccess) {
    this.description = `the Git host at ${access.url}`;
  }

  async standing(place: RepositoryPlace): Promise<RepositoryStanding> {
    const found = (await this.get(path(place))) as { readonly empty?: boolean } | undefined;
    if (found === undefined) return "absent";
    return found.empty === true ? "empty" : "there";
  }

  async read(place: RepositoryPlace, file: string): Promise<string | undefined> {
    const at = file.split("/").map(encode).join("/");
    const found = await this.get(`${path(place)}/contents/${at}?ref=${defaultBranch}`);
    const content = (found as { readonly content?: unknown } | undefined)?.content;
    return typeof content === "string" ? Buffer.from(content, "base64").toString("utf8") : undefined;
  }

  async list(place: RepositoryPlace, folder: string): Promise<readonly string[]> {
    const found = await this.get(`${path(place)}/git/trees/${defaultBranch}?recursive=true&per_page=100000`);
    const tree = (found as { readonly tree?: readonly TreeEntry[] } | undefined)?.tree ?? [];
    return tree
      .filter((each) => each.type === "blob" && each.path.startsWith(`${folder}/`))
      .map((each) => each.path);
  }

  /** The answer's body; undefined if there is no such thing. */
  private async get(what: string): Promise<unknown> {
    const authorization = Buffer.from(`${this.access.username}:${this.access.password}`).toString("base64");
    const response = await fetch(`${this.access.url}/api/v1${what}`, {
      headers: { authorization: `Basic ${authorization}`, accept: "application/json" },
      signal: AbortSignal.timeout(patience),
    }).catch((error: unknown) => {
      throw new Error(`${this.description} can't be reached: ${causeOf(error)}`, { cause: error });
    });
    const text = await response.text();
    if (response.status === 404) return undefined;
    if (!response.ok)
      throw new Error(
        `${this.description} answered ${String(response.status)}: ${text.slice(0, 200).trim()}`,
      );
    return JSON.parse(text) as unknown;
  }
}

interface TreeEntry {
  readonly path: string;
  readonly type: string;
}

function path({ organisation, repository }: RepositoryPlace): string {
  return `/repos/${encode(organisation)}/${encode(repository)}`;
}
