import { strict as assert } from "node:assert";
import type { PlannedStep } from "../../../../cli/engine/events";
import { renderMarkdown, renderText } from "../../../../cli/preview/render";
import { summarise, summariseFailure } from "../../../../cli/preview/summary";

function step(operation: string, name: string, changes: readonly string[] = []): PlannedStep {
  const type = "kubernetes:apps/v1:Deployment";
  return {
    operation,
    urn: `urn:pulumi:dev::terp::${type}::${name}`,
    type,
    inputs: { secret: "hidden" },
    changes,
  };
}

const stackStep: PlannedStep = {
  ...step("create", "x"),
  urn: "urn:pulumi:dev::terp::pulumi:pulumi:Stack::terp-dev",
};

function aSummary(
  steps: readonly PlannedStep[],
  warnings: readonly string[] = [],
  standIns: readonly string[] = [],
) {
  const diagnostics = warnings.map((message) => ({ severity: "warning" as const, message }));
  return summarise("dev", { changes: { same: 7 }, steps, diagnostics }, standIns);
}

const replacing = [
  step("create-replacement", "a", ["spec"]),
  step("replace", "a", ["spec.b", "spec.a"]),
  step("delete-replaced", "a"),
];

describe("the summary of a preview", () => {
  it("names each resource once, the gravest first, and the stack not at all", () => {
    const steps = [
      stackStep,
      step("create", "c", ["all"]),
      step("same", "d"),
      step("update", "b", ["x"]),
      ...replacing,
      step("delete", "e"),
    ];
    assert.deepEqual(aSummary(steps).changes, [
      { change: "delete", resource: "Deployment e", properties: [] },
      { change: "replace", resource: "Deployment a", properties: ["spec.a", "spec.b"] },
      { change: "update", resource: "Deployment b", properties: ["x"] },
      { change: "create", resource: "Deployment c", properties: [] },
    ]);
  });

  it("says that nothing changes", () => {
    const summary = aSummary([step("same", "a")]);
    assert.equal(summary.differs, false);
    assert.deepEqual(renderText(summary), ["preview of dev: no changes (7 unchanged)"]);
    assert.equal(renderMarkdown(summary), "### Preview of `dev`\n\nNo changes: 7 unchanged.");
  });

  it("is a line for each change on a terminal", () => {
    assert.deepEqual(renderText(aSummary([...replacing, step("create", "b")], ["old"], ["tls"])), [
      "preview of dev: 1 to replace, 1 to create, 7 unchanged",
      "  replace  Deployment a  spec.a, spec.b",
      "  create   Deployment b",
      "warning: old",
      "Stand-ins ran for the plugins tls: see docs/stand-in-plugins.md for what they don't see.",
    ]);
  });

  it("shows in Markdown what deletes, and folds the rest", () => {
    assert.equal(
      renderMarkdown(aSummary([...replacing, step("create", "b")])),
      [
        "### Preview of `dev`",
        "**1 to replace, 1 to create, 7 unchanged**",
        "Look at these: what they hold is deleted.",
        "| change | resource | properties |\n| --- | --- | --- |\n| replace | `Deployment a` | `spec.a` `spec.b` |",
        "<details><summary>1 more</summary>",
        "| change | resource | properties |\n| --- | --- | --- |\n| create | `Deployment b` |  |",
        "</details>",
      ].join("\n\n"),
    );
  });

  it("has no value of a property", () => {
    const summary = aSummary([...replacing, step("create", "b")]);
    for (const text of [renderMarkdown(summary), renderText(summary).join("\n"), JSON.stringify(summary)])
      assert.ok(!text.includes("hidden"));
  });

  it("lets no name of the author's be more than a name", () => {
    const text = renderMarkdown(aSummary([step("delete", "a` @team | <b>\n# b")]));
    assert.match(text, /\| delete \| `Deployment a {2}@team {3}<b> # b` \|/);
  });

  it("keeps to what a comment may hold, and counts the rest", () => {
    const steps = Array.from({ length: 3000 }, (_, index) => step("delete", `resource-${String(index)}`));
    const text = renderMarkdown(aSummary(steps));
    assert.ok(text.length < 60_000);
    const [, more] = /… and (\d+) more/.exec(text) ?? [];
    const shown = text.split("\n").filter((line) => line.startsWith("| delete")).length;
    assert.equal(shown + Number(more), 3000);
  });

  it("tells why there is no plan", () => {
    const summary = summariseFailure("dev", "```` no\n````");
    assert.equal(summary.differs, true);
    assert.equal(renderMarkdown(summary), "### Preview of `dev`\n\n**It failed:**\n\n````text\n no\n\n````");
  });
});
