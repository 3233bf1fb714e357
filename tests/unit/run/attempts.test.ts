import assert from "node:assert/strict";
import { afterBoth, counted } from "../../run/attempts";

const failure = (title: string) => ({ title, error: `${title} broke` });

describe("a file of tests that is tried twice", () => {
  it("counts as it ended when it was tried once", () => {
    const result = counted({ passed: ["a"], failures: [failure("b")], skipped: 1 });
    assert.deepEqual(result, { passed: 1, failed: 1, skipped: 1, details: ["✖ b\nb broke"], unsteady: [] });
  });

  it("fails by a test that fails both times", () => {
    const one = { passed: ["a"], failures: [failure("b")], skipped: 0 };
    const result = afterBoth(one, one);
    assert.deepEqual(result, { ...counted(one), unsteady: [] });
  });

  it("passes if each test passes once, and shows what failed the other time", () => {
    const first = { passed: ["a"], failures: [failure("b")], skipped: 0 };
    const second = { passed: ["b"], failures: [failure("a")], skipped: 0 };
    const unsteady = ["✖ b\nb broke", "✖ a\na broke"];
    assert.deepEqual(afterBoth(first, second), { passed: 2, failed: 0, skipped: 0, details: [], unsteady });
  });

  it("fails by a hook that only the second one breaks in, as what comes after it was not seen to pass", () => {
    const first = { passed: [], failures: [failure("a")], skipped: 0 };
    const second = { passed: [], failures: [failure("before all")], skipped: 0 };
    assert.equal(afterBoth(first, second).failed, 1);
  });
});
