import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { broughtKeys } from "../../../../components/git/broughtKeys";
import type { BroughtRepository } from "../../../../components/git/broughtRepository";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs, TenantPlatform } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const control = "terp-tenant-team-blue";
const url = "ssh://git@git.example.org/team-blue/apps.git";
const repository: BroughtRepository = { url };
const keys = broughtKeys("an age identity", { environment: "dev", tenant: "team-blue", url });

interface Made {
  readonly record: Recorder;
  readonly tenant: TenantComponent;
}

async function afterMaking(
  changes: Partial<TenantArgs> = {},
  platform: Partial<TenantPlatform> = {},
): Promise<Made> {
  const record = recorder({ outputs: dynamicOutputs });
  const tenant = new TenantComponent("team-blue", {
    platform: aTenantPlatform(platform),
    namespaces: ["app"],
    repository,
    ...changes,
  });
  await record.settled();
  return { record, tenant };
}

const namesIn = ({ record }: Made): string[] => record.resources.map(({ name }) => name);

describe("a tenant that brings its repository along", () => {
  it("has no other made, and nothing written into it", async () => {
    const made = await afterMaking();
    assert.deepEqual(
      namesIn(made).filter((name) => name.startsWith("Repository/")),
      [],
    );
  });

  it("is read from there, from the branch main unless told otherwise", async () => {
    for (const [branch, expected] of [
      [undefined, "main"],
      ["live", "live"],
    ] as const) {
      const { record } = await afterMaking({ repository: { url, ...(branch && { branch }) } });
      const { spec } = record.byName(`GitRepository/${control}/apps`).inputs;
      assert.deepEqual(
        [spec.url, spec.ref, spec.secretRef],
        [url, { branch: expected }, { name: "git-access" }],
      );
    }
  });

  it("is read with a key of its own, and with its host's key pinned, both kept secret", async () => {
    const { record } = await afterMaking();
    const { stringData } = record.byName(`Secret/${control}/git-access`).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      identity: keys.privateKey,
      known_hosts: "git.example.org ssh-ed25519 BBBB\n",
    });
  });

  it("gives the key's public half, which is no secret, for the repository's owner", async () => {
    const { tenant } = await afterMaking();
    assert.ok(tenant.deployKey);
    assert.equal(await resolve(tenant.deployKey), keys.publicKey);
    assert.equal(await pulumi.isSecret(tenant.deployKey), false);
    assert.equal(await resolve(tenant.repositoryUrl), url);
  });

  it("is asked at Flux's interval unless its host tells of pushes", async () => {
    const made = await afterMaking();
    assert.deepEqual(
      namesIn(made).filter((name) => /^Receiver|webhook-token$/.test(name)),
      [],
    );
  });

  it("is told of pushes by whoever knows its token", async () => {
    const { record } = await afterMaking({ repository: { url, webhook: "gitlab" } });
    const { stringData } = record.byName(`Secret/${control}/webhook-token`).inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), { token: keys.webhookToken });
    assert.equal(record.byName(`Receiver/${control}/apps`).inputs.spec.type, "gitlab");
  });

  it("is applied by Argo CD from there as well, with the same key", async () => {
    const { record } = await afterMaking(
      { repository: { url, branch: "live" } },
      { engines: { offered: ["argocd"], usual: "argocd", groupsPrefix: "" } },
    );
    const { source } = record.byName("Application/argocd/team-blue").inputs.spec;
    assert.deepEqual([source.repoURL, source.targetRevision], [url, "live"]);
    assert.deepEqual(record.byName("AppProject/argocd/team-blue").inputs.spec.sourceRepos, [url]);
    const { stringData } = record.byName("Secret/argocd/repository-team-blue").inputs;
    assert.match(JSON.stringify(record.plain(stringData)), /BEGIN OPENSSH PRIVATE KEY/);
  });

  it("reads its charts from there, and names it among its sources itself", async () => {
    const { record } = await afterMaking({ charts: true }, { chartsImage: "helm-controller:1" });
    const { stringData } = record.byName("Secret/team-blue-app/repository-access").inputs;
    assert.deepEqual(record.plain(stringData), {
      identity: keys.privateKey,
      known_hosts: "git.example.org ssh-ed25519 BBBB\n",
    });
    const { annotations } = record.byName("Namespace/team-blue-app").inputs.metadata;
    assert.equal(annotations["terp.dev/sources"], undefined);
  });

  it("is exported from there when it is suspended, with what reads it kept secret", async () => {
    const { record } = await afterMaking({ suspended: true });
    const { brought } = record.byName("TenantSuspension/team-blue").inputs;
    assert.ok(record.isSecret(brought));
    assert.deepEqual(record.plain(brought), {
      url,
      branch: "main",
      privateKey: keys.privateKey,
      knownHosts: "git.example.org ssh-ed25519 BBBB\n",
    });
  });
});

