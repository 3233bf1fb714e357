import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { githubProvider } from "../../../../components/git/githubSurroundings";
import { webhookUrl } from "../../../../components/webhook";
import { versions } from "../../../../infra/versions";
import { made, receiver } from "../../../support/hostedRepository";
import { recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const called = webhookUrl("the webhook's token", receiver, "https://hooks.example.org");

describe("a tenant's repository at GitHub", () => {
  const name = (kind: string): string => `${kind}/acme/blue-apps`;

  it("is in the one organisation, called after its tenant", async () => {
    const { record, repository } = await made("github");
    const { organisation, repository: called } = record.byName(name("HostedRepository")).inputs;
    assert.deepEqual([organisation, called], ["acme", "blue-apps"]);
    assert.equal(repository.sshUrl, "ssh://git@github.com/acme/blue-apps.git");
    assert.equal(await resolve(repository.webUrl), "https://github.com/acme/blue-apps");
  });

  it("is read by a key of this environment's own, which can't write", async () => {
    const { record, repository } = await made("github");
    const { repository: of, title, key, readOnly } = record.byName(name("RepositoryDeployKey")).inputs;
    assert.deepEqual([of, title, key, readOnly], ["blue-apps", "terp dev", "ssh-ed25519 AAAA", true]);
    assert.equal(record.byName(name("DeployKey")).inputs.algorithm, "ED25519");
    assert.equal(await resolve(repository.privateKey), "the private half");
    assert.ok(await pulumi.isSecret(repository.privateKey));
  });

  it("calls its Receiver at a push, with a token that is secret, at an address that is secret with it", async () => {
    const { record, repository } = await made("github");
    const { events, active, configuration } = record.byName(name("RepositoryWebhook")).inputs;
    assert.deepEqual([events, active], [["push"], true]);
    assert.ok(record.isSecret(configuration));
    assert.deepEqual(record.plain(configuration), {
      url: called,
      contentType: "json",
      insecureSsl: false,
      secret: "the webhook's token",
    });
    assert.equal(repository.webhook?.type, "github");
  });

  it("has a branch main that nobody rewrites or deletes, with a review of each change", async () => {
    const { record } = await made("github", {
      args: { approvals: 2 },
      request: { codeOwners: ["@acme/blue"] },
    });
    const { inputs, retainOnDelete } = record.byName(name("BranchProtection"));
    assert.deepEqual(inputs, {
      repositoryId: "blue-apps",
      pattern: "main",
      allowsDeletions: false,
      allowsForcePushes: false,
      enforceAdmins: false,
      requiredPullRequestReviews: [
        { requiredApprovingReviewCount: 2, requireCodeOwnerReviews: true, dismissStaleReviews: true },
      ],
    });
    assert.equal(retainOnDelete, true);
  });

  it("has its branch closed after what it starts with is committed", async () => {
    const { record } = await made("github");
    for (const kind of ["BranchProtection", "RepositoryDeployKey", "RepositoryWebhook"])
      assert.ok(record.byName(name(kind)).dependsOn.includes(name("HostedRepository")), kind);
  });

  it("withdraws what a lost state left of this environment's, where that can be told", async () => {
    const { record } = await made("github");
    assert.deepEqual(record.byName(name("HostedRepository")).inputs.leftovers, {
      deployKeyTitle: "terp dev",
      webhookHosts: ["hooks.example.org"],
    });
  });

  it("keeps the token secret, and gives it to the host's own provider alone", async () => {
    const { record } = await made("github");
    const holders = record.resources.filter(({ inputs }) => JSON.stringify(inputs).includes('"the token"'));
    assert.deepEqual(holders.map((one) => one.name).sort(), [name("HostedRepository"), "git"]);
    assert.ok(record.isSecret(record.byName("git").inputs.token));
    assert.ok(record.isSecret(record.byName(name("HostedRepository")).inputs.access));
    assert.deepEqual(record.byName(name("HostedRepository")).secretOutputs, ["access"]);
  });

  it("is surrounded by the organisation's own provider, and by no default one", async () => {
    const { record } = await made("github");
    assert.equal(record.byName("git").inputs.owner, "acme");
    for (const { name: of, provider } of record.resources.filter(({ type }) => type.startsWith("github:")))
      assert.match(provider ?? "", /pulumi:providers:github::git::/, of);
  });

  it("is protected as a whole where its tenant is", async () => {
    const { record } = await made("github", { options: { protect: true } });
    const others = record.resources.filter(
      ({ custom, protect, type }) => custom && !protect && !/providers/.test(type),
    );
    assert.deepEqual(others, []);
  });

  it("is asked at an interval, and calls nobody, where it can't reach a Receiver", async () => {
    const { record, repository } = await made("github", { args: { receiverUrl: undefined } });
    assert.equal(repository.webhook, undefined);
    assert.deepEqual(
      record.resources.filter(({ type }) => /Webhook|RandomPassword/.test(type)),
      [],
    );
  });

  it("takes any push where no review is wanted, and anything where no protection is", async () => {
    const unreviewed = await made("github", { args: { approvals: 0 } });
    assert.equal(
      unreviewed.record.byName(name("BranchProtection")).inputs.requiredPullRequestReviews,
      undefined,
    );
    const { record } = await made("github", { args: { protect: false } });
    assert.deepEqual(record.ofType("github:index/branchProtection:BranchProtection"), []);
    assert.deepEqual(record.byName(name("HostedRepository")).inputs.guard, {
      isProtected: false,
      approvals: 0,
      byCodeOwners: false,
    });
  });

  it("may be at an Enterprise Server, which is named by its address", async () => {
    const record = recorder();
    githubProvider("git", { url: "https://git.example.org", organisation: "acme", token: "the token" });
    githubProvider("cloud", { url: "https://github.com", organisation: "acme", token: "the token" });
    githubProvider("resident", { url: "https://acme.ghe.com", organisation: "acme", token: "the token" });
    await record.settled();
    assert.deepEqual(
      ["git", "cloud", "resident"].map((each) => record.byName(each).inputs.baseUrl as string),
      ["https://git.example.org/", "https://api.github.com/", "https://api.acme.ghe.com/"],
    );
  });
});

describe("a tenant's repository at GitLab", () => {
  const name = (kind: string): string => `${kind}/acme/teams/blue-apps`;
  const project = "acme/teams/blue-apps";

  it("is read by a key of this environment's own, which can't write", async () => {
    const { record, repository } = await made("gitlab");
    assert.deepEqual(record.byName(name("DeployKeyAtGitlab")).inputs, {
      project,
      title: "terp dev",
      key: "ssh-ed25519 AAAA",
      canPush: false,
    });
    assert.equal(repository.sshUrl, "ssh://git@gitlab.com/acme/teams/blue-apps.git");
  });

  it("calls its Receiver at a push, with a token that is secret", async () => {
    const { record, repository } = await made("gitlab");
    const { inputs, secretOutputs } = record.byName(name("ProjectHook"));
    assert.deepEqual(
      [inputs.project, record.plain(inputs.url), record.plain(inputs.token), inputs.pushEvents],
      [project, called, "the webhook's token", true],
    );
    assert.equal(inputs.enableSslVerification, true);
    assert.ok(record.isSecret(inputs.token) && record.isSecret(inputs.url));
    assert.deepEqual(secretOutputs, ["token"]);
    assert.equal(repository.webhook?.type, "gitlab");
  });

  it("has a branch main that its developers change by merge requests that are approved", async () => {
    const { record } = await made("gitlab", { request: { codeOwners: ["@acme/teams/blue"] } });
    assert.deepEqual(record.byName(name("BranchProtection")).inputs, {
      project,
      branch: "main",
      pushAccessLevel: "maintainer",
      mergeAccessLevel: "developer",
      allowForcePush: false,
      codeOwnerApprovalRequired: true,
    });
    assert.deepEqual(record.byName(name("ProjectApprovalRule")).inputs, {
      project,
      name: "Terp",
      approvalsRequired: 1,
      ruleType: "any_approver",
    });
  });

  it("takes developers' pushes where no review is wanted, and asks for nothing that a free plan lacks", async () => {
    const { record } = await made("gitlab", {
      args: { approvals: 0 },
      request: { codeOwners: ["@acme/teams/blue"] },
    });
    assert.deepEqual(record.ofType("gitlab:index/projectApprovalRule:ProjectApprovalRule"), []);
    const { pushAccessLevel, codeOwnerApprovalRequired } = record.byName(name("BranchProtection")).inputs;
    assert.deepEqual([pushAccessLevel, codeOwnerApprovalRequired], ["developer", undefined]);
  });

  it("is surrounded by the official provider's own kinds, of the pinned version", async () => {
    const { record } = await made("gitlab");
    const kinds = record.resources.map(({ type }) => type).filter((type) => type.startsWith("gitlab:"));
    assert.deepEqual(kinds.sort(), [
      "gitlab:index/branchProtection:BranchProtection",
      "gitlab:index/deployKey:DeployKey",
      "gitlab:index/projectApprovalRule:ProjectApprovalRule",
      "gitlab:index/projectHook:ProjectHook",
    ]);
    assert.match(versions.pulumiGitlab, /^9\./);
    for (const { name: of, provider } of record.resources.filter(({ type }) => type.startsWith("gitlab:")))
      assert.match(provider ?? "", /pulumi:providers:gitlab::git::/, of);
  });

  it("may have its SSH at another port", async () => {
    const { repository } = await made("gitlab", { args: { sshPort: 2222 } });
    assert.equal(repository.sshUrl, "ssh://git@gitlab.com:2222/acme/teams/blue-apps.git");
  });
});

describe("the platform repository", () => {
  for (const kind of ["github", "gitlab"] as const)
    it(`is private at ${kind}, and takes the platform's own pushes without a review`, async () => {
      const { record } = await made(kind, { request: { isTenants: false } });
      const [{ inputs } = assert.fail()] = record.ofType("pulumi-nodejs:dynamic/git:HostedRepository");
      assert.deepEqual(
        [inputs.visibility, inputs.guard],
        ["private", { isProtected: true, approvals: 0, byCodeOwners: false }],
      );
    });
});
