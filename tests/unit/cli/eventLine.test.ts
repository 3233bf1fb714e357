import { strict as assert } from "node:assert";
import { eventOf } from "../../../cli/engine/eventLine";

const urn = "urn:pulumi:local::terp::terp:tenant:Tenant$kubernetes:core/v1:Namespace::Namespace/team-blue";
const type = "kubernetes:core/v1:Namespace";

/** A line of the engine's log, as it writes it. */
function line(kind: string, op: string, more: object = {}): string {
  const metadata = { op, urn, type, old: { inputs: { name: "é" } }, new: { inputs: { name: "é" } } };
  const text = JSON.stringify({ sequence: 7, timestamp: 1795000000, [kind]: { metadata, ...more } });
  return Buffer.from(text, "utf8").toString("latin1");
}

describe("a line of the engine's event log", () => {
  for (const kind of ["resourcePreEvent", "resOutputsEvent"]) {
    it(`is read as far as the type where a resource stays as it is: ${kind}`, () => {
      assert.deepEqual(eventOf(line(kind, "same")), {
        sequence: 7,
        timestamp: 1795000000,
        [kind]: { metadata: { op: "same", urn, type } },
      });
    });
  }

  it("isn't read beyond that, whatever follows", () => {
    const cut = line("resourcePreEvent", "same").replace(/"old".*/s, "cut off");
    assert.equal(eventOf(cut).resourcePreEvent?.metadata.urn, urn);
  });

  for (const op of ["create", "update", "delete", "create-replacement"]) {
    it(`is read whole where something happens to the resource: ${op}`, () => {
      assert.deepEqual(eventOf(line("resourcePreEvent", op)).resourcePreEvent?.metadata.new?.inputs, {
        name: "é",
      });
    });
  }

  it("is read whole where it is about no resource", () => {
    const text = JSON.stringify({
      sequence: 1,
      timestamp: 2,
      summaryEvent: { resourceChanges: { same: 3 } },
    });
    assert.deepEqual(eventOf(text).summaryEvent?.resourceChanges, { same: 3 });
  });

  it("is refused where it is no JSON", () => {
    assert.throws(() => eventOf('{"sequence":1,"timesta'), SyntaxError);
  });
});
