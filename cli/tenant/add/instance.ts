import type { TenantArgs } from "../../../components/tenant/tenantArgs";
import type { Printable } from "./print";

/** A tenant as its instance in the program says it. */
export interface TenantInstance extends Omit<TenantArgs, "platform"> {
  readonly name: string;
}

/** Arguments in the order in which they are written, and listed in messages. */
export const argumentNames = [
  "namespaces",
  "size",
  "people",
  "reaches",
  "ranges",
  "domains",
  "sources",
  "images",
  "repository",
  "codeOwners",
  "charts",
  "grafana",
  "suspended",
] as const satisfies readonly (keyof TenantInstance)[];

/** The instance as it stands in the program: `new TenantComponent("team-blue", { platform, … }, options)`. */
export function instanceExpression(instance: TenantInstance): Printable {
  const given = argumentNames.flatMap((name) => {
    const value = instance[name];
    return value === undefined ? [] : [[name, printable(value)] as const];
  });
  return {
    call: "new TenantComponent",
    parts: [JSON.stringify(instance.name), { entries: [["platform", undefined], ...given] }, "options"],
  };
}

function printable(value: unknown): Printable {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return { items: value.map(printable) };
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .map(([name, each]) => [name, printable(each)] as const);
    return { entries };
  }
  return String(value);
}

/** As Prettier quotes: the sign that has to be escaped less often. */
function quoted(text: string): string {
  const double = JSON.stringify(text);
  const [doubles, singles] = ['"', "'"].map((sign) => text.split(sign).length - 1);
  if ((doubles ?? 0) <= (singles ?? 0)) return double;
  return `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}
