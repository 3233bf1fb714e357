import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { gitAdministrator } from "../../cli/cluster/credentials";
import { Gitea } from "../../components/git/giteaApi";
import { TenantRepository, type Person } from "./tenantRepository";
import type { TrialPlatform } from "./trialPlatform";

/** A platform that runs, and a tenant of it with the URL of its repository. */
export interface GitHostTrial {
  readonly trial: TrialPlatform;
  readonly tenant: string;
  readonly url: string;
}

/** Tests of the embedded Git host: whom it lets do what, and that it comes to rights after it was killed. */
export function describeGitHost(given: () => GitHostTrial): void {
  it("gives a person an account, by which they push and open a change in their team's repository, and do nothing else", async () => {
    const { trial, tenant, url } = given();
    const ann = await trial.ask<Person>("tenant", "account", tenant, "ann");
    const repository = await TenantRepository.clone(trial, url, ann);
    const git = new URL(url).origin;
    const ask = async (method: string, path: string, body?: object): Promise<number> => {
      const authorization = `Basic ${Buffer.from(`ann:${ann.password}`).toString("base64")}`;
      const headers = { authorization, "content-type": "application/json" };
      const { status } = await fetch(`${git}/api/v1${path}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      });
      return status;
    };
    try {
      await repository.write("note.txt", "by Ann");
      await repository.push("a note of Ann's");
      await repository.write("note.txt", "another by Ann");
      await repository.push("a proposal of Ann's", "proposal");
    } finally {
      await repository.remove();
    }
    const apps = `/repos/${tenant}/apps`;
    assert.equal(await ask("POST", `${apps}/pulls`, { base: "main", head: "proposal", title: "Note" }), 201);
    assert.equal(await ask("GET", "/repos/platform/platform"), 404);
    assert.equal(await ask("GET", `${apps}/keys`), 403);
    assert.ok((await ask("POST", "/user/repos", { name: "own" })) >= 400);
    assert.ok((await ask("POST", `${apps}/forks`, {})) >= 400);
    assert.equal(await ask("GET", "/admin/users"), 403);
    await trial.ask("tenant", "account", tenant, "ann", "--remove");
    assert.equal(await ask("GET", apps), 404);
  });

  it("takes no push that writes the branch's history anew, or into a pull request that is the Git host's", async () => {
    const { trial, url } = given();
    const repository = await TenantRepository.clone(trial, url);
    try {
      const forced = repository.git("push", "--force", "origin", "HEAD~1:main");
      await assert.rejects(forced, /branch main is protected from force push[^]*pre-receive hook declined/);
      const pulled = repository.git("push", "origin", "HEAD:refs/pull/99/head");
      await assert.rejects(pulled, /refs\/pull\/99\/head \(hook declined\)/);
    } finally {
      await repository.remove();
    }
  });

  it("makes a repository whole whose making was killed: Gitea has its record and no files", async () => {
    const { trial, url } = given();
    const api = await trial.api();
    const gitea = new Gitea(
      { url: new URL(url).origin, ...(await gitAdministrator(api)) },
      { request: 2000 },
    );
    await api.close();
    const half = { organisation: "half-made", repository: "apps", description: "Terp: a trial" };
    await gitea.ensureRepository(half);
    await rm(join(trial.paths.git, "repositories/half-made/apps.git"), { recursive: true });
    assert.equal((await gitea.ensureRepository(half)).isEmpty, true);
    await gitea.commit(half, "Start", [{ operation: "create", path: "README.md", content: "whole" }]);
    assert.equal((await gitea.readFile(half, "README.md"))?.content, "whole");
  });
}
