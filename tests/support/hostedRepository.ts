import * as pulumi from "@pulumi/pulumi";

import { atGithub, githubProvider } from "../../components/git/githubSurroundings";
import { GitlabProvider } from "../../components/git/gitlabResources";
import { atGitlab } from "../../components/git/gitlabSurroundings";
import { hostedRepositories, type HostedRepositoriesArgs } from "../../components/git/hostedRepositories";
import type { MadeRepository, RepositoryRequest } from "../../components/git/repositories";
import { recorder, type Recorded, type Recorder } from "./recorder";

/** The Receiver of it. */
export const receiver = { namespace: "terp-tenant-blue", name: "apps" };

/** What of it isn't as it is most often. */
interface Asked {
  readonly args?: Partial<HostedRepositoriesArgs>;
  readonly request?: Partial<RepositoryRequest>;
  readonly options?: pulumi.CustomResourceOptions;
}

function outputs({ type }: Recorded): Record<string, unknown> {
  switch (type) {
    case "tls:index/privateKey:PrivateKey":
      return { privateKeyOpenssh: "the private half", publicKeyOpenssh: "ssh-ed25519 AAAA\n" };
    case "random:index/randomPassword:RandomPassword":
      return { result: "the webhook's token" };
    case "pulumi-nodejs:dynamic/git:HostedRepository":
      return { repositoryId: "7" };
    default:
      return {};
  }
}

/** What a tenant's repository is made of. */
export async function made(
  kind: "github" | "gitlab",
  { args, request, options = {} }: Asked = {},
): Promise<{ record: Recorder; repository: MadeRepository }> {
  const record = recorder({ outputs });
  const url = `https://${kind}.com`;
  const token = pulumi.secret("the token");
  const organisation = kind === "github" ? "acme" : "acme/teams";
  const surround =
    kind === "github"
      ? atGithub(githubProvider("git", { url, organisation, token }))
      : atGitlab(new GitlabProvider("git", { baseUrl: `${url}/api/v4/`, token }));
  const repositories = hostedRepositories({
    environment: "dev",
    kind,
    access: token.apply((password) => ({ kind, url, username: "terp", password })),
    url,
    sshPort: 22,
    organisation,
    knownHosts: "the host's key",
    visibility: "internal",
    protect: true,
    approvals: 1,
    deployKeyTitle: "terp dev",
    receiverUrl: "https://hooks.example.org",
    surround,
    ...args,
  });
  const repository = repositories.make(
    {
      place: repositories.places.tenant("blue"),
      isTenants: true,
      purpose: "what runs for the tenant blue",
      files: { "README.md": "read me" },
      receiver,
      ...request,
    },
    options,
  );
  await record.settled();
  return { record, repository };
}
