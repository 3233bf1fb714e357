import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import type { PlatformConfig } from "../../../infra/config";
import type { GithubConfig, GitlabConfig } from "../../../infra/config/gitSection";
import { aConfig, anExistingCluster } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { asYaml, releaseManifests } from "../../support/fluxRelease";
import { customIn, objectsIn, run, waitsFor, type Made } from "../../support/platformRun";
import { resolve } from "../../support/resolve";

const github: GithubConfig = {
  kind: "github",
  url: "https://github.com",
  organisation: "acme",
  sshPort: 22,
  visibility: "private",
  protect: true,
  review: { approvals: 1 },
};
const gitlab: GitlabConfig = { ...github, kind: "gitlab", url: "https://gitlab.com", group: "acme/teams" };
const byArgocd: Partial<PlatformConfig> = {
  gitops: { engine: "argocd", crds: { kind: "installed" }, services: false, codeOwners: [] },
};
const withPages: Partial<PlatformConfig> = {
  ...byArgocd,
  ingress: {
    kind: "gateway",
    domain: "platform.test",
    class: "terp",
    replicas: 1,
    service: { kind: "load-balancer", annotations: {} },
    crds: { kind: "installed" },
    issuer: "letsencrypt",
  },
};
const receiver = { url: "https://hooks.example.org", namespace: "ingress-nginx" };

describe("a platform with a Git host outside the cluster", () => {
  const machine = aMachine();

  function withHost(git: GithubConfig | GitlabConfig, changes: Partial<PlatformConfig> = {}): Promise<Made> {
    const file = join(machine.folder, "install.yaml");
    writeFileSync(file, asYaml(releaseManifests()));
    const config = aConfig({
      cluster: anExistingCluster({ name: "aks-dev" }),
      git,
      flux: { manifests: { kind: "release", file, version: "v2.7.3" }, concurrency: 4, interval: "30s" },
      keys: { store: { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net" } },
      ...changes,
    });
    return run(config, {
      kubeconfig: pulumi.secret("their kubeconfig"),
      gitToken: pulumi.secret("the token"),
    });
  }

  const spec = ({ record }: Made, name: string): Record<string, unknown> =>
    record.byName(name).inputs.spec as Record<string, unknown>;

  for (const [git, platform, tenant] of [
    [github, "acme/terp-test", "acme/team-blue-apps"],
    [gitlab, "acme/teams/terp-test", "acme/teams/team-blue-apps"],
  ] as const)
    describe(`at ${git.kind}`, () => {
      it("has all repositories there, and no Git host inside", async () => {
        const { record } = await withHost(git);
        const places = record.ofType("pulumi-nodejs:dynamic/git:HostedRepository").map(({ name }) => name);
        assert.deepEqual(
          places.sort(),
          [`HostedRepository/${platform}`, `HostedRepository/${tenant}`].sort(),
        );
        assert.deepEqual(
          objectsIn(record).filter(({ name }) => name.includes("gitea")),
          [],
        );
      });

      it("has Flux read them there, by the host's published key", async () => {
        const made = await withHost(git);
        const at = `ssh://git@${git.kind}.com`;
        assert.equal(spec(made, "GitRepository/flux-system/platform")["url"], `${at}/${platform}.git`);
        assert.equal(spec(made, "GitRepository/terp-tenant-team-blue/apps")["url"], `${at}/${tenant}.git`);
        const { stringData } = made.record.byName("Secret/terp-tenant-team-blue/git-access").inputs;
        const { known_hosts } = made.record.plain(stringData) as { known_hosts: string };
        assert.match(known_hosts, new RegExp(`^${git.kind}\\.com ssh-ed25519 AAAA`));
      });

      it("has tenants' keys committed there, after Flux applies what is committed", async () => {
        const { record } = await withHost(git);
        const key = record.byName("TenantKey/team-blue");
        assert.equal(`${key.inputs.organisation as string}/${key.inputs.repository as string}`, platform);
        assert.ok(waitsFor(record, key).has(`HostedRepository/${platform}`));
      });

      it("is told of pushes where the host reaches it, by way of what passes requests on", async () => {
        const made = await withHost({ ...git, receiver });
        for (const name of ["Receiver/flux-system/platform", "Receiver/terp-tenant-team-blue/apps"])
          assert.equal(spec(made, name)["type"], git.kind);
        assert.deepEqual(spec(made, "NetworkPolicy/flux-system/webhooks-from-outside")["ingress"], [
          {
            from: [
              { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "ingress-nginx" } } },
            ],
            ports: [{ protocol: "TCP", port: 9292 }],
          },
        ]);
      });

      it("calls Argo CD for what that applies, where the host reaches the platform and Argo CD has pages", async () => {
        const called = async (...given: Parameters<typeof withHost>): Promise<string[]> => {
          const { record } = await withHost(...given);
          return record.resources.map(({ name }) => name).filter((name) => name.startsWith("ArgocdWebhook"));
        };
        assert.deepEqual(await called({ ...git, receiver }, withPages), [
          `ArgocdWebhook/${platform}`,
          `ArgocdWebhook/${tenant}`,
        ]);
        assert.deepEqual(await called(git, withPages), [], "a host that doesn't reach it");
        assert.deepEqual(await called({ ...git, receiver }, byArgocd), [], "no pages");
      });

      it("asks at its interval where the host doesn't reach it, and opens nothing", async () => {
        const made = await withHost(git);
        assert.equal(spec(made, "GitRepository/terp-tenant-team-blue/apps")["interval"], "30s");
        const heard = objectsIn(made.record).filter(({ name }) => /^Receiver|webhook/.test(name));
        assert.deepEqual(
          heard.map(({ name }) => name).filter((name) => !/webhook-receiver/.test(name)),
          [],
        );
      });

      it("has its token nowhere in clear, and gives it but as a secret", async () => {
        const { record, outputs } = await withHost(git);
        assert.ok(await pulumi.isSecret(outputs.git.password));
        assert.equal(await resolve(outputs.git.password), "the token");
        for (const { name, inputs } of customIn(record))
          for (const [input, value] of Object.entries(inputs as object))
            if (JSON.stringify(value).includes("the token"))
              assert.ok(record.isSecret(value), `${name} ${input}`);
      });

      it("gives where people and programs find them", async () => {
        const { outputs } = await withHost(git);
        assert.equal(await resolve(outputs.tenants["team-blue"]?.repositoryUrl), `${git.url}/${tenant}`);
        const { kind, organisation } = outputs.git;
        assert.deepEqual([kind, `${organisation ?? ""}/terp-test`], [git.kind, platform]);
      });
    });
});
