import { recipientsWithin } from "../../infra/keys/age";
import { seal } from "../sops";
import type { GitAccess } from "./access";
import {
  GitHostError,
  ownMark,
  type BranchGuard,
  type GitHost,
  type RepositoryPlace,
  type Visibility,
} from "./host";
import type { Patience } from "./hostClient";

/** A Secret that is encrypted before it is committed. */
export interface SealedFile {
  /** The Secret as YAML, in clear. */
  readonly manifest: string;
  /** The age recipient it is encrypted to. */
  readonly recipient: string;
}

/** What a repository's resource is given of the repository and what it starts with, in clear. */
export interface ContentsInputs extends RepositoryPlace {
  readonly access: GitAccess;
  readonly purpose: string;
  readonly visibility?: Visibility;
  readonly guard?: BranchGuard;
  readonly files: Readonly<Record<string, string>>;
  readonly sealedFiles: Readonly<Record<string, SealedFile>>;
  readonly isWatched?: boolean;
  readonly sealsTo?: readonly string[];
}

/** What the state keeps of a repository: the files aren't among that, since they are the tenant's once written. */
export type WithoutContents<T extends ContentsInputs> = Omit<T, "files" | "sealedFiles">;

/** See {@link WithoutContents}. */
export function withoutContents<T extends ContentsInputs>(inputs: T): WithoutContents<T> {
  const kept = Object.entries(inputs).filter(([name]) => name !== "files" && name !== "sealedFiles");
  return Object.fromEntries(kept) as WithoutContents<T>;
}

/** For a look that another run can take as well. */
export const briefly: Patience = { total: 3000, request: 3000 };

/**
 * Makes the repository where it is absent, and writes what it starts with while it is empty.
 *
 * @returns which repository it is, by the Git host's own count.
 */
export async function ensureContents(host: GitHost, inputs: ContentsInputs): Promise<string> {
  const { isEmpty, id } = await host.ensureRepository({
    ...inputs,
    description: `${ownMark} ${inputs.purpose}`,
  });
  if (!isEmpty) {
    await refuseOtherRecipient(host, inputs, inputs.sealsTo ?? []);
    return id;
  }
  const sealed = await Promise.all(
    Object.entries(inputs.sealedFiles).map(
      async ([path, file]) => [path, await seal(file.manifest, file.recipient)] as const,
    ),
  );
  const contents = [...Object.entries(inputs.files), ...sealed].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  await host
    .commit(
      inputs,
      "Start with an example\n\nWritten once: from here on everything in this repository is yours.",
      contents.map(([path, content]) => ({ operation: "create", path, content })),
    )
    .catch((error: unknown) => {
      // Another run was first, or an earlier try whose answer was lost.
      if (!(error instanceof GitHostError && error.fault === "outdated")) throw error;
    });
  return id;
}

/**
 * Whether the repository isn't there any more, or another one is in its place.
 *
 * @param expected Recipients of which its `.sops.yaml` must name one. Anything but a list is a value that isn't known yet.
 */
export async function isReplaced(
  host: GitHost,
  known: RepositoryPlace & { readonly repositoryId: string },
  expected: unknown,
): Promise<boolean> {
  const found = await host.repositoryId(known);
  const recipients = Array.isArray(expected) ? (expected as readonly string[]) : [];
  if (found !== undefined) await refuseOtherRecipient(host, known, recipients);
  return found !== known.repositoryId;
}

const rules = ".sops.yaml";

/** What people seal by hand would be sealed to somebody else. */
async function refuseOtherRecipient(
  host: GitHost,
  place: RepositoryPlace,
  expected: readonly string[],
): Promise<void> {
  const [recipient] = expected;
  if (recipient === undefined) return;
  const text = (await host.readFile(place, rules))?.content ?? "";
  const named = recipientsWithin(text);
  if (named.length === 0 || named.some((each) => expected.includes(each))) return;
  throw new GitHostError(
    "refused",
    `${host.description}, repository ${place.organisation}/${place.repository}: its ${rules} names ${named.join(", ")}, expected ${recipient}; ` +
      `nothing was changed. If ${recipient} is the right key, correct that file and push it; else bring the key of ${named[0] ?? ""} back to its store`,
  );
}