describe("a tenant whose repository the platform makes", () => {
  it("has no deploy key to hand out, and asks for none of brought ones", async () => {
    const brought = { knownHosts: "", identity: () => assert.fail("it asks for the key of brought ones") };
    const { tenant } = await afterMaking({ repository: undefined }, { brought });
    assert.equal(tenant.deployKey, undefined);
  });
});

describe("a repository that can't be brought along", () => {
  const refused = (changes: Partial<TenantArgs>, platform: Partial<TenantPlatform>, lines: string[]) =>
    assert.rejects(afterMaking(changes, platform), { message: ['tenant "team-blue":', ...lines].join("\n") });

  it("is at a host whose key nobody knows", async () => {
    const elsewhere = "ssh://git@git.example.net:2222/blue.git";
    await refused({ repository: { url: elsewhere } }, {}, [
      "repository.url",
      `  given     "${elsewhere}"`,
      "  expected  a host whose key is known: tenants.knownHosts has no line for [git.example.net]:2222",
      "  remedy    take the line from the host's operators, and type: pulumi config set --path terp:tenants.knownHosts '[git.example.net]:2222 ssh-ed25519 AAAA…' --stack dev",
    ]);
  });

  it("is another tenant's, which brought it along as well", async () => {
    const names = [{ tenant: "team-green", namespaces: ["app"], repository: url }];
    await refused({}, { names }, [
      "repository.url",
      `  given     "${url}"`,
      `  expected  a repository of this tenant's alone: this one is tenant "team-green"'s`,
      "  remedy    name another one, or leave `repository` out: then the platform makes one",
    ]);
  });

  const knownHosts = "gitea.git.svc.cluster.local ssh-ed25519 CCCC\n";
  const identity = (): string => "an age identity";
  for (const [what, path, owner] of [
    ["another tenant's, which the platform made", "team-green/apps", `tenant "team-green"'s`],
    ["the platform's own", "platform/platform", "the platform's"],
    ["the one that the platform would make", "team-blue/apps", "the platform's"],
  ] as const) {
    it(`is ${what}`, async () => {
      const made = `ssh://git@gitea.git.svc.cluster.local/${path}.git`;
      const names = [{ tenant: "team-green", namespaces: ["app"] }];
      await refused({ repository: { url: made } }, { names, brought: { knownHosts, identity } }, [
        "repository.url",
        `  given     "${made}"`,
        `  expected  a repository of this tenant's alone: this one is ${owner}`,
        "  remedy    name another one, or leave `repository` out: then the platform makes one",
      ]);
    });
  }

  it("is the one that the platform makes for a tenant that comes later: that one is told", async () => {
    const made = "ssh://git@gitea.git.svc.cluster.local/team-blue/apps.git";
    const names = [{ tenant: "team-green", namespaces: ["app"], repository: made }];
    await refused({ repository: undefined }, { names }, [
      "repository",
      "  given     nothing",
      `  expected  a repository of this tenant's alone: tenant "team-green" has named ${made}, which the platform makes for this one`,
      '  remedy    let "team-green" name another one',
    ]);
  });

  it("is at a port that Argo CD doesn't reach", async () => {
    const at = "ssh://git@git.example.org:2222/a.git";
    const engines = { offered: ["argocd"], usual: "argocd", groupsPrefix: "" } as const;
    const brought = { knownHosts: "[git.example.org]:2222 ssh-ed25519 DDDD\n", identity };
    await refused({ repository: { url: at } }, { engines, brought }, [
      "repository.url",
      `  given     "${at}"`,
      "  expected  port 22 under Argo CD: what the network policies let it reach",
      '  remedy    have the host listen there as well, or give this tenant `engine: "flux"`',
    ]);
  });

  it("comes with code owners: nobody writes them into it", async () => {
    await refused({ codeOwners: ["@acme/blue"] }, {}, [
      "codeOwners",
      '  given     ["@acme/blue"]',
      "  expected  nothing beside `repository`: the platform writes no file into it",
      "  remedy    leave it out, and write CODEOWNERS into the repository",
    ]);
  });
});

describe("the account that a tenant's own Kustomizations name", () => {
  const account = "ServiceAccount/team-blue-app/reconciler";
  for (const [what, changes, platform, isThere] of [
    ["without sources, who has nothing to apply by one", {}, {}, false],
    ["with sources", { sources: ["https://github.com/team-blue/"] }, {}, true],
    ["with charts", { charts: true }, { chartsImage: "helm-controller:1" }, true],
  ] as const) {
    it(`is ${isThere ? "there, so that what goes is taken away," : "no resource"} for a tenant ${what}`, async () => {
      const made = await afterMaking({ repository: undefined, ...changes }, platform);
      assert.equal(namesIn(made).includes(account), isThere);
      if (!isThere) return;
      const { inputs, protect } = made.record.byName(account);
      assert.deepEqual([inputs.automountServiceAccountToken, protect], [false, false]);
    });
  }
});
