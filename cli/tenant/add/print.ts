/** An expression: one word, a list, an object (an entry without a value is its name alone), or a call with its arguments. */
export type Printable =
  | string
  | { readonly items: readonly Printable[] }
  | { readonly entries: readonly (readonly [name: string, value: Printable | undefined])[] }
  | { readonly call: string; readonly parts: readonly Printable[] };

/** How wide a line may be: `printWidth` of .prettierrc.json. */
export const lineWidth = 110;

interface Parts {
  readonly open: string;
  readonly close: string;
  readonly children: readonly { readonly before: string; readonly value: Printable }[];
}

function partsOf(value: Exclude<Printable, string>): Parts {
  if ("items" in value) {
    return { open: "[", close: "]", children: value.items.map((each) => ({ before: "", value: each })) };
  }
  if ("call" in value) {
    return {
      open: `${value.call}(`,
      close: ")",
      children: value.parts.map((each) => ({ before: "", value: each })),
    };
  }
  const children = value.entries.map(([name, each]) =>
    each === undefined ? { before: "", value: name } : { before: `${name}: `, value: each },
  );
  return { open: "{", close: "}", children };
}

/** An expression on one line. */
export function flat(value: Printable): string {
  if (typeof value === "string") return value;
  const { open, close, children } = partsOf(value);
  const inner = children.map((each) => `${each.before}${flat(each.value)}`).join(", ");
  return open === "{" && inner !== "" ? `{ ${inner} }` : `${open}${inner}${close}`;
}

/**
 * An expression as Prettier lays it out, followed by a comma: on one line where it fits, else each part on a line of its own.
 *
 * @param indent How many spaces stand before it.
 */
export function print(value: Printable, indent: number): string {
  return `${layout(value, indent, indent)},`;
}

/** @param column Where it begins, behind the name of an entry for example. */
function layout(value: Printable, indent: number, column: number): string {
  const line = flat(value);
  // The comma behind it has to fit too.
  if (typeof value === "string" || column + line.length + 1 <= lineWidth) return line;
  const { open, close, children } = partsOf(value);
  if (children.length === 0) return line;
  const inner = indent + 2;
  const lines = children.map(
    (each) => `${" ".repeat(inner)}${each.before}${layout(each.value, inner, inner + each.before.length)},`,
  );
  return [open, ...lines, `${" ".repeat(indent)}${close}`].join("\n");
}
