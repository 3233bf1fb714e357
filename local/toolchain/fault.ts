/** Something that keeps a command from doing its work, said before it begins. */
export interface Fault {
  /** What is looked at, as in "Go". */
  readonly what: string;
  /** What there is. */
  readonly found: string;
  /** What there should be. */
  readonly expected: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** Several faults at once, each on lines of its own. */
export class FaultsError extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super(faults.map(describeFault).join("\n"));
    this.name = "FaultsError";
  }
}

/** One fault as text. */
export function describeFault({ what, found, expected, remedy }: Fault): string {
  return `${what}: found ${found}, expected ${expected}\n  ${remedy}`;
}
