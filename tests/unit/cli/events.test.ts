import assert from "node:assert/strict";
import type { EngineEvent } from "@pulumi/pulumi/automation/events";
import { describeChanges, RunFollower } from "../../../cli/engine/events";

const urn = (name: string): string =>
  `urn:pulumi:local::terp::terp:a:B$kubernetes:apps/v1:Deployment::${name}`;

function event(content: object): EngineEvent {
  return { sequence: 1, timestamp: 1, ...content };
}

function begin(name: string, op: string): EngineEvent {
  return event({
    resourcePreEvent: { metadata: { op, urn: urn(name), type: "kubernetes:apps/v1:Deployment" } },
  });
}

function end(name: string): EngineEvent {
  return event({ resOutputsEvent: { metadata: { op: "create", urn: urn(name) } } });
}

describe("following a run of the engine", () => {
  it("tells how many are done, of how many, and what is waited for", () => {
    const follower = new RunFollower(10);
    assert.equal(follower.describe(), "0 of 10");
    for (const each of [begin("a", "same"), begin("b", "create"), begin("c", "create"), end("b")])
      follower.add(each);
    assert.equal(follower.describe(), "2 of 10, Deployment c");
  });

  it("tells the paths of what changes, without values", () => {
    const follower = new RunFollower(0);
    const { resourcePreEvent } = begin("a", "update");
    const metadata = {
      ...resourcePreEvent?.metadata,
      detailedDiff: { "spec.replicas": { diffKind: "update" } },
    };
    follower.add(event({ resourcePreEvent: { metadata } }));
    assert.deepEqual(follower.steps[0]?.changes, ["spec.replicas"]);
  });

  it("counts what it sees where the last run isn't known", () => {
    const follower = new RunFollower(0);
    follower.add(begin("a", "create"));
    assert.equal(follower.describe(), "0 of 1, Deployment a");
  });

  it("names at most two things that are waited for", () => {
    const follower = new RunFollower(0);
    for (const name of ["a", "b", "c", "d"]) follower.add(begin(name, "create"));
    assert.equal(follower.describe(), "0 of 4, Deployment a, Deployment b and 2 more");
  });

  it("shows a plugin's passing words beside what they are about, and doesn't keep them", () => {
    const follower = new RunFollower(0);
    follower.add(begin("a", "create"));
    follower.add(
      event({ diagnosticEvent: { message: "0 of 1 ready", severity: "info", ephemeral: true, color: "" } }),
    );
    assert.equal(follower.describe(), "0 of 1, Deployment a (0 of 1 ready)");
    assert.deepEqual(follower.diagnostics, []);
  });

  it("keeps warnings and errors free of colours", () => {
    const follower = new RunFollower(0);
    const message = "<{%fg 1%}>error: <{%reset%}>\u001b[31mno\u001b[0m";
    follower.add(event({ diagnosticEvent: { message, severity: "error", color: "" } }));
    assert.deepEqual(follower.diagnostics, [{ severity: "error", message: "error: no" }]);
  });
});

describe("what changed", () => {
  it("is said in words", () => {
    assert.equal(describeChanges({ create: 2, update: 0, same: 5 }), "2 created, 5 unchanged");
  });

  it("is nothing when everything is the same", () => {
    assert.equal(describeChanges({ same: 5 }), "nothing changed (5 unchanged)");
  });
});
