import { strict as assert } from "node:assert";
import type { Attempt } from "../support/admission/attempt";
import { bigAttempts } from "../support/admission/bigAttempts";
import { fluxAttempts } from "../support/admission/fluxAttempts";
import { hostAttempts } from "../support/admission/hostAttempts";
import { networkAttempts } from "../support/admission/networkAttempts";
import { objectAttempts } from "../support/admission/objectAttempts";
import { robotAttempts } from "../support/admission/robotAttempts";
import { routeAttempts } from "../support/admission/routeAttempts";
import { soon, TenantWorld } from "../support/admission/tenantWorld";
import { workloadAttempts } from "../support/admission/workloadAttempts";
import { tenant } from "../support/admission/world";

const attempts: readonly Attempt[] = [
  ...networkAttempts,
  ...hostAttempts,
  ...routeAttempts,
  ...fluxAttempts,
  ...workloadAttempts,
  ...objectAttempts,
  ...bigAttempts,
  ...robotAttempts,
];
/** A policy that Kubernetes has looked at. */
interface Checked {
  readonly metadata: { readonly generation: number };
  readonly status?: {
    readonly observedGeneration: number;
    readonly typeChecking?: { readonly expressionWarnings?: readonly object[] };
  };
}

const policies = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";

describe("a tenant in its own namespaces", () => {
  let world: TenantWorld;

  /** @throws unless the attempt ends as it says. */
  async function check(attempt: Attempt): Promise<void> {
    const { status, body } = await world.try(attempt);
    const message = String(body["message"]);
    if (attempt.denied === undefined) {
      assert.ok(status < 300, `${String(status)} ${message}`);
      return;
    }
    const [policy, says] = attempt.denied;
    assert.equal(status, 403, `${String(status)} ${message}`);
    assert.match(message, new RegExp(`ValidatingAdmissionPolicy '${policy}'`));
    if (typeof says === "string") assert.ok(message.includes(says), message);
    else assert.match(message, says);
  }

  const ofPolicy = (name: string): Attempt => {
    const found = attempts.find(({ denied }) => denied?.[0] === name);
    assert.ok(found, `no attempt is denied by ${name}`);
    return found;
  };

  before(async () => {
    world = await TenantWorld.start();
    // Policies are in force a moment after they are there.
    await Promise.all(world.policies.map(({ name }) => soon(() => check(ofPolicy(name)))));
  });
  after(async () => {
    await world.plane.stop();
  });

  it("is bounded by policies that fit the kinds that they are about", async () => {
    for (const { name } of world.policies) {
      const policy = await soon(async () => {
        const { body } = await world.plane.must({ method: "GET", path: `${policies}/${name}` });
        const found = body as Checked;
        assert.equal(found.status?.observedGeneration, found.metadata.generation);
        return found;
      });
      assert.deepEqual(policy.status?.typeChecking?.expressionWarnings ?? [], [], name);
    }
  });

  for (const attempt of attempts) {
    it(`may${attempt.denied === undefined ? "" : " not"} ${attempt.what}`, async () => {
      await check(attempt);
    });
  }

  it("may not change what it may claim, nor what bounds its pods", async () => {
    for (const [map, key] of [
      ["annotations", "terp.dev/domains"],
      ["labels", "pod-security.kubernetes.io/enforce"],
      ["labels", "reaches.terp.dev/red"],
    ] as const) {
      for (const part of ["", "/status"]) {
        const { status, body } = await world.plane.call({
          method: "PATCH",
          path: `/api/v1/namespaces/blue-app${part}?dryRun=All`,
          body: { metadata: { [map]: { [key]: "privileged" } } },
          as: tenant,
        });
        assert.equal(status, 403, String(body["message"]));
        assert.ok(String(body["message"]).includes(`leave "${key}" as it is`), String(body["message"]));
      }
    }
  });

  it("may not delete what is the platform's together with what is its own", async () => {
    const metadata = { name: "terp", labels: { "terp.dev/environment": "dev" } };
    const policy = { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata };
    await world.create({ ...policy, spec: { podSelector: {} } }, "red-app");
    const path = "/apis/networking.k8s.io/v1/namespaces/red-app/networkpolicies";
    const { status, body } = await world.plane.call({ method: "DELETE", path, as: tenant });
    assert.equal(status, 403);
    assert.match(String(body["message"]), /NetworkPolicy terp is the platform's: leave it as it is/);
    await world.plane.must({ method: "GET", path: `${path}/terp` });
  });

  it("doesn't hold up the end of its namespace", async () => {
    const path = "/api/v1/namespaces/green-app";
    await world.namespace("green-app", { labels: { "terp.dev/role": "tenant", "terp.dev/tenant": "green" } });
    for (const labels of [{}, { "terp.dev/environment": "dev" }]) {
      const metadata = { name: `p${String(Object.keys(labels).length)}`, labels };
      const spec = { podSelector: {}, egress: [{}] };
      await world.create(
        { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata, spec },
        "green-app",
      );
    }
    await world.plane.must({ method: "DELETE", path });
    await soon(async () => {
      assert.equal((await world.plane.call({ method: "GET", path })).status, 404);
    });
  });

  it("would be admitted everywhere but for the one policy that denies it", async () => {
    for (const { name } of world.policies) {
      const attempt = ofPolicy(name);
      await check(attempt);
      await world.plane.must({ method: "DELETE", path: `${bindings}/${name}` });
      await soon(async () => {
        const { status, body } = await world.try(attempt);
        assert.ok(status < 300, `${name}: ${String(status)} ${String(body["message"])}`);
      });
    }
  });
});
