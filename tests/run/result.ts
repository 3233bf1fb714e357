/** How a part of the tests ended. */
export interface PartResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What to show of each failure, and why tests were skipped. */
  readonly details: readonly string[];
  /** Failures that were gone when their file was tried again: each is a fault of the test's, or of a wait that is too short. */
  readonly unsteady: readonly string[];
}

/** The result of a part that is one check. */
export function oneCheck(ok: boolean, output: string): PartResult {
  return {
    passed: ok ? 1 : 0,
    failed: ok ? 0 : 1,
    skipped: 0,
    details: ok ? [] : [output.trim()],
    unsteady: [],
  };
}

/** The sum of results. */
export function total(results: readonly PartResult[]): PartResult {
  return results.reduce(
    (sum, each) => ({
      passed: sum.passed + each.passed,
      failed: sum.failed + each.failed,
      skipped: sum.skipped + each.skipped,
      details: [...sum.details, ...each.details],
      unsteady: [...sum.unsteady, ...each.unsteady],
    }),
    { passed: 0, failed: 0, skipped: 0, details: [], unsteady: [] },
  );
}
