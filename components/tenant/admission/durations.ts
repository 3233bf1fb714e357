import { at, text } from "./cel";
import { message, type Validation } from "./policy";

const form = text("^([0-9]+(\\.[0-9]+)?(ms|s|m|h))+$");

/** The shortest time between two looks at the same thing: Flux's controllers work for all tenants. */
const shortest = "30s";
/** The longest that one tenant's object may hold a controller's worker. */
const longest = "1h";

function every(paths: readonly string[], expression: (duration: string) => string): string {
  return paths
    .map((path) => {
      const given = at("dyn(object)", path, '""');
      return `(${given} == "" || (${given}.matches(${form}) && ${expression(`duration(${given})`)}))`;
    })
    .join(" && ");
}

/**
 * How often and for how long Flux may be kept busy by one object.
 *
 * @param intervals Paths of times between two runs.
 * @param timeouts Paths of the longest that a run takes.
 */
export function paceValidations(intervals: readonly string[], timeouts: readonly string[]): Validation[] {
  return [
    {
      expression: every(intervals, (given) => `${given} >= duration(${text(shortest)})`),
      message: message`Flux works for all tenants: write intervals of at least ${text(shortest)}`,
    },
    {
      expression: every(timeouts, (given) => `${given} <= duration(${text(longest)})`),
      message: message`Flux works for all tenants: write timeouts of at most ${text(longest)}`,
    },
  ];
}
