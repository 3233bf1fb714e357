import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

interface Job {
  readonly extends?: string;
  readonly stage?: string;
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if?: string; readonly when?: string }[];
  readonly id_tokens?: Readonly<Record<string, { readonly aud: string }>>;
  readonly environment?: unknown;
}

const file = join(__dirname, "..", "..", "..", "pipelines", "gitlab", "terp.gitlab-ci.yml");
const content = parse(readFileSync(file, "utf8")) as Record<string, unknown>;
const named = Object.entries(content).filter(([name]) => !["stages", "workflow"].includes(name));
const templates = new Map(named as [string, Job][]);

/** Keywords of a job (GitLab's CI/CD YAML reference) that the file may use. */
const keywords = new Set(
  "extends stage image timeout variables id_tokens script rules artifacts environment resource_group interruptible".split(
    " ",
  ),
);

/** A job with what it extends. */
function whole(job: Job): Job {
  const base = job.extends === undefined ? undefined : templates.get(job.extends);
  return base === undefined ? job : { ...whole(base), ...job };
}

const jobs = [...templates]
  .filter(([name]) => !name.startsWith("."))
  .map(([name, job]) => [name, whole(job)] as const);

describe("GitLab's pipeline", () => {
  for (const [name, job] of jobs) {
    it(`runs "${name}" in a stage that there is, by a rule, with keywords of GitLab's`, () => {
      assert.ok((content["stages"] as string[]).includes(job.stage ?? ""));
      assert.ok((job.rules ?? []).length > 0 && (job.script ?? []).length > 0);
      assert.deepEqual(
        Object.keys(job).filter((key) => !keywords.has(key)),
        [],
      );
    });
  }

  it("previews nothing of a fork's, and only once somebody has started it", () => {
    for (const [, { rules = [] }] of jobs.filter(([name]) => name.startsWith("preview"))) {
      assert.deepEqual(
        rules.map(({ when }) => when),
        ["manual"],
      );
      assert.match(rules[0]?.if ?? "", /\$CI_MERGE_REQUEST_SOURCE_PROJECT_ID == \$CI_PROJECT_ID$/);
    }
  });

  it("applies only what is on the default branch", () => {
    for (const [, { rules = [] }] of jobs.filter(([name]) => name.startsWith("apply"))) {
      assert.deepEqual(
        rules.map((rule) => rule.if),
        ['$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH'],
      );
    }
  });

  it("has its tokens made out to Azure's exchange, and gives the comment none", () => {
    for (const [name, job] of jobs) {
      const audiences = Object.values(job.id_tokens ?? {}).map(({ aud }) => aud);
      assert.deepEqual(audiences, name === "comment" ? [] : ["api://AzureADTokenExchange"]);
    }
  });
});
