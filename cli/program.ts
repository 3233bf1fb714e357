import { Command, Option } from "commander";
import type * as DoctorCommand from "./commands/doctor";
import type * as DownCommand from "./commands/down";
import type * as DrillCommand from "./commands/drill";
import type * as EnvironmentCommand from "./commands/environment";
import type * as KeyCommand from "./commands/key";
import type * as KubeconfigCommand from "./commands/kubeconfig";
import type * as StatusCommand from "./commands/status";
import type * as TenantCommand from "./commands/tenant";
import type * as ToolchainCommand from "./commands/toolchain";
import type * as UpCommand from "./commands/up";
import { registerEnvDiff, registerInit, registerPreview } from "./environments/register";
import { registerServices } from "./service/register";
import { registerSeal, registerTenants } from "./tenant/register";

// Each command's module is loaded when it is run: `terp --help` answers at once.

const footer = `
Exit codes:
  0  done                                   4  not ready (status)
  1  failed                                 5  something would change (preview)
  2  wrong command or settings            130  interrupted
  3  something is missing on this machine

Examples:
  terp up                                 raise the platform of the stack "local"
  terp status --json | jq .tenants        how the tenants are, for scripts
  export KUBECONFIG=$(terp kubeconfig)    then kubectl reaches the platform's cluster
  eval "$(terp env)"; pulumi preview --stack local
  terp doctor && terp drill               what would fail in a disaster; and the proof
  terp key rotate team-blue               give a tenant a new key
  terp tenant add team-green              write a new team into the program
  terp service add shop --tag 1.5.0       write a service's file, in a team's repository
  terp seal secret.yaml                   encrypt a Secret before it is committed
  terp preview prd                        what an up would change, without changing it
  terp down                               take it down; keys and repositories stay
`;

const doctorExamples = `
Ends with 0 if there is no fault, warnings or not, and with 1 if there is one.

Examples:
  terp doctor                             each fault, what is expected, and what to type
  terp doctor --json | jq '.findings[] | select(.severity == "fault")'
`;

const drillExamples = `
Takes minutes, and the room of a second platform. The running one goes on. A report stays in the keep folder, below drills/.
Ends with 0 if a recovery would bring everything back, and with 1 if not.

Examples:
  terp drill                              rehearse the recovery of the stack "local"
  terp drill --stack prd --git-data /backup/gitea
  terp drill --json | jq .verdict         for scripts
`;

const tenantKubeconfigExamples = `
Where the settings name no identity provider (terp:oidc), nobody can log in, and it bears the token of --reconciler.

Examples:
  terp tenant kubeconfig team-blue > blue.yaml              for everyone of the team; it holds no secret
  terp tenant kubeconfig team-blue --robot delivery --hours 1
`;

interface Global {
  readonly stack: string;
  readonly json?: boolean;
}

function stackOption(): Option {
  return new Option("-s, --stack <name>", "the environment").env("TERP_STACK").default("local");
}

