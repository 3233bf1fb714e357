import { type Command, Option } from "commander";
import type * as SealCommand from "../commands/seal";
import type * as TenantAccountCommand from "../commands/tenantAccount";
import type * as TenantAddCommand from "../commands/tenantAdd";
import type * as TenantListCommand from "../commands/tenantList";
import type * as TenantShowCommand from "../commands/tenantShow";
import type * as TenantWebhookCommand from "../commands/tenantWebhook";

// Each command's module is loaded when it is run.

const sealExamples = `
The recipient is the one that the nearest .sops.yaml names for the file; --recipient and --tenant must agree with it.
Ends with 0 if all are sealed, and with 1, and nothing changed, if something is wrong with one of them.

Examples:
  terp seal environments/local/database.yaml         in place, before the first commit
  kubectl create secret generic database --from-file=password --dry-run=client -o yaml | terp seal - -o database.yaml
  terp seal --check                                  in CI: fails if a Secret below this folder is in clear
  terp seal --tenant team-blue secret.yaml           for operators: to the recipient that the platform knows
`;

const addExamples = `
Writes one instance into stacks/tenants.ts, where the alphabet puts it, and runs nothing. Lists have commas between
their members. An instance that is there with the same arguments is left as it is.

Examples:
  terp tenant add team-green
  terp tenant add team-green --namespaces app,jobs --size medium --owners green-admins --developers green
  terp tenant add team-green --domains green.example.org --reaches team-blue --ranges 192.0.2.0/24
`;

const listExamples = `
Ends with 0 if all are ready, and with 4 if one isn't.

Examples:
  terp tenant list
  terp tenant list --json | jq -r '.tenants[] | select(.ready | not) | .name'
`;

const showExamples = `
Ends with 0 if it is ready, and with 4 if it isn't.

Examples:
  terp tenant show team-blue
  terp tenant show team-blue --json | jq -r .recipient
`;

const accountExamples = `
For the Git host that the platform runs. The password is printed once, and is a secret. One account may have several tenants'
repositories: type the line again with another tenant.

Examples:
  terp tenant account team-blue ann                   an account that clones, pushes and opens changes
  terp tenant account team-blue ann --new-password    where the password is lost
  terp tenant account team-blue ann --remove          ann has left the team
`;

const webhookExamples = `
For whoever owns a repository that the tenant brought along. What it prints is a secret.

Examples:
  terp tenant webhook team-blue
  terp tenant webhook team-blue --json | jq -r .url
`;

/** How options are made that several commands have. */
export interface SharedOptions {
  /** `--stack`. */
  readonly stack: () => Option;
}

const json = ["--json", "say the result as JSON on standard output, for scripts"] as const;

/** Adds `terp seal`. */
export function registerSeal(terp: Command, { stack }: SharedOptions): void {
  terp
    .command("seal [files...]")
    .description("encrypt Secrets to their tenant, in place; - for standard input to standard output")
    .option("-o, --output <file>", "write the sealed Secret there, and leave the one file as it is")
    .option(
      "--recipient <recipient>",
      "who is to read it, where there is no .sops.yaml; else it has to be the same",
    )
    .option(
      "--tenant <name>",
      "the tenant that is to read it: its recipient by the stack's state has to be the same",
    )
    .option(
      "--check",
      "change nothing: are all Secrets in files and folders sealed, and to whom they should be",
    )
    .addOption(stack())
    .option(...json)
    .addHelpText("after", sealExamples)
    .action(async (files: string[], options: Parameters<typeof SealCommand.seal>[1]) => {
      const { seal } = require("../commands/seal") as typeof SealCommand;
      await seal(files, options);
    });
}

/** Adds `add`, `list` and `show` to `terp tenant`. */
export function registerTenants(tenants: Command, { stack }: SharedOptions): void {
  tenants
    .command("list")
    .description("every tenant on a line: what it has, what is applied, whether it is ready")
    .addOption(stack())
    .option(...json)
    .addHelpText("after", listExamples)
    .action(async (options: TenantListCommand.TenantListOptions) => {
      const { listTenants } = require("../commands/tenantList") as typeof TenantListCommand;
      await listTenants(options);
    });
  tenants
    .command("show <tenant>")
    .description("what a tenant has and how it is doing, on one screen")
    .addOption(stack())
    .option(...json)
    .addHelpText("after", showExamples)
    .action(async (tenant: string, options: TenantShowCommand.TenantShowOptions) => {
      const { showTenant } = require("../commands/tenantShow") as typeof TenantShowCommand;
      await showTenant(tenant, options);
    });
  tenants
    .command("add <tenant>")
    .description("write a new tenant into stacks/tenants.ts; it is made by the next `terp up`")
    .option("--namespaces <names>", "its namespaces, without the tenant's name", "app")
    .addOption(
      new Option("--size <size>", "what each namespace may use (default: small)").choices([
        "small",
        "medium",
        "large",
      ]),
    )
    .option("--owners <groups>", "groups that may do what the tenant's repository may")
    .option("--developers <groups>", "groups that look, read logs, forward ports and restart roll-outs")
    .option("--viewers <groups>", "groups that look at everything but Secrets and logs")
    .option("--robots <names>", "programs of the tenant's that look, and write Secrets")
    .option("--reaches <tenants>", "other tenants that it connects to")
    .option("--ranges <cidrs>", "ranges outside the cluster that it connects to")
    .option("--domains <domains>", "domains that it may claim host names of and below")
    .option("--sources <urls>", "beginnings of URLs of the sources that it may add")
    .option("--images <prefixes>", "beginnings of images that it may run (default: any)")
    .option("--code-owners <accounts>", "accounts and teams of the Git host's that answer for its repository")
    .option("--repository <url>", "a repository that it brings along, by SSH (default: one that is made)")
    .option("--charts", "HelmReleases, by a controller of its own (needs the setting tenants.charts)")
    .option("--grafana", "a Grafana of its own, with its logs")
    .option(
      "--file <path>",
      "the file with the list of tenants (default: stacks/tenants.ts of this checkout)",
    )
    .option(...json)
    .addHelpText("after", addExamples)
    .action((tenant: string, options: Parameters<typeof TenantAddCommand.addTenant>[1]) => {
      const { addTenant } = require("../commands/tenantAdd") as typeof TenantAddCommand;
      addTenant(tenant, options);
    });
  tenants
    .command("account <tenant> <person>")
    .description("let a person push to the tenant's repository, with an account of their own at the Git host")
    .option("--new-password", "give an account that is there another password")
    .option("--remove", "take the right to push away; the account stays, and what it did")
    .addOption(stack())
    .option(...json)
    .addHelpText("after", accountExamples)
    .action(async (tenant: string, person: string, options: TenantAccountCommand.TenantAccountOptions) => {
      const { tenantAccount } = require("../commands/tenantAccount") as typeof TenantAccountCommand;
      await tenantAccount(tenant, person, options);
    });
  tenants
    .command("webhook <tenant>")
    .description("print what the host of a repository that the tenant brought along calls at a push")
    .addOption(stack())
    .option(...json)
    .addHelpText("after", webhookExamples)
    .action(async (tenant: string, options: TenantWebhookCommand.TenantWebhookOptions) => {
      const { printTenantWebhook } = require("../commands/tenantWebhook") as typeof TenantWebhookCommand;
      await printTenantWebhook(tenant, options);
    });
}
