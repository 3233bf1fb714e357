/** Parts of expressions of the Common Expression Language, in which admission policies are written. */

/** A text as an expression has it. */
export function text(value: string): string {
  return JSON.stringify(value);
}

/** A list of texts as an expression has it. */
export function list(texts: readonly string[]): string {
  return `[${texts.map(text).join(", ")}]`;
}

/**
 * What lies at a path of an object of which any part may be missing.
 *
 * @param object An expression for the object.
 * @param path Names of fields with dots between them: `spec.rules`.
 * @param otherwise An expression for what it is if a part is missing.
 */
export function at(object: string, path: string, otherwise: string): string {
  return `${object}.?${path.split(".").join(".?")}.orValue(${otherwise})`;
}

/** The texts of a list as one for people to read, or the word `none`. */
export function named(texts: string): string {
  return `(size(${texts}) == 0 ? "none" : ${texts}.join(", "))`;
}

/** A list of texts from one that lists them with commas; spaces around them and empty ones don't count. */
export function split(listed: string): string {
  return `${listed}.split(",").map(each, each.trim()).filter(each, each != "")`;
}

/**
 * All texts of several lists as one list. The language has no other way to do it: no such text may have a comma in it, or
 * be empty.
 *
 * @param lists An expression for a list.
 * @param item The name by which `texts` calls one of them.
 * @param texts An expression for the texts of that one.
 */
export function flattened(lists: string, item: string, texts: string): string {
  return split(`${lists}.map(${item}, ${texts}.join(",")).join(",")`);
}

/** Whether two maps have the same values, but for some keys. */
export function sameBut(one: string, other: string, keys: readonly string[]): string {
  const ignored = keys.length === 0 ? "" : `key in ${list(keys)} || `;
  return (
    `${one}.all(key, ${ignored}(key in ${other} && ${one}[key] == ${other}[key])) && ` +
    `${other}.all(key, ${ignored}key in ${one})`
  );
}

/** Whether a key of labels or annotations is one of the platform's own. */
export function isMark(key: string): string {
  return `${key}.matches(${text("^([a-z0-9.-]+\\.)?terp\\.dev/")})`;
}