/** All of `terp`: its commands with their options. What a command does is loaded when it runs. */
export function program(): Command {
  const terp = new Command("terp")
    .description(
      "Raises a Kubernetes platform for an organisation's teams, and raises it again after a disaster.",
    )
    .helpOption("-h, --help", "show this help")
    .helpCommand("help [command]", "show a command's help")
    .addHelpText("after", footer)
    .showHelpAfterError("(`terp --help` shows what there is)")
    .exitOverride();
  const command = (name: string, description: string): Command =>
    terp
      .command(name)
      .description(description)
      .addOption(stackOption())
      .option("--json", "say the result as JSON on standard output, for scripts");

  command("up", "raise the platform, or bring it to what the code says")
    .option(
      "--plan",
      "make the plan first and say how many changes it has, then carry it out (`terp preview` only looks)",
    )
    .option(
      "--remove-tenant <name...>",
      "delete tenants whose instances are gone though they weren't suspended, with all that they have",
    )
    .action(async (options: Global & UpCommand.UpOptions) => {
      const { up } = require("./commands/up") as typeof UpCommand;
      await up(options);
    });
  command("down", "take the platform down; keys, repositories and the state's folder stay")
    .option("--purge", "delete keys, repositories and the state too: nothing can be brought back")
    .option("--yes", "don't ask")
    .action(async (options: Global & { readonly purge?: boolean; readonly yes?: boolean }) => {
      const { down } = require("./commands/down") as typeof DownCommand;
      await down(options);
    });
  command("status", "how cluster, services and tenants are, on one screen").action(
    async (options: Global) => {
      const { status } = require("./commands/status") as typeof StatusCommand;
      await status(options);
    },
  );
  command("doctor", "what would fail in a disaster, found before it; changes nothing")
    .addHelpText("after", doctorExamples)
    .action(async (options: Global) => {
      const { doctor } = require("./commands/doctor") as typeof DoctorCommand;
      await doctor(options);
    });
  command("drill", "rehearse a recovery: a second platform from the backup, compared, and taken down again")
    .option(
      "--git-data <folder>",
      "the Git host's data folder, or a copy of it; default: as the settings say",
    )
    .addHelpText("after", drillExamples)
    .action(async (options: Global & { readonly gitData?: string }) => {
      const { drill } = require("./commands/drill") as typeof DrillCommand;
      await drill(options);
    });
  command("kubeconfig", "the administrator's kubeconfig: the path of a file of its own")
    .option("--print", "print its content instead; it is a secret")
    .action(async (options: Global & { readonly print?: boolean }) => {
      const { kubeconfig } = require("./commands/kubeconfig") as typeof KubeconfigCommand;
      await kubeconfig(options);
    });
  registerInit(terp);
  registerPreview(terp);
  const env = command(
    "env",
    'lines for a shell, so that pulumi and kubectl work as `terp` does: eval "$(terp env)"',
  ).action(async (options: Global) => {
    const { environment } = require("./commands/environment") as typeof EnvironmentCommand;
    await environment(options);
  });
  registerEnvDiff(env);
  command("toolchain", "the tools: which version, from where").action(async (options: Global) => {
    const { listToolchain } = require("./commands/toolchain") as typeof ToolchainCommand;
    await listToolchain(options);
  });
  const keys = terp.command("key").description("the keys of the platform and its tenants");
  const keyCommand = (name: string, description: string): Command =>
    keys
      .command(name)
      .description(description)
      .addOption(stackOption())
      .option("--json", "say the result as JSON on standard output, for scripts");
  keyCommand("list", "every recipient, and the former ones that still decrypt").action(
    async (options: Global) => {
      const { listKeys } = require("./commands/key") as typeof KeyCommand;
      await listKeys(options);
    },
  );
  keyCommand(
    "rotate [tenant]",
    "give the platform, or a tenant, a new key, and encrypt to it what Git holds; the old one decrypts until it is retired",
  ).action(async (tenant: string | undefined, options: Global) => {
    const { rotateKey } = require("./commands/key") as typeof KeyCommand;
    await rotateKey(tenant, options);
  });
  keyCommand("retire [tenant]", "take former keys out of use, once nothing in Git needs them")
    .option("--sealed-anew", "a repository that the tenant brought along needs them no more: it isn't read")
    .action(async (tenant: string | undefined, options: Global & { readonly sealedAnew?: boolean }) => {
      const { retireKey } = require("./commands/key") as typeof KeyCommand;
      await retireKey(tenant, options);
    });
  registerSeal(terp, { stack: stackOption });
  registerServices(terp, { stack: stackOption });
  const tenants = terp.command("tenant").description("tenants: add one, see how they are, reach one");
  registerTenants(tenants, { stack: stackOption });
  tenants
    .command("kubeconfig <tenant>")
    .description(
      "print a kubeconfig for the tenant's people, who log in with it; or with a token, which is a secret",
    )
    .addOption(stackOption())
    .option("--robot <name>", "for one of its robots: a token that looks and writes Secrets")
    .option("--reconciler", "with a token that may do what the tenant's repository may")
    .option("--hours <number>", "how long a token is valid", "8")
    .addHelpText("after", tenantKubeconfigExamples)
    .action(async (tenant: string, options: TenantCommand.TenantKubeconfigOptions) => {
      const { printTenantKubeconfig } = require("./commands/tenant") as typeof TenantCommand;
      await printTenantKubeconfig(tenant, options);
    });
  terp
    .command("git-credential <operation>")
    .description(
      "answers Git's question for a password: git clone -c credential.helper='!…/bin/terp git-credential' …",
    )
    .addOption(stackOption())
    .action(async (operation: string, options: { readonly stack: string }) => {
      const { answerGit } = require("./commands/tenant") as typeof TenantCommand;
      await answerGit(operation, options);
    });
  return terp;
}
