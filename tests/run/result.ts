/** How a part of the tests ended. */
export interface PartResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What to show of each failure, and why tests were skipped. */
  readonly details: readonly string[];
}

/** The result of a part that is one check. */
export function oneCheck(ok: boolean, output: string): PartResult {
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, details: ok ? [] : [output.trim()] };
}

/** The sum of results. */
export function total(results: readonly PartResult[]): PartResult {
  return results.reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: sum.skipped + each.skipped,
      details: [...sum.details, ...each.details],
    }),
    { passed: 0, failed: 0, skipped: 0, details: [] },
  );
}
