import type { Fault } from "../../infra/fault";

/** Whether one domain is the other, or below it, or above it: a host name could be of both. */
function overlap(one: string, other: string): boolean {
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`);
}

/** How one domain lies to another that it overlaps, as the end of a sentence. */
function relation(one: string, other: string): string {
  if (one === other) return "which is the same";
  return one.endsWith(`.${other}`) ? `above ${JSON.stringify(one)}` : `below ${JSON.stringify(one)}`;
}

/**
 * Which of a tenant's domains are another tenant's as well, or lie below or above one of another's: either could take the
 * other's host names.
 *
 * @param path Where the domains stand, for the messages.
 */
export function sharedDomainFaults(
  path: string,
  domains: readonly string[],
  others: readonly { readonly tenant: string; readonly domains?: readonly string[] }[],
): Fault[] {
  return domains.flatMap((domain, index) =>
    others.flatMap(({ tenant, domains: theirs = [] }) =>
      theirs
        .filter((other) => overlap(domain, other))
        .map((other) => ({
          path: `${path}[${String(index)}]`,
          given: JSON.stringify(domain),
          expected: `a domain that shares no host name with another tenant's: "${tenant}" has ${JSON.stringify(other)}, ${relation(domain, other)}`,
          remedy: `give this tenant or "${tenant}" another domain`,
        })),
    ),
  );
}

/**
 * Which of a tenant's domains are the platform's own, or lie below or above one of its.
 *
 * @param path Where the domains stand, for the messages.
 * @param own The platform's domains.
 */
export function ownDomainFaults(path: string, domains: readonly string[], own: readonly string[]): Fault[] {
  return domains.flatMap((domain, index) =>
    own
      .filter((other) => overlap(domain, other))
      .map((other) => ({
        path: `${path}[${String(index)}]`,
        given: JSON.stringify(domain),
        expected: `a domain that shares no host name with the platform: it has ${JSON.stringify(other)}, ${relation(domain, other)}`,
        remedy: "give this tenant another domain",
      })),
  );
}
