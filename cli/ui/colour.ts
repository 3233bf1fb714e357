/** Marks text with colours on a terminal; elsewhere it leaves it as it is. */
export interface Colours {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly waiting: (text: string) => string;
  readonly quiet: (text: string) => string;
  readonly strong: (text: string) => string;
}

const codes = { good: [32, 39], bad: [31, 39], waiting: [33, 39], quiet: [2, 22], strong: [1, 22] } as const;

/** What decides whether there are colours. */
export interface Screen {
  readonly isTTY?: boolean;
}

/** Colours for a terminal, unless NO_COLOR is set (https://no-color.org) or the terminal is dumb. */
export function coloursFor(screen: Screen, environment: NodeJS.ProcessEnv = process.env): Colours {
  const wanted =
    screen.isTTY === true && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
  const mark = (name: keyof typeof codes) => (text: string) =>
    wanted ? `\u001b[${String(codes[name][0])}m${text}\u001b[${String(codes[name][1])}m` : text;
  return {
    good: mark("good"),
    bad: mark("bad"),
    waiting: mark("waiting"),
    quiet: mark("quiet"),
    strong: mark("strong"),
  };
}
