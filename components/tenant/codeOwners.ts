import { codeOwner } from "../../infra/codeOwner";
import type { Fault } from "../../infra/fault";
import type { GitHostKind } from "../git/access";

/** Where each Git host looks for a repository's code owners. */
export const codeOwnersFile = "CODEOWNERS";

/**
 * The file that names who answers for all of a repository. Whoever else should answer for a part of it writes that below.
 *
 * @param owners Accounts and teams as the Git host writes them.
 * @param kind Which Git host: Gitea's patterns are regular expressions.
 */
export function codeOwners(owners: readonly string[], kind: GitHostKind): string {
  const all = kind === "gitea" ? ".*" : "*";
  return `# Who is asked to review a change, by what it changes. The last line that fits counts.
${owners.length === 0 ? `# ${all} @somebody` : `${all} ${owners.join(" ")}`}
`;
}

/** What is wrong with the code owners that a tenant is given. */
export function codeOwnersFaults(path: string, owners: readonly string[]): Fault[] {
  return owners.flatMap((owner, index) =>
    codeOwner.test(owner)
      ? []
      : [
          {
            path: `${path}[${String(index)}]`,
            given: JSON.stringify(owner),
            expected: "an account or a team of the Git host's, with its @",
            remedy: 'write for example "@acme/team-blue"',
          },
        ],
  );
}
