import { relationOf, type Generations } from "../../infra/keys/generations";
import type { RepositoryStanding } from "../git/reader";
import { typed, type Finding } from "./finding";

/** A tenant's key as the platform repository has it. */
export type SealedKeyFacts =
  | { readonly kind: "absent" }
  /** Something else is in its place. */
  | { readonly kind: "unsealed" }
  | (Generations & { readonly kind: "sealed"; readonly readers: readonly string[] });

/** What is known of a tenant's keys and repository. */
export interface TenantFacts {
  readonly tenant: string;
  /** Undefined if the platform repository has nothing at all. */
  readonly key: SealedKeyFacts | undefined;
  /** What the platform's store has of it: `unknown` if it couldn't be asked. */
  readonly copy: Generations | "absent" | "unknown";
  /** To whom its key belongs by the state. */
  readonly known: string | undefined;
  readonly repository: RepositoryStanding | "brought";
  /** The recipients that its `.sops.yaml` names; undefined if it has no such file. */
  readonly rules: readonly string[] | undefined;
}

/** What is known of the repositories. */
export interface RepositoriesFacts {
  readonly stack: string;
  /** Where they were read, in a few words. */
  readonly host: string;
  /** Why they can't be read. */
  readonly unreachable?: string;
  readonly platform: RepositoryStanding;
  /** Recipients of the platform's key and of those that it took the place of; none if nobody tells. */
  readonly platformRecipients: readonly string[];
  readonly tenants: readonly TenantFacts[];
}

const lostRepository = "bring it back from a copy of the Git host's data";

/** What is wrong with the repositories and the keys in them. One that is missing has no more faults than that. */
export function judgeRepositories(facts: RepositoriesFacts): readonly Finding[] {
  const { stack, host, unreachable, platform, tenants } = facts;
  if (unreachable !== undefined) {
    return [
      {
        severity: "fault",
        about: "repository",
        found: `the repositories can't be read: ${unreachable}`,
        expected: `${host} to answer`,
        remedy: `${typed("status", stack)}, then ${typed("up", stack)}`,
      },
    ];
  }
  const own: Finding[] =
    platform === "there"
      ? []
      : [
          {
            severity: "fault",
            about: "repository",
            found: `${host}: the platform repository ${platform === "empty" ? "is empty" : "isn't there"}: the tenants' keys are gone with it`,
            expected: "the platform repository with a key for each tenant",
            remedy: `${lostRepository}, then ${typed("up", stack)}`,
          },
        ];
  return [...own, ...tenants.flatMap((tenant) => judgeTenant(tenant, facts))];
}

function judgeTenant(tenant: TenantFacts, facts: RepositoriesFacts): readonly Finding[] {
  return [...judgeKey(tenant, facts), ...judgeCopy(tenant, facts), ...judgeRepository(tenant, facts)];
}

function judgeKey({ tenant, key, known }: TenantFacts, facts: RepositoriesFacts): readonly Finding[] {
  const path = `tenants/${tenant}/age.yaml`;
  const history = "bring the file back from the platform repository's history";
  const fault = (found: string, expected: string, remedy: string): Finding[] => [
    { severity: "fault", about: "tenant", found: `${tenant}: ${found}`, expected, remedy },
  ];
  if (key === undefined) return [];
  if (key.kind === "absent")
    return fault(`the platform repository has no ${path}`, "its key, sealed to the platform's", history);
  if (key.kind === "unsealed")
    return fault(
      `${path} in the platform repository isn't a sealed key`,
      "its key, sealed to the platform's",
      history,
    );
  const { platformRecipients } = facts;
  if (platformRecipients.length > 0 && !key.readers.some((each) => platformRecipients.includes(each))) {
    return fault(
      `its key is sealed to ${key.readers.join(", ")}: the platform's key can't open it`,
      `sealed to ${platformRecipients[0] ?? ""}`,
      "bring the platform's former key back to its store; see docs/recover.md",
    );
  }
  if (known === undefined || relationOf(key, { recipient: known }) !== "stranger") return [];
  return fault(
    `the platform repository has the key of ${key.recipient}, the state has ${known}`,
    "one key in both",
    `${history}; or, if the repository's is right, delete the resource from the state and type ${typed("up", facts.stack)}`,
  );
}

function judgeCopy({ tenant, key, copy }: TenantFacts, { stack }: RepositoriesFacts): readonly Finding[] {
  if (copy === "unknown" || key?.kind !== "sealed") return [];
  if (copy === "absent") {
    return [
      {
        severity: "warning",
        about: "tenant",
        found: `${tenant}: the platform's store has no copy of its sealed key`,
        expected: "one, for when the platform repository is lost",
        remedy: typed("up", stack),
      },
    ];
  }
  const relation = relationOf(key, copy);
  if (relation === "same") return [];
  return [
    {
      severity: relation === "stranger" ? "fault" : "warning",
      about: "tenant",
      found: `${tenant}: the platform repository has the key of ${key.recipient}, its copy in the platform's store is that of ${copy.recipient}`,
      expected: "the same key in both",
      remedy:
        relation === "stranger"
          ? `find out which one the tenant's files name, then ${typed("up", stack)}, which says how to go on`
          : typed("up", stack),
    },
  ];
}

function judgeRepository(
  { tenant, repository, rules, key, known }: TenantFacts,
  { stack, host }: RepositoriesFacts,
): readonly Finding[] {
  // Its owner keeps it.
  if (repository === "brought") return [];
  if (repository !== "there") {
    return [
      {
        severity: "fault",
        about: "repository",
        found: `${host}: the repository of ${tenant} ${repository === "empty" ? "is empty" : "isn't there"}`,
        expected: "what the tenant runs",
        remedy: `${lostRepository}; without one, ${typed("up", stack)} starts it anew with the example`,
      },
    ];
  }
  const recipient = key?.kind === "sealed" ? key.recipient : known;
  if (recipient === undefined || rules?.includes(recipient) === true) return [];
  const remedy = `in a clone of the tenant's repository, let .sops.yaml name ${recipient} as \`age\`; commit and push`;
  if (rules === undefined) {
    return [
      {
        severity: "warning",
        about: "tenant",
        found: `${tenant}: its repository has no .sops.yaml`,
        expected: "one that names its recipient, so that it seals to the right key",
        remedy,
      },
    ];
  }
  return [
    {
      severity: "fault",
      about: "tenant",
      found: `${tenant}: .sops.yaml in its repository names ${rules.length === 0 ? "no age recipient" : rules.join(", ")}: what it seals can't be decrypted`,
      expected: recipient,
      remedy,
    },
  ];
}
