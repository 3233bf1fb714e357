import { strict as assert } from "node:assert";
import fc from "fast-check";

import { webhookUrl } from "../../../components/webhook";

const receiver = { namespace: "terp-tenant-team-blue", name: "apps" };

describe("the address that a Git host calls", () => {
  it("is Flux's own for that Receiver: the digest of token, name and namespace, one behind the other", () => {
    // printf '%s' tokenappsterp-tenant-team-blue | sha256sum
    assert.equal(
      webhookUrl("token", receiver),
      "http://webhook-receiver.flux-system.svc.cluster.local/hook/723bede51d9f771b09b83e7b3d3f8eed186d276fb8aedbbd99f6768064db28ad",
    );
  });

  it("doesn't show the token", () => {
    const token = "0123456789abcdef";
    assert.ok(!webhookUrl(token, receiver).includes(token));
  });

  it("is another one with another token, so that one of the same address has the same token", () => {
    const token = fc.stringMatching(/^[0-9a-f]{64}$/);
    fc.assert(
      fc.property(token, token, (one, other) => {
        assert.equal(webhookUrl(one, receiver) === webhookUrl(other, receiver), one === other);
      }),
    );
  });

  it("is another one for another Receiver", () => {
    const addresses = [
      receiver,
      { ...receiver, name: "platform" },
      { ...receiver, namespace: "terp-tenant-team-red" },
    ].map((each) => webhookUrl("token", each));
    assert.equal(new Set(addresses).size, addresses.length);
  });
});
