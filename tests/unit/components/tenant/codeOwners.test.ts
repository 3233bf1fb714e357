import { strict as assert } from "node:assert";

import { codeOwners, codeOwnersFaults } from "../../../../components/tenant/codeOwners";
import { scaffoldFiles } from "../../../../components/tenant/scaffold";
import { TenantComponent } from "../../../../components/tenant/tenant";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder } from "../../../support/recorder";

describe("a repository's code owners", () => {
  const rule = (text: string): string | undefined => text.split("\n").find((line) => !line.startsWith("#"));

  for (const [kind, expected] of [
    ["github", "* @acme/team-blue @jo"],
    ["gitlab", "* @acme/team-blue @jo"],
    ["gitea", ".* @acme/team-blue @jo"],
  ] as const)
    it(`answer for all of it, in the patterns of ${kind}`, () => {
      assert.equal(rule(codeOwners(["@acme/team-blue", "@jo"], kind)), expected);
    });

  it("are for the tenant to name where nobody is given: the file has no rule then", () => {
    assert.equal(rule(codeOwners([], "github")), "");
  });

  it("are written into a new tenant's repository", () => {
    const files = scaffoldFiles(
      {
        tenant: "team-blue",
        environment: "dev",
        namespace: "team-blue-app",
        namespaces: ["team-blue-app"],
        sampleImage: "podinfo:1",
        codeOwners: ["@acme/team-blue"],
        gitHost: "gitlab",
      },
      "age1team",
    );
    assert.equal(rule(files["CODEOWNERS"] ?? ""), "* @acme/team-blue");
  });

  it("are those that the tenant is given, in the words of the platform's Git host", async () => {
    const record = recorder({ outputs: dynamicOutputs });
    new TenantComponent("team-blue", {
      platform: aTenantPlatform(),
      namespaces: ["app"],
      codeOwners: ["@blue/owners"],
    });
    await record.settled();
    const { files } = record.byName("Repository/team-blue/apps").inputs;
    assert.equal(
      rule((record.plain(files) as Record<string, string>)["CODEOWNERS"] ?? ""),
      ".* @blue/owners",
    );
  });

  it("are accounts and teams as Git hosts write them", () => {
    assert.deepEqual(codeOwnersFaults("codeOwners", ["@jo", "@acme/team-blue", "@acme/teams/blue.ops"]), []);
  });

  for (const wrong of ["team-blue", "@acme/", "@acme team", "jo@example.org", ""])
    it(`aren't ${JSON.stringify(wrong)}`, () => {
      assert.deepEqual(codeOwnersFaults("codeOwners", ["@jo", wrong]), [
        {
          path: "codeOwners[1]",
          given: JSON.stringify(wrong),
          expected: "an account or a team of the Git host's, with its @",
          remedy: 'write for example "@acme/team-blue"',
        },
      ]);
    });
});
