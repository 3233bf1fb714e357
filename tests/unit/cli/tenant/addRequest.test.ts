import assert from "node:assert/strict";
import { requestedInstance } from "../../../../cli/tenant/add/request";

describe("the options of terp tenant add", () => {
  it("are lists with commas, and only what was given", () => {
    assert.deepEqual(
      requestedInstance("team-green", {
        namespaces: "app, jobs",
        size: "large",
        viewers: "a,b",
        ranges: "192.0.2.0/24",
        codeOwners: "@acme/green,@acme/leads",
        charts: true,
        grafana: true,
      }),
      {
        name: "team-green",
        namespaces: ["app", "jobs"],
        size: "large",
        people: { viewers: ["a", "b"] },
        ranges: ["192.0.2.0/24"],
        codeOwners: ["@acme/green", "@acme/leads"],
        charts: true,
        grafana: true,
      },
    );
  });

  it("have no empty members", () => {
    assert.throws(() => requestedInstance("team-green", { namespaces: "app,,jobs" }), {
      message:
        '--namespaces: got "app,,jobs", expected one or more with a comma between them, as in --namespaces one,other',
      code: 2,
    });
  });

  it("are called in a message as they are typed", () => {
    assert.throws(() => requestedInstance("team-green", { namespaces: "app", codeOwners: "" }), {
      message:
        '--code-owners: got "", expected one or more with a comma between them, as in --code-owners one,other',
    });
  });
});
