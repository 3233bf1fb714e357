/** What Go's regular expressions don't have and JavaScript's do: SOPS refuses it. */
const notInGo = /\(\?(?:[=!]|<[=!])|\\[1-9]/;

/**
 * A `path_regex` of `.sops.yaml`, which is written in Go's syntax (RE2, https://github.com/google/re2/wiki/Syntax).
 *
 * @throws if Go wouldn't take it, or it has what JavaScript can't say.
 */
export function pathRule(written: string): RegExp {
  if (notInGo.test(written)) throw new SyntaxError("SOPS knows no lookaround and no back-reference");
  const [, flags = "", body = ""] = /^(?:\(\?([ims]+)\))?(.*)$/s.exec(written) ?? [];
  const source = body.replace(/\\(.)|\(\?P</gsu, (found, escaped: string | undefined) => {
    if (escaped === undefined) return "(?<";
    if (escaped === "A") return "(?<![\\s\\S])";
    if (escaped === "z") return "(?![\\s\\S])";
    // Go lets every sign be escaped, JavaScript only those with a meaning.
    return /[A-Za-z0-9]/.test(escaped) ? found : `\\u{${(escaped.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return new RegExp(source, `u${flags}`);
}
