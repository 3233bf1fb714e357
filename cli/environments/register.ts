import { createRequire } from "node:module";
import { type Command, Option } from "commander";
import type * as EnvDiffCommand from "../commands/envDiff";
import type * as PreviewCommand from "../commands/preview";

// Each command's module is loaded when it is run.
const load = createRequire(__filename);

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
      const { preview } = load("../commands/preview") as typeof PreviewCommand;
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
      const { diffEnvironments } = load("../commands/envDiff") as typeof EnvDiffCommand;
      await diffEnvironments(one, other, env.opts<EnvDiffCommand.EnvDiffOptions>());
    });
}
