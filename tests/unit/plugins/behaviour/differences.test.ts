import assert from "node:assert/strict";
import type { Finding } from "../../../engine/plugin-behaviour/compare";
import { globPattern, judge, type Difference } from "../../../engine/plugin-behaviour/differences";

const finding = (step: Finding["step"], path: string): Finding => ({ step, path, expected: 1, actual: 2 });
const why = "The stand-in does otherwise.";

describe("a deliberate difference", () => {
  const listed: readonly Difference[] = [{ scenario: "14", steps: [2], paths: ["/result/messages/**"], why }];

  it("explains findings in its scenario, steps and paths only", () => {
    const own = finding(2, "/result/messages/error a/0");
    const others = [finding(3, own.path), finding(2, "/result/exit")];
    const judgement = judge("14-wait-deployment", [own, ...others], listed);
    assert.deepEqual(judgement.explained, [own]);
    assert.deepEqual(judgement.unexplained, others);
    assert.deepEqual(judge("15-wait-for", [own], listed).unexplained, [own]);
  });

  it("is stale when nothing differs there any more", () => {
    assert.deepEqual(
      judge("14-wait-deployment", [], listed).stale.map(({ path }) => path),
      ["/result/messages/**"],
    );
    assert.deepEqual(judge("15-wait-for", [], listed).stale, []);
  });

  it("that shows in some runs only isn't stale", () => {
    const sometimes = listed.map((difference) => ({ ...difference, sometimes: true }));
    assert.deepEqual(judge("14-wait-deployment", [], sometimes).stale, []);
  });

  it("matches segments by * and any number of them by **", () => {
    assert.match("/a/b/c", globPattern("/a/*/c"));
    assert.doesNotMatch("/a/b/b/c", globPattern("/a/*/c"));
    assert.match("/a/b/b/c", globPattern("/a/**/c"));
    assert.match("/a", globPattern("/a/**"));
    assert.match("/state/web-1/id", globPattern("/state/web-*/id"));
    assert.doesNotMatch("/axb", globPattern("/a.b"));
  });
});
