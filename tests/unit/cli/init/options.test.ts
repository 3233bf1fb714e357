import { strict as assert } from "node:assert";
import { pipelineOf, rangesOf } from "../../../../cli/init/options";
import { objectIdIn } from "../../../../cli/init/signIn";
import { isNotYetAdmitted } from "../../../../cli/init/stack";
import type { PlatformConfig } from "../../../../infra/config";

const config = (api: object): PlatformConfig =>
  ({ cluster: { kind: "aks", api } }) as unknown as PlatformConfig;
const closed = config({ kind: "private" });
const open = config({ kind: "public", ranges: ["192.0.2.0/24"] });

describe("the options of terp init", () => {
  it("take the ranges of the cluster's API unless others are given", () => {
    assert.deepEqual(rangesOf({ branch: "main" }, open), ["192.0.2.0/24"]);
    assert.deepEqual(rangesOf({ branch: "main", ranges: "198.51.100.7, 203.0.113.0/24" }, open), [
      "198.51.100.7",
      "203.0.113.0/24",
    ]);
    assert.equal(rangesOf({ branch: "main", anyNetwork: true }, closed), undefined);
  });

  for (const [what, act, message] of [
    [
      "no ranges where the API has none",
      () => rangesOf({ branch: "main" }, closed),
      "--ranges\n  given     nothing\n  expected  from where vault and state are reached, where cluster.api names no ranges\n" +
        "  remedy    type, for example: --ranges 192.0.2.0/24; or --any-network, where runners have no addresses of their own",
    ],
    [
      "a range that is none",
      () => rangesOf({ branch: "main", ranges: "192.0.2.0/24,home" }, open),
      "--ranges\n  given     home\n  expected  ranges of IPv4 addresses with commas between them\n  remedy    type, for example: --ranges 192.0.2.0/24",
    ],
    [
      "a repository without its organisation",
      () => pipelineOf({ branch: "main", github: "platform" }),
      "--github\n  given     platform\n  expected  ORGANISATION/REPOSITORY\n  remedy    type, for example: --github example/platform",
    ],
    [
      "two hosts",
      () => pipelineOf({ branch: "main", github: "a/b", gitlab: "a/b" }),
      "--github\n  given     --gitlab too\n  expected  one of them\n  remedy    leave one out",
    ],
  ] as const) {
    it(`refuse ${what}`, () => {
      assert.throws(act, { message: `terp init: nothing was done\n\n${message}` });
    });
  }

  it("name GitLab's project with its default branch", () => {
    const pipeline = pipelineOf({ branch: "trunk", gitlab: "example/teams/platform" });
    assert.deepEqual(pipeline, { kind: "gitlab", project: "example/teams/platform", branch: "trunk" });
  });
});

describe("who signs in", () => {
  it("is named by the token's object id", () => {
    const payload = Buffer.from(JSON.stringify({ oid: "o" })).toString("base64url");
    assert.equal(objectIdIn(`head.${payload}.signature`), "o");
  });

  it("has to be named", () => {
    assert.throws(() => objectIdIn("opaque"), {
      message: "signing in to Azure: its token names no object id; type: az login",
    });
  });
});

describe("a refusal of the state's backend", () => {
  it("is waited out where a role may not have spread, and no other", () => {
    assert.ok(isNotYetAdmitted("ERROR CODE: AuthorizationPermissionMismatch"));
    assert.ok(!isNotYetAdmitted("no such host"));
  });
});
