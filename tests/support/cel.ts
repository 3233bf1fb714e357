import { runInNewContext } from "node:vm";

/**
 * What an expression of the Common Expression Language gives, of the little of it that our policies use: `has`, `in`, `exists`,
 * the operators of both languages, and texts. It is rewritten as JavaScript; the tests on a cluster show that the API server
 * agrees.
 *
 * @param known What the expression may name, e.g. `object` and `request`.
 */
export function evaluate(expression: string, known: Readonly<Record<string, unknown>>): unknown {
  // A text keeps its place while the rest is rewritten.
  const texts: string[] = [];
  const script = expression
    .replace(/"(?:[^"\\]|\\.)*"/g, (text) => `text${String(texts.push(text) - 1)}_`)
    .replace(/\bhas\(([\w.]+)\)/g, "($1 !== undefined)")
    .replace(/\.exists\((\w+), /g, ".some(($1) => ")
    // A list has members, a map has keys, which is JavaScript's own meaning.
    .replace(/([\w.]+) in (\[[^\]]*\])/g, "$2.includes($1)")
    .replace(/text(\d+)_/g, (_, index: string) => texts[Number(index)] ?? "");
  return runInNewContext(script, { ...known }) as unknown;
}
