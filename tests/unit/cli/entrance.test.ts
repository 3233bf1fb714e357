import { strict as assert } from "node:assert";

import type { StackState } from "../../../cli/engine/state";
import { entranceOf } from "../../../cli/status/inspect";
import { composeReport, renderReport } from "../../../cli/status/report";
import { coloursFor } from "../../../cli/ui/colour";

/** A state whose stack has these outputs. */
function aState(outputs: Record<string, unknown>): StackState {
  const urn = "urn:pulumi:local::terp::pulumi:pulumi:Stack::terp-local";
  return { resources: [{ urn, type: "pulumi:pulumi:Stack", outputs }], pendingOperations: 0 } as never;
}

const tenants = {
  "team-blue": { domains: ["team-blue.apps.terp.test", "blue.test"] },
  "team-red": { domains: [] },
};
const ingress = { address: "10.0.0.2", authority: "PEM" };

describe("where a tenant's application answers from outside", () => {
  it("is its own domain, at the gateway's address", () => {
    assert.deepEqual(entranceOf(aState({ tenants, ingress }), "team-blue"), {
      address: "10.0.0.2",
      host: "team-blue.apps.terp.test",
    });
  });

  it("is unknown without a gateway, without an address of its own, without a domain and without a state", () => {
    assert.equal(entranceOf(aState({ tenants }), "team-blue"), undefined);
    assert.equal(entranceOf(aState({ tenants, ingress: { authority: "PEM" } }), "team-blue"), undefined);
    assert.equal(entranceOf(aState({ tenants, ingress }), "team-red"), undefined);
    assert.equal(entranceOf(undefined, "team-blue"), undefined);
  });

  it("is a line of the status", () => {
    const found = {
      stack: "local",
      cluster: { state: "running", reason: "runs" },
      survey: undefined,
      tenants: [],
      pendingOperations: 0,
    } as const;
    const colours = coloursFor({ isTTY: false });
    const withoutEntrance = renderReport(composeReport(found), colours, 0);
    const entrance = { address: "10.0.0.2", host: "blue.test" };
    const more = renderReport(composeReport({ ...found, entrance }), colours, 0).filter(
      (line) => line !== "" && !withoutEntrance.includes(line),
    );
    assert.deepEqual(more, ["from outside: https://blue.test at 10.0.0.2, see docs/gateway.md"]);
  });
});
