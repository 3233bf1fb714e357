import { strict as assert } from "node:assert";

import { GitLab } from "../../../../components/git/gitlabApi";
import { GitlabDouble } from "../../../support/gitlabDouble";

const place = { organisation: "acme/teams", repository: "blue" };
const spec = { ...place, description: "Terp: what runs for the tenant blue" };
const reviewed = { isProtected: true, approvals: 1, byCodeOwners: false };

describe("GitLab's own ways", () => {
  let double: GitlabDouble;
  let host: GitLab;

  beforeEach(async () => {
    double = await new GitlabDouble().start();
    host = new GitLab(
      { kind: "gitlab", url: double.url, username: "terp", password: "the token" },
      { total: 3000 },
    );
  });
  afterEach(() => double.stop());

  const create = (path: string): Promise<void> =>
    host.commit(place, `Add ${path}`, [{ operation: "create", path, content: "" }]);

  it("asks again for a commit that another one came before", async () => {
    await host.ensureRepository(spec);
    double.refusals.push([
      400,
      { message: "Could not update refs/heads/main. Please refresh and try again." },
    ]);
    await create("ours");
    assert.deepEqual(double.at("acme/teams/blue").messages, ["Add ours"]);
  });

  it("gives up when a commit is refused for good", async () => {
    await host.ensureRepository(spec);
    double.refusals.push([403, { message: "You are not allowed to push into this branch" }]);
    await assert.rejects(create("ours"), { fault: "forbidden" });
    assert.deepEqual(double.at("acme/teams/blue").messages, []);
  });

  it("says so before anything is made if the plan demands no approval", async () => {
    double.plan = "free";
    await assert.rejects(host.ensureRepository({ ...spec, guard: reviewed }), {
      fault: "forbidden",
      message:
        `GitLab at ${double.url}: the plan of the group "acme/teams" is free, which demands no approval of a change; ` +
        "use the plan Premium, or set terp:git.review.approvals to 0",
    });
    assert.deepEqual([...double.projects.keys()], []);
  });

  it("takes any plan where no approval is wanted, and one that isn't free where it is", async () => {
    double.plan = "free";
    await host.ensureRepository(spec);
    double.plan = "premium";
    assert.equal((await host.ensureRepository({ ...spec, guard: reviewed })).isEmpty, true);
  });

  it("has a lost state's rule of approval taken away, and no other", async () => {
    await host.ensureRepository(spec);
    const { rules } = double.at("acme/teams/blue");
    rules.push({ id: 1, rule_type: "any_approver" }, { id: 2, rule_type: "regular" });
    await host.withdraw(place, { deployKeyTitle: "terp dev", webhookHosts: [] });
    assert.deepEqual(
      rules.map(({ id }) => id),
      [2],
    );
  });
});
