import type { PartResult } from "./result";

/** How the tests of one process ended. */
export interface FileResult {
  /** The titles of the tests that passed. */
  readonly passed: readonly string[];
  /** The tests and hooks that failed, or the files' names where none could be run. */
  readonly failures: readonly Failure[];
  readonly skipped: number;
}

interface Failure {
  readonly title: string;
  readonly error: string;
}

function shown({ title, error }: Failure): string {
  return `✖ ${title}\n${error}`;
}

/** What counts after one attempt. */
export function counted({ passed, failures, skipped }: FileResult): PartResult {
  const [details, failed] = [failures.map(shown), failures.length];
  return { passed: passed.length, failed, skipped, details, unsteady: [] };
}

/**
 * What counts after a second attempt: a test fails that passed in neither. What failed in one of them only is unsteady, and so is a
 * hook's failure of the first attempt, whose tests the second one shows.
 */
export function afterBoth(first: FileResult, second: FileResult): PartResult {
  const passed = new Set([...first.passed, ...second.passed]);
  const failedBefore = new Set(first.failures.map(({ title }) => title));
  const failures = second.failures.filter(({ title }) => failedBefore.has(title) || !passed.has(title));
  const unsteady = [...first.failures, ...second.failures].filter(
    ({ title }) => !failures.some((failure) => failure.title === title),
  );
  return {
    ...counted({ passed: [...passed], failures, skipped: second.skipped }),
    unsteady: unsteady.map(shown),
  };
}
