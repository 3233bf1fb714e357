import type { Command } from "commander";

import type * as ServiceCommand from "../commands/service";
import type { SharedOptions } from "../tenant/register";

// The commands' module is loaded when one is run.
const commands = (): typeof ServiceCommand => require("../commands/service") as typeof ServiceCommand;

const addExamples = `
Run in a clone of the tenant's repository. What was said the first time is remembered in the file; run again, it brings the file
to the newest template and to what is said now. Fields that you have changed stay, and are named.

Examples:
  terp service add shop --tenant team-blue --image ghcr.io/team-blue/shop --tag 1.4.2 \\
    --chart https://git.example.org/platform/terp.git --revision v1.0.0 --host shop.blue.example.org
  terp service add shop --tag 1.5.0                  another build
  terp service add shop --stack prd --push           and open the change for review, on the branch service-shop
  terp service add shop --tag 1.5.0 --push --json | jq -r '.change.address'

--push asks for nothing: it pushes as you do, and opens the change by GitLab's push options, or at GitHub, Gitea and Forgejo by their
API with what gh is logged in with, or what Git keeps for that host. Where there is neither, it says at which page to open it.
`;

const checkExamples = `
All faults at once, each with its file and field. Ends with 0 if there is none, and with 1 if there is one.

Examples:
  terp service check --tenant team-blue              in the repository's pipeline
  terp service check --argocd                        where Argo CD makes services from their files: nothing is rendered
  terp service check --json | jq -r '.faults[].path'
`;

const listExamples = `
Ends with 1 if a file isn't as it should be.

Examples:
  terp service list
  terp service list --json | jq -r '.services[].service.image.tag'
`;

const renderExamples = `
Writes environments/<environment>/services, which Flux applies, and names it in that environment's kustomization.yaml.
It depends on nothing but the files: commit both together, so that the change is reviewed with what comes of it.

Examples:
  terp service render && git diff environments
`;

const folder = ["--folder <folder>", "the clone of the tenant's repository", "."] as const;
const json = ["--json", "say the result as JSON on standard output, for scripts"] as const;
const tenant = ["--tenant <name>", "whose repository it is; default: whosever its first service is"] as const;

/** Adds `terp service`. */
export function registerServices(terp: Command, { stack }: SharedOptions): void {
  const services = terp
    .command("service")
    .description("a team's services: one small file each, in the team's own repository");
  services
    .command("add <name>")
    .description("write a service's file, or bring it to the newest template")
    .addOption(stack())
    .option(...folder)
    .option("--tenant <name>", "whose it is; as are all options, remembered in the file")
    .option("--namespace <name>", "one of the tenant's namespaces, without its name (default: app)")
    .option("--cluster <name>", "the cluster that it runs in (default: in-cluster)")
    .option("--image <name>", "its image, without a tag")
    .option("--tag <tag>", "the image's tag")
    .option("--chart <url>", "the Git repository that has the chart")
    .option("--revision <revision>", "the chart's tag or commit, or a whole reference")
    .option("--secret <name>", "the Secret by which Flux reads that repository")
    .option("--host <name>", "a host name of the tenant's at which it answers")
    .option("--push", "commit the change to the branch service-<name>, push it and open it for review")
    .option(...json)
    .addHelpText("after", addExamples)
    .action(async (name: string, options: Parameters<typeof ServiceCommand.add>[1]) => {
      await commands().add(name, options);
    });
  const reading = (name: string, description: string, examples: string): Command =>
    services
      .command(name)
      .description(description)
      .option(...folder)
      .option(...tenant)
      .option(...json)
      .addHelpText("after", examples);
  reading("list", "every service on a line", listExamples).action(
    (options: ServiceCommand.ServicesOptions) => {
      commands().list(options);
    },
  );
  reading("check", "are the services' files as they should be, and what is made of them", checkExamples)
    .option("--argocd", "Argo CD makes the services from their files")
    .action((options: ServiceCommand.ServicesOptions) => {
      commands().check(options);
    });
  reading("render", "write what Flux applies of the services' files", renderExamples).action(
    (options: ServiceCommand.ServicesOptions) => {
      commands().render(options);
    },
  );
  services
    .command("schema")
    .description("print the JSON schema of a service's file")
    .action(() => {
      commands().schema();
    });
}
