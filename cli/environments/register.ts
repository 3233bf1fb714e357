import { type Command, Option } from "commander";
import type * as EnvDiffCommand from "../commands/envDiff";
import type * as InitCommand from "../commands/init";
import type { InitCommandOptions } from "../init/options";
import type * as PreviewCommand from "../commands/preview";

// Each command's module is loaded when it is run.

const initExamples = `
Looks first, says what there is and what it will make, and asks. What is there stays as it is; run it again at any time.
With Pulumi Cloud (PULUMI_ACCESS_TOKEN), or PULUMI_BACKEND_URL, the state is there and only the vault is made.

Examples:
  terp init dev --dry-run
  terp init dev --github example/platform --any-network
  terp init prd --gitlab example/platform --ranges 192.0.2.0/24,198.51.100.7
`;

const previewExamples = `
Ends with 0 whatever would change, and with 5 with --fail-on-changes if anything would. Values aren't shown.

Examples:
  terp preview dev
  terp preview prd --summary markdown --to summary.md          for a comment on a pull request
  terp preview prd --refresh --fail-on-changes                 has somebody changed something by hand?
  terp preview dev --summary json | jq -r '.changes[] | select(.change == "replace") | .resource'
`;

const envDiffExamples = `
Compares settings with their defaults; what is encrypted isn't compared.

Examples:
  terp env diff dev prd
  terp env diff dev prd --json | jq -r '.[].path'
`;

/** Adds `terp init`. */
export function registerInit(terp: Command): void {
  terp
    .command("init <environment>")
    .description(
      "make, once, what outlives every stack: the state's storage, the vault, the pipeline's identities",
    )
    .option("--yes", "don't ask")
    .option("--dry-run", "only look, and say what would be made")
    .option("--ranges <cidrs>", "from where vault and state are reached (default: as the cluster's API)")
    .option("--any-network", "reach vault and state from any network, by sign-in alone")
    .option("--github <repository>", "whose pipelines may preview and apply")
    .option("--gitlab <project>", "whose pipelines may look and apply")
    .option("--branch <name>", "GitLab's default branch", "main")
    .addHelpText("after", initExamples)
    .action(async (environment: string, options: InitCommandOptions) => {
      const { init } = require("../commands/init") as typeof InitCommand;
      await init(environment, options);
    });
}

/** Adds `terp preview`. */
export function registerPreview(terp: Command): void {
  terp
    .command("preview [environment]")
    .description("what an up would change; changes nothing (default: local)")
    .addOption(
      new Option("--summary <form>", "how to say it").choices(["text", "markdown", "json"]).default("text"),
    )
    .option("--to <file>", "write the summary there instead of standard output, also if the preview fails")
    .option("--refresh", "look first at what is really there")
    .option("--fail-on-changes", "end with 5 if an up would change anything")
    .addHelpText("after", previewExamples)
    .action(async (environment: string | undefined, options: PreviewCommand.PreviewOptions) => {
      const { preview } = require("../commands/preview") as typeof PreviewCommand;
      await preview(environment ?? process.env["TERP_STACK"] ?? "local", options);
    });
}

/** Adds `diff` to `terp env`. */
export function registerEnvDiff(env: Command): void {
  env
    .command("diff <one> <other>")
    .description("in which settings two environments differ")
    .addHelpText("after", envDiffExamples)
    // `--json` is an option of `terp env`, which takes it wherever it stands.
    .action(async (one: string, other: string) => {
      const { diffEnvironments } = require("../commands/envDiff") as typeof EnvDiffCommand;
      await diffEnvironments(one, other, env.opts<EnvDiffCommand.EnvDiffOptions>());
    });
}
