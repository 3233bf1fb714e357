import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { TenantComponent } from "../../../../components/tenant/tenant";
import { tenantNetworkPolicy } from "../../../../components/tenant/networkPolicy";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { waitsFor } from "../../../support/platformRun";
import { recorder, type Recorder } from "../../../support/recorder";

const control = "terp-tenant-team-blue";
const people = { owners: ["leads"], robots: ["delivery"] };
const suspension = "TenantSuspension/team-blue";

async function afterMaking(changes: Partial<TenantArgs> = {}): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", {
    platform: aTenantPlatform(),
    namespaces: ["app", "web"],
    people,
    ...changes,
  });
  await record.settled();
  return record;
}

describe("a tenant that isn't suspended", () => {
  it("refuses to be deleted, but for what people are given and lose at any time", async () => {
    const record = await afterMaking();
    const removable = record.resources.filter(({ protect, custom }) => custom && !protect);
    assert.deepEqual(removable.map(({ name }) => name).sort(), [
      "RoleBinding/team-blue-app/terp-owner",
      "RoleBinding/team-blue-app/terp-robot",
      "RoleBinding/team-blue-web/terp-owner",
      "RoleBinding/team-blue-web/terp-robot",
      `RoleBinding/${control}/terp-follower`,
      `ServiceAccount/${control}/robot-delivery`,
    ]);
  });

  it("refuses as a whole: everything of it goes after what applies, which is protected", async () => {
    const record = await afterMaking();
    const applied = record.byName(`Kustomization/${control}/apps`);
    assert.equal(applied.protect, true);
    const later = waitsFor(record, applied);
    const earlier = record.resources.filter(({ name, custom }) => custom && !later.has(name));
    assert.deepEqual(
      earlier.map(({ name }) => name),
      [applied.name],
    );
  });

  it("is exported nowhere", async () => {
    const record = await afterMaking();
    assert.deepEqual(
      record.resources.filter(({ name }) => name === suspension),
      [],
    );
  });
});

describe("a suspended tenant", () => {
  it("may be deleted, with all that it consists of", async () => {
    const record = await afterMaking({ suspended: true });
    assert.deepEqual(
      record.resources.filter(({ protect }) => protect),
      [],
    );
  });

  it("has everything that it had, and its export", async () => {
    const before = (await afterMaking()).resources.map(({ name }) => name);
    const after = (await afterMaking({ suspended: true })).resources.map(({ name }) => name);
    assert.deepEqual(after.sort(), [...before, suspension].sort());
  });

  it("is neither asked for anything new nor applied", async () => {
    const record = await afterMaking({ suspended: true });
    for (const kind of ["GitRepository", "Kustomization"])
      assert.equal(record.byName(`${kind}/${control}/apps`).inputs.spec.suspend, true, kind);
  });

  it("reaches nobody and is reached by nobody, whatever it was let to", async () => {
    const record = await afterMaking({ suspended: true, reaches: ["team-red"], ranges: ["192.0.2.0/24"] });
    const closed = tenantNetworkPolicy("team-blue", { tenants: [], ranges: [], isSuspended: true });
    for (const name of ["team-blue-app", "team-blue-web"])
      assert.deepEqual(record.byName(`NetworkPolicy/${name}/terp`).inputs.spec, closed, name);
  });

  it("is as it was, when it isn't suspended any more", async () => {
    const shown = async (changes: Partial<TenantArgs>): Promise<unknown> =>
      (await afterMaking(changes)).resources.map(({ name, inputs, protect }) => [name, inputs, protect]);
    assert.deepEqual(await shown({ suspended: false }), await shown({}));
  });
});

describe("the export of a suspended tenant", () => {
  it("is of its namespaces, its repository and its Secrets, which are encrypted to its own key", async () => {
    const { inputs } = (await afterMaking({ suspended: true })).byName(suspension);
    assert.deepEqual(
      [inputs.tenant, inputs.environment, inputs.namespaces, inputs.recipient],
      ["team-blue", "dev", ["team-blue-app", "team-blue-web"], "age1 of TenantKey/team-blue"],
    );
    assert.deepEqual(
      [inputs.organisation, inputs.repository, inputs.folder],
      ["team-blue", "apps", "/exports"],
    );
  });

  it("comes after what applied: nothing may bring back what it stops", async () => {
    const record = await afterMaking({ suspended: true });
    assert.ok(record.byName(suspension).dependsOn.includes(`Kustomization/${control}/apps`));
  });

  it("keeps the kubeconfig and the Git host's password secret in the state", async () => {
    const platform = aTenantPlatform({
      kubeconfig: pulumi.secret("an administrator's kubeconfig"),
      access: pulumi.secret({ url: "http://git", username: "terp", password: "the host's password" }),
    });
    const record = await afterMaking({ suspended: true, platform });
    const { inputs, secretOutputs } = record.byName(suspension);
    assert.ok(record.isSecret(inputs.kubeconfig) && record.isSecret(inputs.access));
    assert.deepEqual([...secretOutputs].sort(), ["access", "brought", "kubeconfig"]);
  });
});
