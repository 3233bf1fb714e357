import assert from "node:assert/strict";
import type { AttackedPlatform } from "./attackedPlatform";
import { at, control, own, withoutRight, type ForbiddenRequest } from "./identities";
import type { Tally } from "./tally";

/** Tests of what a tenant's people and programs ask the API server for: what is theirs, and each request that must be refused. */
export function describeRequests(
  given: () => AttackedPlatform,
  requests: readonly ForbiddenRequest[],
  tally: Tally,
): void {
  it("has rights of its own: else nothing that is refused says anything", async () => {
    for (const [as, method, path] of [
      ["owner", "GET", at("v1", "secrets", own)],
      ["developer", "GET", at("apps/v1", "deployments", own)],
      ["viewer", "GET", at("v1", "configmaps", own)],
      ["reconciler", "GET", at("v1", "secrets", own)],
      ["robot", "GET", at("v1", "pods", own)],
      ["viewer", "GET", at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps")],
    ] as const) {
      const { status, message } = await given().attacker.request({ what: "look", as, method, path });
      assert.equal(status, 200, `${as}: ${message}`);
    }
  });

  it("lets a robot deliver a Secret, and a developer start an application anew", async () => {
    const { attacker } = given();
    const secret = { metadata: { name: "delivered" }, stringData: { a: "b" } };
    const path = at("v1", "secrets", own);
    const delivered = await attacker.request({ what: "", as: "robot", method: "POST", path, body: secret });
    assert.equal(delivered.status, 201, delivered.message);
    const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
    const restart = await attacker.request({
      what: "",
      as: "developer",
      method: "PATCH",
      path: at("apps/v1", "deployments", own, "podinfo"),
      body: { spec: { template: { metadata: { annotations } } } },
    });
    assert.equal(restart.status, 200, restart.message);
  });

  for (const each of requests) {
    it(`can't, as ${each.as}, ${each.what}`, async () => {
      const { status, message } = await given().attacker.request(each);
      tally.refused(status < 400, each.what);
      assert.match(message, each.because ?? withoutRight, `${String(status)} ${message}`);
    });
  }
}
