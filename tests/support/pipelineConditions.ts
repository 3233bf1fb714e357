/**
 * Whether a condition of a pipeline holds: comparisons and variables, all joined by `&&`, which is all that ours consist of.
 *
 * @param value a variable's value by its name, e.g. `github.repository` or `$CI_PROJECT_ID`.
 * @throws if there is something else in it.
 */
export function holds(condition: string, value: (name: string) => string | undefined): boolean {
  return condition.split("&&").every((part) => {
    const [left = "", right, ...others] = part.split("==").map((side) => operand(side.trim(), value));
    if (others.length > 0) throw new Error(`a condition of another kind: ${part}`);
    return right === undefined ? left !== "" : left === right;
  });
}

function operand(text: string, value: (name: string) => string | undefined): string {
  const quoted = /^"([^"]*)"$|^'([^']*)'$/.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? "";
  if (!/^\$?[\w.]+$/.test(text)) throw new Error(`a condition of another kind: ${text}`);
  return value(text) ?? "";
}
