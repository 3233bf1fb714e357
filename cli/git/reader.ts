import type { RepositoryPlace } from "../../components/git/host";

/** Whether a repository is there, and has a commit on the branch that is applied. */
export type RepositoryStanding = "absent" | "empty" | "there";

/** Reads repositories of a Git host, and changes nothing. */
export interface GitReader {
  /** Where they are, in a few words, for messages. */
  readonly description: string;
  /** Whether a repository is there. @throws if it can't tell. */
  standing(place: RepositoryPlace): Promise<RepositoryStanding>;
  /** A file on the branch that is applied; undefined if it isn't there. @throws if it can't tell. */
  read(place: RepositoryPlace, path: string): Promise<string | undefined>;
  /** The paths of all files in a folder and below it, from the repository's root. @throws if it can't tell. */
  list(place: RepositoryPlace, folder: string): Promise<readonly string[]>;
}
