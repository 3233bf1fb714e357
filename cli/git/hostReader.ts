import type { GitHost, RepositoryPlace } from "../../components/git/host";
import type { GitReader, RepositoryStanding } from "./reader";

/** Repositories of a Git host outside the cluster, by the contract that all Git hosts fulfil. */
export class HostReader implements GitReader {
  readonly description: string;

  constructor(private readonly host: GitHost) {
    this.description = host.description;
  }

  /** The contract doesn't tell an empty repository: what it lacks is found file by file. */
  async standing(place: RepositoryPlace): Promise<RepositoryStanding> {
    return (await this.host.repositoryId(place)) === undefined ? "absent" : "there";
  }

  async read(place: RepositoryPlace, path: string): Promise<string | undefined> {
    return (await this.host.readFile(place, path))?.content;
  }

  /** @throws always: the contract has no folders. The state, without which there is no token either, names what is asked for. */
  list(): Promise<readonly string[]> {
    return Promise.reject(new Error(`${this.description}: its folders can't be listed`));
  }
}
