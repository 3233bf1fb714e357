import assert from "node:assert/strict";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { failure } from "../../../local/plugins/server/failures";
import { readStruct } from "../../../local/plugins/server/messages";
import { ResourceInitError } from "../../../local/plugins/server/provider";

describe("a provider's failure", () => {
  it("carries what there is of a resource that did not come up, so that the engine keeps it", () => {
    const partial = { id: "ns/a", properties: { x: 1 }, inputs: { y: "2" }, reasons: ["first", "second"] };
    const answer = failure(new ResourceInitError("first", partial));
    const binary = answer.metadata?.get("grpc-status-details-bin")[0];
    assert.ok(binary instanceof Buffer);
    const [packed] = Status.deserializeBinary(binary).getDetailsList();
    const detail = packed?.unpack(
      (bytes) => ErrorResourceInitFailed.deserializeBinary(bytes),
      "pulumirpc.ErrorResourceInitFailed",
    );
    assert.ok(detail);
    assert.equal(detail.getId(), "ns/a");
    assert.deepEqual(detail.getReasonsList(), ["first", "second"]);
    assert.deepEqual(readStruct(detail.getProperties()), { x: 1 });
    assert.deepEqual(readStruct(detail.getInputs()), { y: "2" });
  });

  it("is its message where nothing is left", () => {
    const answer = failure(new Error("no"));
    assert.equal(answer.details, "no");
    assert.equal(answer.metadata, undefined);
  });
});
