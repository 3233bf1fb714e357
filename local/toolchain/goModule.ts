/** What a `go.mod` says that matters here. */
export interface GoModule {
  /** The oldest Go that may build it, as in "1.25.0". */
  readonly go: string;
  /** Module path → version that is required; a `replace` line may put another in its place. */
  readonly requires: ReadonlyMap<string, string>;
  /** Modules for which a `replace` line decides. */
  readonly replaced: ReadonlySet<string>;
}

/**
 * Reads a `go.mod`.
 *
 * @param text the file's text.
 * @throws if it has no `go` line.
 */
export function parseGoModule(text: string): GoModule {
  const requires = new Map<string, string>();
  const replaced = new Set<string>();
  let go: string | undefined;
  let block = "";
  for (const raw of text.split("\n")) {
    const line = raw.replace(/\/\/.*$/, "").trim();
    if (line === ")") block = "";
    else if (line.endsWith("(")) block = line.slice(0, -1).trim();
    else {
      const [verb, ...words] = [...(block === "" ? [] : [block]), ...line.split(/\s+/)];
      if (verb === "go" && words[0] !== undefined) go = words[0];
      if (verb === "require" && words[0] !== undefined && words[1] !== undefined)
        requires.set(words[0], words[1]);
      if (verb === "replace" && words[0] !== undefined) replaced.add(words[0]);
    }
  }
  if (go === undefined) throw new Error('go.mod: no "go" line; expected one such as "go 1.25.0"');
  return { go, requires, replaced };
}

/**
 * Compares versions of the form 1.2.3, with or without a leading v; what follows the third number is ignored.
 *
 * @returns less than 0 if `left` is older, 0 if they are the same, more than 0 if it is newer.
 */
export function compareVersions(left: string, right: string): number {
  const numbers = (version: string) =>
    (/(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? []).slice(1).map((part) => Number(part || 0));
  const [a, b] = [numbers(left), numbers(right)];
  for (const position of [0, 1, 2]) {
    const difference = (a[position] ?? 0) - (b[position] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
