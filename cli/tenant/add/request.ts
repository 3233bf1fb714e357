import { CommandError, exitCodes } from "../../exit";
import type { SizeClass } from "../../../components/tenant/sizes";
import type { TenantInstance } from "./instance";

/** Options of `terp tenant add`, as they were typed. Lists have commas between their members. */
export interface TenantAddOptions {
  readonly namespaces: string;
  readonly size?: SizeClass;
  readonly owners?: string;
  readonly developers?: string;
  readonly viewers?: string;
  readonly robots?: string;
  readonly reaches?: string;
  readonly ranges?: string;
  readonly domains?: string;
  readonly sources?: string;
  readonly images?: string;
  readonly codeOwners?: string;
  readonly repository?: string;
  readonly charts?: boolean;
  readonly grafana?: boolean;
  /** Another file than the checkout's stacks/tenants.ts. */
  readonly file?: string;
  readonly json?: boolean;
}

const people = ["owners", "developers", "viewers", "robots"] as const;
const others = ["reaches", "ranges", "domains", "sources", "images", "codeOwners"] as const;

/**
 * The instance that was asked for.
 *
 * @throws CommandError if a list has an empty member.
 */
export function requestedInstance(name: string, options: TenantAddOptions): TenantInstance {
  const lists = (names: readonly (typeof people)[number][] | readonly (typeof others)[number][]) =>
    Object.fromEntries(
      names.flatMap((option) => {
        const typed = options[option];
        return typed === undefined ? [] : [[option, members(typedAs(option), typed)]];
      }),
    );
  const named = lists(people);
  return {
    name,
    namespaces: members("--namespaces", options.namespaces),
    ...(options.size === undefined ? {} : { size: options.size }),
    ...(Object.keys(named).length === 0 ? {} : { people: named }),
    ...lists(others),
    ...(options.repository === undefined ? {} : { repository: { url: options.repository } }),
    ...(options.charts === true && { charts: true }),
    ...(options.grafana === true && { grafana: true }),
  };
}

/** An argument of the instance as an option: `codeOwners` is `--code-owners`. */
function typedAs(argument: string): string {
  return `--${argument.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function members(option: string, typed: string): readonly string[] {
  const found = typed.split(",").map((each) => each.trim());
  if (found.every((each) => each !== "")) return found;
  throw new CommandError(
    `${option}: got ${JSON.stringify(typed)}, expected one or more with a comma between them, as in ${option} one,other`,
    exitCodes.usage,
  );
}
