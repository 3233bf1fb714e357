import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";

import { exitCodes } from "../../cli/exit";
import { azureNames } from "../../infra/azure/names";
import type { AzureConfig } from "../../infra/config/azureSection";
import { AzureEnvironment } from "../support/azureEnvironment";
import { holds } from "../support/pipelineConditions";
import { TrialPlatform } from "../support/trialPlatform";

const pipelines = resolve(__dirname, "..", "..", "pipelines");

interface Job {
  readonly if?: string;
  readonly steps?: readonly { readonly run?: string }[];
  readonly script?: readonly string[];
  readonly rules?: readonly { readonly if?: string }[];
}

function jobsOf(file: string): Readonly<Record<string, Job>> {
  const content = parse(readFileSync(join(pipelines, file), "utf8")) as Readonly<Record<string, unknown>>;
  return (content["jobs"] ?? content) as Readonly<Record<string, Job>>;
}

/** What a job runs, as one script. */
function scriptOf({ steps = [], script = [] }: Job = {}): string {
  const lines = [...steps.map(({ run = "" }) => run), ...script].filter((line) => line !== "");
  assert.ok(lines.length > 0, "it runs something");
  return lines.join("\n");
}

describe("the pipelines' own scripts", function () {
  // Each step stands on the one before.
  this.bail(true);
  let doubles: AzureEnvironment;
  let trial: TrialPlatform;
  /** Programs that tell what they were called with, in place of those that reach a Git host. */
  let bin: string;
  let runner: string;

  before(async () => {
    doubles = await AzureEnvironment.create("dev");
    const text = readFileSync(join(doubles.project.program, "Pulumi.dev.yaml"), "utf8");
    const { config } = parse(text) as { readonly config: Readonly<Record<string, unknown>> };
    const azure = config["terp:azure"] as AzureConfig;
    // The vault is the double's, whatever the trial's stack is called.
    const keep = { ...azure.keep, vault: azureNames(azure, "dev").keep.vault };
    runner = mkdtempSync(join(tmpdir(), "terp-runner-"));
    const state = join(runner, "state");
    mkdirSync(state);
    trial = await TrialPlatform.create({
      settings: { ...config, "terp:azure": { ...azure, keep }, "terp:gitToken": undefined },
      variables: {
        ...doubles.variables,
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "a passphrase for tests",
      },
    });
    bin = join(runner, "bin");
    mkdirSync(bin);
    for (const [name, option] of [
      ["gh", "--body-file"],
      ["curl", "--form"],
    ] as const) {
      // The last word after the option is the file; curl's begins with `body=<`.
      const double = `#!/bin/bash\nprintf '%s\\n' "$@" > "${runner}/${name}.words"\nwhile [ "$1" != ${option} ]; do shift; done\ncat "\${2#body=<}" > "${runner}/${name}.body"\n`;
      writeFileSync(join(bin, name), double);
      chmodSync(join(bin, name), 0o755);
    }
    const { stack } = trial;
    const made = await script(
      `eval "$(bin/terp env --stack ${stack})"\npulumi stack init ${stack}\npulumi config set --stack ${stack} --secret terp:gitToken github_pat_abc`,
    );
    assert.equal(made.code, 0, made.output);
  });
  after(async () => {
    await trial.remove();
    await doubles.remove();
    rmSync(runner, { recursive: true, force: true });
  });

  /** Runs a script as a runner does: it ends with the first command that fails. */
  function script(
    text: string,
    { folder = trial.project, variables = {} }: { folder?: string; variables?: Record<string, string> } = {},
  ): Promise<{ readonly code: number; readonly output: string }> {
    const env = {
      ...trial.environment,
      PATH: `${bin}:${process.env["PATH"] ?? ""}`,
      ENVIRONMENT: trial.stack,
      ...variables,
    };
    return new Promise((settle) => {
      execFile("bash", ["-e", "-o", "pipefail", "-c", text], { cwd: folder, env }, (error, out, err) => {
        settle({ code: error === null ? 0 : Number(error.code), output: `${out}${err}` });
      });
    });
  }

  /** What `gh` or `curl` was called with: its words, and what it sent. */
  const sent = (name: "gh" | "curl"): { readonly words: string[]; readonly body: string } => ({
    words: readFileSync(join(runner, `${name}.words`), "utf8")
      .trimEnd()
      .split("\n"),
    body: readFileSync(join(runner, `${name}.body`), "utf8"),
  });

  /** Another machine, with nothing but files that a former job kept. */
  function nextJob(name: string, files: readonly (readonly [from: string, to: string])[]): string {
    const folder = join(runner, name);
    mkdirSync(folder);
    for (const [from, to] of files) {
      mkdirSync(join(folder, to, ".."), { recursive: true });
      cpSync(join(trial.project, from), join(folder, to));
    }
    return folder;
  }

  const summary = (): string => readFileSync(join(trial.project, `${trial.stack}.md`), "utf8");

  it("preview at GitHub for the repository's own branches, and not for a fork's", () => {
    const condition = jobsOf("github/terp-preview.yml")["preview"]?.if ?? "";
    const from = (repository: string) => (name: string) =>
      name === "github.repository"
        ? "acme/platform"
        : name.endsWith("head.repo.full_name")
          ? repository
          : undefined;
    assert.equal(holds(condition, from("acme/platform")), true);
    assert.equal(holds(condition, from("somebody/platform")), false);
  });

  it("preview at GitLab for the project's own branches, and not for a fork's", () => {
    const [rule] = jobsOf("gitlab/terp.gitlab-ci.yml")[".preview"]?.rules ?? [];
    const from = (project: string) => (name: string) =>
      ({
        $CI_PIPELINE_SOURCE: "merge_request_event",
        $CI_MERGE_REQUEST_SOURCE_PROJECT_ID: project,
        $CI_PROJECT_ID: "7",
      })[name];
    assert.equal(holds(rule?.if ?? "", from("7")), true);
    assert.equal(holds(rule?.if ?? "", from("8")), false);
  });

  it("make GitHub's comment of the preview that was run", async () => {
    const jobs = jobsOf("github/terp-preview.yml");
    const { code, output } = await script(scriptOf(jobs["preview"]));
    assert.equal(code, 0, output);
    assert.match(
      summary(),
      new RegExp(`^### Preview of \`${trial.stack}\`\n\n\\*\\*\\d+ to create, 0 unchanged\\*\\*\n`),
    );
    assert.match(summary(), /\| create \| `ManagedCluster aks-cluster` \|/);
    const folder = nextJob("github", [[`${trial.stack}.md`, `summaries/${trial.stack}.md`]]);
    const variables = { NUMBER: "12", REPOSITORY: "acme/platform" };
    const commented = await script(scriptOf(jobs["comment"]), { folder, variables });
    assert.equal(commented.code, 0, commented.output);
    const { words, body } = sent("gh");
    assert.deepEqual(words.slice(0, 5), ["pr", "comment", "12", "--repo", "acme/platform"]);
    assert.equal(body, summary());
  });

  it("make GitLab's note of it", async () => {
    const folder = nextJob("gitlab", [
      [`${trial.stack}.md`, "dev.md"],
      [`${trial.stack}.md`, "prd.md"],
    ]);
    const variables = {
      CI_API_V4_URL: "https://gitlab.example.org/api/v4",
      CI_PROJECT_ID: "7",
      CI_MERGE_REQUEST_IID: "12",
      TERP_COMMENT_TOKEN: "the token",
    };
    const { code, output } = await script(scriptOf(jobsOf("gitlab/terp.gitlab-ci.yml")["comment"]), {
      folder,
      variables,
    });
    assert.equal(code, 0, output);
    const { words, body } = sent("curl");
    assert.equal(words.at(-1), "https://gitlab.example.org/api/v4/projects/7/merge_requests/12/notes");
    assert.equal(body, summary() + summary());
  });

  it("fail at night where something differs, and tell what in an issue", async () => {
    const jobs = jobsOf("github/terp-drift.yml");
    const { code, output } = await script(scriptOf(jobs["look"]));
    assert.equal(code, exitCodes.differs, output);
    const folder = nextJob("drift", [[`${trial.stack}.md`, `summaries/${trial.stack}.md`]]);
    const reported = await script(scriptOf(jobs["report"]), {
      folder,
      variables: { REPOSITORY: "acme/platform" },
    });
    assert.equal(reported.code, 0, reported.output);
    const { words, body } = sent("gh");
    assert.deepEqual(words.slice(0, 4), ["issue", "create", "--repo", "acme/platform"]);
    assert.equal(body, summary());
    const gitlab = await script(scriptOf(jobsOf("gitlab/terp.gitlab-ci.yml")[".drift"]));
    assert.equal(gitlab.code, exitCodes.differs, gitlab.output);
  });

  it("fail where the preview does, and the comment says why", async () => {
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => text.replace("kind: github", "kind: githup"));
    const { code } = await script(scriptOf(jobsOf("github/terp-preview.yml")["preview"]));
    assert.equal(code, exitCodes.usage);
    assert.match(summary(), /\n\n\*\*It failed:\*\*\n\n[^]*git\.kind\n/);
  });
});
