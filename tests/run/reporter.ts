import Mocha from "mocha";

/** Marks a line on standard output that is meant for the test run, not for a person. */
export const eventMark = "\u0001terp-test ";

/** What the reporter tells the test run, a line each. */
export type TestEvent =
  | { readonly kind: "begin"; readonly title: string }
  | { readonly kind: "passed" | "skipped"; readonly title: string; readonly milliseconds: number }
  | { readonly kind: "failed"; readonly title: string; readonly error: string };

/** A mocha reporter that writes events for {@link runMocha}. */
export default class EventReporter extends Mocha.reporters.Base {
  public constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const say = (event: TestEvent): void => {
      process.stdout.write(`${eventMark}${JSON.stringify(event)}\n`);
    };
    const title = (test: { titlePath(): string[] }): string => test.titlePath().join(" › ");
    const { constants } = Mocha.Runner;
    runner.on(constants.EVENT_TEST_BEGIN, (test: Mocha.Test) => {
      say({ kind: "begin", title: title(test) });
    });
    runner.on(constants.EVENT_TEST_PASS, (test: Mocha.Test) => {
      say({ kind: "passed", title: title(test), milliseconds: test.duration ?? 0 });
    });
    runner.on(constants.EVENT_TEST_PENDING, (test: Mocha.Test) => {
      say({ kind: "skipped", title: title(test), milliseconds: 0 });
    });
    runner.on(constants.EVENT_TEST_FAIL, (test: Mocha.Test, error: Error) => {
      say({ kind: "failed", title: title(test), error: explain(error) });
    });
  }
}

function explain(error: Error): string {
  const { actual, expected } = error as { readonly actual?: unknown; readonly expected?: unknown };
  const stack = error.stack ?? error.message;
  if (actual === undefined || error.message.includes("\n")) return stack;
  return `${stack}\n    actual: ${JSON.stringify(actual)}\n    expected: ${JSON.stringify(expected)}`;
}
