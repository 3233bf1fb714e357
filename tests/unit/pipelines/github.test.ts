import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

const folder = join(__dirname, "..", "..", "..", "pipelines", "github");

interface Step {
  readonly run?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly if?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = readdirSync(folder);
const text = (file: string): string => readFileSync(join(folder, file), "utf8");
const workflow = (file: string): Workflow => parse(text(file)) as Workflow;
const jobsOf = (file: string): [string, Job][] => Object.entries(workflow(file).jobs);

for (const file of files) {
  describe(`the workflow ${file}`, () => {
    it("runs no action but by its commit, with its version beside", () => {
      const uses = text(file).match(/^.*\buses: .*$/gm) ?? [];
      const own = /uses: \.\/\.github\/workflows\/[\w-]+\.yml$/;
      const pinned = /uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
      assert.deepEqual(
        uses.filter((line) => !own.test(line) && !pinned.test(line)),
        [],
      );
    });

    it("is given no right as a whole", () => {
      assert.deepEqual(workflow(file).permissions, {});
    });

    it("never runs a fork's code with rights", () => {
      assert.ok(!("pull_request_target" in workflow(file).on));
    });

    it("gives what may write at its host no identity in Azure and none of the author's code", () => {
      for (const [name, { permissions = {}, steps = [] }] of jobsOf(file)) {
        const writes = Object.entries(permissions).filter(
          ([what, right]) => what !== "id-token" && right === "write",
        );
        if (writes.length === 0) continue;
        assert.ok(!("id-token" in permissions), name);
        assert.ok(!steps.some(({ uses = "" }) => uses.startsWith("actions/checkout@")), name);
      }
    });

    it("has an identity in Azure only within an environment of GitHub's", () => {
      for (const [name, { environment, permissions = {}, steps }] of jobsOf(file)) {
        if (steps !== undefined && "id-token" in permissions) assert.ok(environment, name);
      }
    });

    it("keeps no token of its host's in the checkout", () => {
      const checkouts = jobsOf(file).flatMap(([, { steps = [] }]) =>
        steps.filter(({ uses = "" }) => uses.startsWith("actions/checkout@")),
      );
      for (const { with: settings } of checkouts) assert.equal(settings?.["persist-credentials"], false);
    });

    it("puts nothing of the event's into a command", () => {
      const commands = jobsOf(file).flatMap(([, { steps = [] }]) => steps.map(({ run = "" }) => run));
      assert.deepEqual(
        commands.filter((run) => run.includes("${{")),
        [],
      );
    });
  });
}

describe("the preview of a pull request", () => {
  it("isn't run for a fork", () => {
    const { preview } = workflow("terp-preview.yml").jobs;
    assert.equal(preview?.if, "github.event.pull_request.head.repo.full_name == github.repository");
  });
});
