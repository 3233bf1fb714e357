import type { GitHostKind } from "../git/access";
import { servicesFolder } from "../service/service";
import { chartFolder, madeByArgocd } from "../service/starterFiles";
import { codeOwners, codeOwnersFile } from "./codeOwners";

/** What the repository of a tenant's services starts with is made for. */
export interface ServicesScaffoldArgs {
  readonly tenant: string;
  /** The stack's name: the files in the folder of that name are what runs in this environment. */
  readonly environment: string;
  /** The repository, as Argo CD knows it. */
  readonly url: string;
  /** Accounts and teams that answer for the repository. */
  readonly codeOwners: readonly string[];
  /** Where the repository is. */
  readonly gitHost: GitHostKind;
  /** The developers' chart, the pipeline and the schema. */
  readonly starter: Readonly<Record<string, string>>;
}

function readme({ tenant, environment, url }: ServicesScaffoldArgs): string {
  const folder = servicesFolder(environment);
  return `# The services of ${tenant}

Each file in the folder \`${folder}\` on the branch \`main\` is a service: which image, which chart, where. Add one and it runs; take
it out and the service goes, but for its volumes. This repository is yours: nothing here is written again by the platform.

    terp service add shop --tenant ${tenant} --image ghcr.io/${tenant}/shop --tag 1.4.2 \\
      --chart ${url} --revision refs/heads/main --stack ${environment} --push

\`${chartFolder}\` is the developers' chart, as it was when this repository was made; its README has all values. Change it, or
take a newer one over, as you like. A service names the revision that it has: a tag or a commit stays as it is.

A chart is in this repository or in your other one: Argo CD reads no others for you. Secrets lie sealed in your other repository,
and a service names them.

\`terp service check\` says everything that is wrong with the files, in a pipeline too. \`service.schema.json\` is for editors.
`;
}

/** Files of the repository of a tenant's services. None is secret. */
export function servicesScaffold(args: ServicesScaffoldArgs): Record<string, string> {
  return {
    "README.md": readme(args),
    [codeOwnersFile]: codeOwners(args.codeOwners, args.gitHost),
    [madeByArgocd]:
      "Argo CD makes the services in this folder from their files: nothing is rendered of them.\n",
    ...args.starter,
  };
}
