/**
 * What an answer of a Git host's that isn't the wanted one means, and what to do about it. Pure, and tested with answers as the
 * hosts give them.
 */
import { textOf, type Answer } from "./answers";
import type { GitHostFault } from "./host";

/** What kind of fault an answer is, and what to do: the end of a message, with what separates it. */
export type Explanation = readonly [fault: GitHostFault, remedy: string];

/** A fault that is known by what the host says. */
interface Known {
  readonly statuses: readonly number[];
  readonly says: RegExp;
  readonly fault: GitHostFault;
  readonly remedy: string;
}

const newToken =
  "; the token is wrong, has run out or was withdrawn: make a new one and type: pulumi config set terp:gitToken --secret";

/**
 * GitHub's faults, by its own words.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
const github: readonly Known[] = [
  {
    statuses: [422],
    says: /deploy keys are disabled/i,
    fault: "forbidden",
    remedy:
      "; an owner of the organisation allows them: Settings, Member privileges, Deploy keys, Enabled (new organisations have them disabled)",
  },
  {
    statuses: [422],
    says: /key is already in use/i,
    fault: "refused",
    remedy: "; GitHub takes a key once: withdraw it where else it is, or run this again after a refresh",
  },
  {
    statuses: [422],
    says: /name already exists/i,
    fault: "taken",
    remedy: "; rename that repository, or give the tenant another name",
  },
  {
    statuses: [403, 422],
    says: /upgrade to github/i,
    fault: "forbidden",
    remedy:
      "; the organisation's plan has protected branches in public repositories alone: set terp:git.protect to false, or use the plan Team",
  },
  {
    statuses: [403],
    says: /saml/i,
    fault: "forbidden",
    remedy:
      "; the organisation wants single sign-on: authorise the token for it (Settings, Developer settings, Personal access tokens, Configure SSO)",
  },
  {
    statuses: [403],
    says: /not accessible by|need admin access|must have admin rights|resource owner/i,
    fault: "forbidden",
    remedy:
      "; give the token the right: a fine-grained one needs Administration, Contents and Webhooks (read and write) for all repositories of the organisation, a classic one repo and admin:org",
  },
  {
    statuses: [409, 422],
    says: /protected branch|through a pull request|rule violations/i,
    fault: "forbidden",
    remedy:
      "; let the token's account bypass the rules of that branch: it writes what the platform needs there",
  },
  {
    statuses: [403],
    says: /archived/i,
    fault: "forbidden",
    remedy: "; the repository is archived: take it out of the archive (Settings, Unarchive)",
  },
];

/**
 * GitLab's faults, by its own words.
 *
 * https://docs.gitlab.com/api/rest/troubleshooting/
 */
const gitlab: readonly Known[] = [
  {
    statuses: [400, 409],
    says: /still being deleted|pending deletion/i,
    fault: "taken",
    remedy: "; a project of that name is being deleted: wait until it is gone, or restore it",
  },
  {
    statuses: [400, 409],
    says: /has already been taken/i,
    fault: "taken",
    remedy: "; rename that project or let the token see it, or give the tenant another name",
  },
  {
    statuses: [403],
    says: /insufficient_scope|higher privileges/i,
    fault: "forbidden",
    remedy: "; make a token with the scope api, and type: pulumi config set terp:gitToken --secret",
  },
  {
    statuses: [400, 403],
    says: /allowed to push|protected branch/i,
    fault: "forbidden",
    remedy:
      "; make the token's account a maintainer of the group: it writes what the platform needs to that branch",
  },
  {
    statuses: [400, 403],
    says: /namespace (is not valid|not valid)|create projects/i,
    fault: "forbidden",
    remedy:
      "; let maintainers make projects in the group (Settings, General, Permissions), and make the token's account one",
  },
  {
    statuses: [403],
    says: /./,
    fault: "forbidden",
    remedy: "; make the token's account a maintainer of the group",
  },
];

/** What an answer of GitHub's means. */
export function githubExplanation(answer: Answer): Explanation {
  if (answer.status === 401) return ["unauthenticated", newToken];
  // A lack of rights and too many requests have the same status.
  const isLimited = answer.wait !== undefined || /rate limit|abuse/i.test(textOf(answer));
  if (answer.status === 429 || (answer.status === 403 && isLimited)) return limited(answer);
  return known(github, answer) ?? ["refused", ""];
}

/** What an answer of GitLab's means. */
export function gitlabExplanation(answer: Answer): Explanation {
  if (answer.status === 401) return ["unauthenticated", newToken];
  if (answer.status === 429) return limited(answer);
  return known(gitlab, answer) ?? ["refused", ""];
}

/** What an answer of Gitea's means. */
export function giteaExplanation({ status }: Answer): Explanation {
  switch (status) {
    case 401:
      return ["unauthenticated", "; its administrator's password is set when it starts: run `terp up` again"];
    case 403:
      return ["forbidden", "; give the account the right to do this, or use an administrator's"];
    default:
      return ["refused", ""];
  }
}

function known(faults: readonly Known[], answer: Answer): Explanation | undefined {
  const text = textOf(answer);
  const found = faults.find(({ statuses, says }) => statuses.includes(answer.status) && says.test(text));
  return found && [found.fault, found.remedy];
}

function limited({ wait }: Answer): Explanation {
  const when = wait === undefined ? "in some minutes" : `in ${String(Math.ceil(wait / 60))} min`;
  return [
    "limited",
    `; it takes no more requests for now: run this again ${when}, it goes on where it stopped`,
  ];
}
