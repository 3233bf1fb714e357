import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { keysInStore } from "../../../stacks/keysInStore";

describe("what tenants add to the platform's store", () => {
  it("is each one's sealed key", () => {
    assert.deepEqual(keysInStore([{ tenant: "team-blue" }, { tenant: "team-red" }]), [
      "tenant-team-blue",
      "tenant-team-red",
    ]);
  });

  it("is one key more for all who brought their repositories along", () => {
    const deployKey = pulumi.output("ssh-ed25519 AAAA");
    const teams = [
      { tenant: "team-blue", deployKey },
      { tenant: "team-red", deployKey },
    ];
    assert.deepEqual(keysInStore(teams), ["tenant-team-blue", "tenant-team-red", "deploy-keys"]);
  });
});
