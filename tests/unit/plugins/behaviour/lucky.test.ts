import assert from "node:assert/strict";
import { compareScenarios } from "../../../engine/plugin-behaviour/compare";
import type {
  CommandRecord,
  Json,
  ScenarioRecord,
  StateRecord,
} from "../../../engine/plugin-behaviour/types";

const late = "'d' timed out waiting to be Ready";
const unready = "[Pod n/d]: containers with unready status: [c]";
const crashed = '[Pod n/d]: container "c" completed with exit code 1';

/** A run in which a Deployment failed for these reasons. */
function failed(...reasons: readonly string[]): ScenarioRecord {
  const many = `${String(reasons.length)} error${reasons.length === 1 ? "" : "s"} occurred:\n`;
  const text = many + reasons.map((reason) => `\t* ${reason}\n`).join("");
  const messages = [{ severity: "error", resource: "d", text: text.trimEnd() }];
  const state = { name: "d", type: "kubernetes:apps/v1:Deployment", initErrors: [...reasons] };
  return run({ exit: 1, resources: [], messages }, state);
}

function run(result: CommandRecord, ...state: StateRecord[]): ScenarioRecord {
  return { scenario: "01-x", steps: [{ step: 1, command: "up", result, state }] };
}

function withOutputs(type: string, outputs: Json, inputs: Json = {}): ScenarioRecord {
  return run({ exit: 0, resources: [] }, { name: "x", type: `kubernetes:x/v1:${type}`, inputs, outputs });
}

const found = (expected: ScenarioRecord, actual: ScenarioRecord): readonly string[] =>
  compareScenarios(expected, actual).map(({ path }) => path);

describe("what is luck in a run of a scenario", () => {
  it("lets the plugin under test name a reason that the official one may forget, but not leave it out", () => {
    const condition = "[MinimumReplicasUnavailable] Deployment does not have minimum availability.";
    assert.deepEqual(found(failed(late), failed(late, condition, unready)), []);
    assert.deepEqual(found(failed(late, crashed), failed(late, unready, crashed)), []);
    assert.deepEqual(found(failed(late, unready), failed(late)), [
      "/result/messages/error d/0/1",
      "/state/d/initErrors/1",
    ]);
  });

  it("lets it leave out what a Pod lacked before its container ended, if it says how that ended", () => {
    assert.deepEqual(found(failed(late, unready, crashed), failed(late, crashed)), []);
    const other = crashed.replace("n/d", "n/e");
    assert.notDeepEqual(found(failed(late, unready, other), failed(late, other)), []);
  });

  it("lets it name no other reason", () => {
    assert.deepEqual(found(failed(late), failed(late, crashed)), [
      "/result/messages/error d/0/1",
      "/state/d/initErrors/1",
    ]);
  });

  it("takes the words of a container runtime for one", () => {
    const because = (why: string) =>
      failed(`[Pod n/d]: [StartError] failed to create containerd task: ${why}`);
    assert.deepEqual(found(because("runc: no such file: unknown"), because("no such file")), []);
    assert.equal(found(because("no such file"), failed("[Pod n/d]: [StartError] other")).length, 2);
  });

  it("hides a node port that the cluster chose, and no other", () => {
    const service = (nodePort: number, given?: number) => {
      const port = given === undefined ? { port: 80 } : { port: 80, nodePort: given };
      return withOutputs(
        "Service",
        { spec: { ports: [{ port: 80, nodePort }] } },
        { spec: { ports: [port] } },
      );
    };
    assert.deepEqual(found(service(30001), service(30002)), []);
    assert.deepEqual(found(service(30001, 30001), service(30002, 30001)), [
      "/state/x/outputs/spec/ports/0/nodePort",
    ]);
  });

  it("hides what a Job counts while it fails", () => {
    const target = { type: "FailureTarget", status: "True" };
    const counting = { conditions: [target], terminating: 1 };
    const counted = { conditions: [target, { type: "Failed", status: "True" }], failed: 1, terminating: 0 };
    const job = (status: Json) => withOutputs("Job", { status });
    assert.deepEqual(found(job(counting), job(counted)), []);
    assert.deepEqual(found(job({ failed: 1 }), job({ failed: 2 })), ["/state/x/outputs/status/failed"]);
  });

  it("hides how far a Deployment's roll-out got, but not that it is stuck", () => {
    const deployment = (reason: string) =>
      withOutputs("Deployment", {
        status: { conditions: [{ type: "Progressing", reason, message: reason }] },
      });
    assert.deepEqual(found(deployment("NewReplicaSetCreated"), deployment("ReplicaSetUpdated")), []);
    const stuck = found(deployment("ReplicaSetUpdated"), deployment("ProgressDeadlineExceeded"));
    assert.equal(stuck.length, 2);
  });

  it("takes the deletions of a destruction in any order", () => {
    const destroyed = (...ops: string[]): ScenarioRecord => ({
      scenario: "01-x",
      steps: [],
      destroy: { exit: 0, resources: [{ name: "a", type: "t", ops }] },
    });
    assert.deepEqual(
      found(destroyed("delete", "delete-replaced"), destroyed("delete-replaced", "delete")),
      [],
    );
    assert.equal(found(destroyed("delete", "delete-replaced"), destroyed("delete")).length, 1);
  });
});
