import assert from "node:assert/strict";
import { compareScenarios } from "../../../engine/plugin-behaviour/compare";
import type {
  CommandRecord,
  ResourceRecord,
  ScenarioRecord,
  StateRecord,
} from "../../../engine/plugin-behaviour/types";

const map = (name: string, more: Partial<ResourceRecord> = {}): ResourceRecord => {
  return { name, type: "kubernetes:core/v1:ConfigMap", ops: ["create"], ...more };
};

const command = (more: Partial<CommandRecord> = {}): CommandRecord => ({
  exit: 0,
  resources: [map("a")],
  ...more,
});

const record = (result: CommandRecord, state: StateRecord[] = []): ScenarioRecord => {
  return { scenario: "01-x", steps: [{ step: 1, command: "up", result, state }] };
};

const paths = (expected: ScenarioRecord, actual: ScenarioRecord): readonly string[] =>
  compareScenarios(expected, actual).map((finding) => `${String(finding.step)} ${finding.path}`);

describe("comparing two runs of a scenario", () => {
  it("finds nothing in equal ones", () => {
    assert.deepEqual(paths(record(command()), record(command())), []);
  });

  it("leaves out what depends on the load", () => {
    const slow = command({ took: ">60s", seconds: 61, order: ["create a"], progress: ["a: waiting"] });
    assert.deepEqual(paths(record(command()), record(slow)), []);
  });

  it("names a resource by its name, and not by its place", () => {
    const left = command({ resources: [map("a"), map("b")] });
    const right = command({ resources: [map("b", { ops: ["update"] }), map("a")] });
    assert.deepEqual(paths(record(left), record(right)), ["1 /result/resources/b/ops/0"]);
  });

  it("escapes slashes in paths", () => {
    const left = command({ resources: [map("a", { detailedDiff: { "metadata.annotations.x/y": "add" } })] });
    const found = paths(record(left), record(command()));
    assert.deepEqual(found, ["1 /result/resources/a/detailedDiff"]);
    const other = command({
      resources: [map("a", { detailedDiff: { "metadata.annotations.x/y": "update" } })],
    });
    assert.deepEqual(paths(record(left), record(other)), [
      "1 /result/resources/a/detailedDiff/metadata.annotations.x~1y",
    ]);
  });

  it("takes a message for what it says, wherever it comes", () => {
    const [first, second] = ["one", "two"].map((text) => ({ severity: "error", resource: "a", text }));
    assert.ok(first && second);
    const left = command({ messages: [first, second] });
    assert.deepEqual(paths(record(left), record(command({ messages: [second, first] }))), []);
    const changed = command({ messages: [first, { ...second, text: "zwei" }] });
    assert.deepEqual(paths(record(left), record(changed)), ["1 /result/messages/error a/1/0"]);
  });

  it("forgives that a failure stopped others before they began, but not another failure", () => {
    const failed = map("bad", { failed: "create" });
    const left = command({ exit: 1, resources: [failed, map("beside")] });
    assert.deepEqual(paths(record(left), record(command({ exit: 1, resources: [failed] }))), []);
    assert.deepEqual(paths(record(left), record(command({ exit: 1, resources: [map("beside")] }))), [
      "1 /result/resources/bad",
    ]);
  });

  it("forgives that of several that fail only the first was reached, but not that it fails otherwise", () => {
    const ops = ["refresh", "update"];
    const error = (resource: string, text = "conflict") => ({ severity: "error", resource, text });
    const both = { exit: 1, resources: [map("a", { ops }), map("b", { ops })] };
    const left = command({ ...both, messages: [error("a"), error("b")] });
    const cut = { exit: 1, resources: [map("a", { ops: ["refresh"] }), map("b", { ops })] };
    assert.deepEqual(paths(record(left), record(command({ ...cut, messages: [error("b")] }))), []);
    assert.deepEqual(paths(record(left), record(command({ ...cut, messages: [error("b", "other")] }))), [
      "1 /result/messages/error b/0/0",
    ]);
    const otherwise = { exit: 1, resources: [map("a", { ops: ["replace"] }), map("b", { ops })] };
    assert.deepEqual(
      paths(record(left), record(command({ ...otherwise, messages: [error("a"), error("b")] }))),
      ["1 /result/resources/a/ops/0", "1 /result/resources/a/ops/1"],
    );
  });

  it("forgives what was said of one that a failure stopped before it was done", () => {
    const said = (resource: string) => ({ severity: "warning", resource, text: "unreachable" });
    const failed = map("bad", { failed: "create" });
    const both = { exit: 1, messages: [said("bad"), said("beside")] };
    const left = command({ ...both, resources: [failed, map("beside", { ops: ["same"] })] });
    assert.deepEqual(paths(record(left), record(command({ ...both, resources: [failed] }))), []);
    const silent = command({ ...both, resources: [failed], messages: [said("bad")] });
    assert.deepEqual(paths(record(left), record(silent)), []);
  });

  it("allows a random text fewer kinds of characters than the other had, but not more", () => {
    const drawn = (id: string): ScenarioRecord => record(command(), [{ name: "a", type: "x", id }]);
    const wide = drawn("<length 16, alphanumeric and -_>");
    const narrow = drawn("<length 16, alphanumeric>");
    assert.deepEqual(paths(wide, narrow), []);
    assert.deepEqual(paths(narrow, wide), ["1 /state/a/id"]);
    assert.deepEqual(paths(wide, drawn("<length 15, alphanumeric>")), ["1 /state/a/id"]);
  });

  it("tells copies of a resource apart", () => {
    const copies = (kept: boolean): StateRecord[] => [
      { name: "a", type: "x" },
      { name: "a", type: "x", delete: kept },
    ];
    assert.deepEqual(paths(record(command(), copies(true)), record(command(), copies(false))), [
      "1 /state/a x/delete",
    ]);
  });
});
