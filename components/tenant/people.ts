import type { Fault } from "../../infra/fault";

/** Who of a team may do what in its namespaces. Groups are written as the API server knows them, with its prefix if it has one. */
export interface People {
  /**
   * Groups that may do what the tenant's repository may, and what developers may.
   *
   * @default none
   */
  readonly owners?: readonly string[];
  /**
   * Groups that look at everything but Secrets, read logs, forward ports and restart roll-outs.
   *
   * @default none
   */
  readonly developers?: readonly string[];
  /**
   * Groups that look at everything but Secrets and logs.
   *
   * @default none
   */
  readonly viewers?: readonly string[];
  /**
   * Names of the tenant's programs, e.g. `delivery`: each looks as a viewer does, and writes Secrets without reading
   * them. `terp tenant kubeconfig --robot` gives one its token.
   *
   * @default none
   */
  readonly robots?: readonly string[];
}

/** One of the lists of {@link People}. */
export type Part = keyof People;

/** The lists, from the most rights to the fewest. */
export const parts: readonly Part[] = ["owners", "developers", "viewers", "robots"];

/** The ClusterRole behind a list, which is also what its RoleBinding is called. */
export function personRoleName(part: Part): string {
  return `terp-${part.slice(0, -1)}`;
}

/** The service account of a robot, in its tenant's control namespace: no pod can run as it there. */
export function robotAccount(robot: string): string {
  return `robot-${robot}`;
}

/** A RoleBinding's subject. */
export interface Subject {
  readonly kind: "Group" | "ServiceAccount";
  readonly name: string;
  readonly namespace?: string;
  readonly apiGroup?: string;
}

/** Who is bound to which role in each of the tenant's namespaces; a list without members is left out. */
export function peopleSubjects(
  people: People,
  controlNamespace: string,
): readonly { readonly role: string; readonly subjects: readonly Subject[] }[] {
  return parts.flatMap((part) => {
    const members = people[part] ?? [];
    if (members.length === 0) return [];
    const subjects = members.map((member): Subject =>
      part === "robots"
        ? { kind: "ServiceAccount", name: robotAccount(member), namespace: controlNamespace }
        : { kind: "Group", name: member, apiGroup: "rbac.authorization.k8s.io" },
    );
    return [{ role: personRoleName(part), subjects }];
  });
}

/** All of a tenant's people, each once. */
export function everybody(people: People, controlNamespace: string): readonly Subject[] {
  return peopleSubjects(people, controlNamespace).flatMap(({ subjects }) => subjects);
}

/** Everything that is wrong with a tenant's people. */
export function peopleFaults(path: string, people: People): Fault[] {
  const seen = new Map<string, string>();
  return parts.flatMap((part) =>
    (people[part] ?? []).flatMap((member, index): Fault[] => {
      const at = `${path}.${part}[${String(index)}]`;
      const own = part === "robots" ? robotFaults(at, member) : groupFaults(at, member);
      if (own.length > 0) return own;
      // A robot may be called as a group is.
      const kind = part === "robots" ? "robot" : "group";
      const other = seen.get(`${kind} ${member}`);
      if (other === undefined) {
        seen.set(`${kind} ${member}`, at);
        return [];
      }
      const expected = `each ${kind} once: it is ${other} too`;
      const remedy = part === "robots" ? "remove one of the two" : "leave it where it has the most rights";
      return [{ path: at, given: JSON.stringify(member), expected, remedy }];
    }),
  );
}

function groupFaults(path: string, group: string): Fault[] {
  const given = JSON.stringify(group);
  if (group.trim() === "" || group !== group.trim()) {
    const expected = "a group's name, without spaces at its ends";
    return [{ path, given, expected, remedy: "write it as the login's `groups` claim has it" }];
  }
  if (group.startsWith("system:")) {
    const expected = "a group of the tenant's own; those that begin with system: are Kubernetes'";
    return [{ path, given, expected, remedy: "name a group of your identity provider" }];
  }
  return [];
}

function robotFaults(path: string, robot: string): Fault[] {
  if (/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/.test(robot)) return [];
  const expected = "at most 40 lower-case letters, digits and dashes, with a letter or digit at both ends";
  return [{ path, given: JSON.stringify(robot), expected, remedy: 'write for example "delivery"' }];
}
