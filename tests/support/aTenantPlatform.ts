import { giteaRepositories } from "../../components/git/giteaRepositories";
import type { Repositories } from "../../components/git/repositories";
import type { TenantPlatform } from "../../components/tenant/tenantArgs";
import type { Recorded } from "./recorder";

/** What tenants are built on, as the services give it, with some of it replaced. Each has tenants of its own. */
export function aTenantPlatform({
  access = { url: "http://10.0.0.2:30080", username: "terp", password: "the host's password" },
  ...changes
}: Partial<TenantPlatform> & { readonly access?: Repositories["access"] } = {}): TenantPlatform {
  return {
    environment: "dev",
    repositories: giteaRepositories({
      access,
      knownHosts: "git ssh-ed25519 AAAA\n",
      deployKeyTitle: "terp dev",
    }),
    brought: { knownHosts: "git.example.org ssh-ed25519 BBBB\n", identity: () => "an age identity" },
    platformRecipient: "age1platform",
    platformFormer: ["age1former"],
    platformRepositoryId: "1",
    store: { kind: "file", folder: "/keys" },
    backup: "1",
    podSecurityVersion: "v1.34",
    kubeconfig: "an administrator's kubeconfig",
    exports: "/exports",
    pace: { poll: "2s", retry: "3s", drift: "10m" },
    sampleImage: "podinfo:1",
    countsRoutes: true,
    domains: [],
    ready: [],
    names: [],
    ...changes,
  };
}

/** What the providers of our own dynamic resources would answer, for {@link recorder}. */
export function dynamicOutputs({ type, name }: Recorded): Record<string, unknown> {
  switch (type) {
    case "pulumi-nodejs:dynamic/tenant:TenantKey":
      return { recipient: `age1 of ${name}` };
    case "pulumi-nodejs:dynamic/git:Repository":
      return {
        privateKey: `private key of ${name}`,
        publicKey: `public key of ${name}`,
        webhookToken: `token of ${name}`,
        repositoryId: "7",
      };
    case "pulumi-nodejs:dynamic/git:HostedRepository":
      return { repositoryId: "7" };
    case "pulumi-nodejs:dynamic/tenant:TenantSuspension":
      return { exportedTo: `the export of ${name}` };
    default:
      return {};
  }
}
