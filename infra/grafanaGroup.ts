import type { Fault } from "./fault";

/**
 * What is wrong with the name of a group that a Grafana lets in. It stands in an expression, in a settings file whose variables
 * are replaced: signs that mean something in either are refused, rather than escaped in two ways at once.
 */
export function grafanaGroupFaults(path: string, group: string): Fault[] {
  if (/^[\p{L}\p{N}_.:@/=,+()&-]([\p{L}\p{N} _.:@/=,+()&-]*[\p{L}\p{N}_.:@/=,+()&-])?$/u.test(group))
    return [];
  return [
    {
      path,
      given: JSON.stringify(group),
      expected: "a group's name of letters, digits, spaces inside, and the signs _ . : @ / = , + ( ) & -",
      remedy: "give the group another name at the identity provider, or name it by its id",
    },
  ];
}
