/** One thing that is wrong with what was asked for. */
export interface Fault {
  /** Where it stands, e.g. `cluster.kubeconfig.path`. */
  readonly path: string;
  /** What was given there, never a secret. */
  readonly given: string;
  /** What was expected. */
  readonly expected: string;
  /** What to write or type instead. */
  readonly remedy: string;
}

/** All faults as one text, a paragraph each. */
export function describeFaults(faults: readonly Fault[]): string {
  return faults
    .map(
      ({ path, given, expected, remedy }) =>
        `${path}\n  given     ${given}\n  expected  ${expected}\n  remedy    ${remedy}`,
    )
    .join("\n\n");
}

/** A text in one line, without room to spare. */
export function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** What an error says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
