import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const pipelines = join(__dirname, "../../../pipelines/services");

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}
interface Workflow {
  readonly permissions: object;
  readonly jobs: { readonly check: { readonly steps: readonly Step[] } };
}
interface Job {
  readonly services: { readonly script: readonly string[] };
}

const read = (file: string): unknown => parse(readFileSync(join(pipelines, file), "utf8"));

describe("the pipeline of a team's services", () => {
  for (const host of ["github", "gitea"]) {
    it(`checks them as the team's that the repository's settings name, and may only read: ${host}`, () => {
      const { permissions, jobs } = read(`${host}/services.yml`) as Workflow;
      assert.deepEqual(permissions, { contents: "read" });
      const { run, env } = jobs.check.steps.at(-1) ?? {};
      assert.equal(run, 'terp/bin/terp service check --folder team --tenant "$TENANT"');
      assert.deepEqual(env, { TENANT: "${{ vars.TENANT }}" });
    });
  }

  it("checks them as the team's that the repository's settings name: gitlab", () => {
    const { services } = read("gitlab/services.gitlab-ci.yml") as Job;
    assert.equal(services.script.at(-1), '../terp/bin/terp service check --tenant "$TENANT"');
  });
});
