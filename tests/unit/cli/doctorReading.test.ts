import assert from "node:assert/strict";
import { readRepositories } from "../../../cli/doctor/readRepositories";
import { HostReader } from "../../../cli/git/hostReader";
import type { GitReader } from "../../../cli/git/reader";
import { openGitHost } from "../../../components/git/openHost";
import { ownPlaces, placesIn } from "../../../components/git/places";
import { keyPath } from "../../../components/tenant/sealedKey";
import { aFolder } from "../../support/folders";
import { GithubDouble } from "../../support/githubDouble";

const place = (at: { organisation: string; repository: string }): string =>
  `${at.organisation}/${at.repository}`;

/** A Git host of files by repository. */
function host(repositories: Readonly<Record<string, Readonly<Record<string, string>>>>): GitReader {
  return {
    description: "the Git host",
    standing: (at) => {
      const files = repositories[place(at)];
      return Promise.resolve(
        files === undefined ? "absent" : Object.keys(files).length === 0 ? "empty" : "there",
      );
    },
    read: (at, path) => Promise.resolve(repositories[place(at)]?.[path]),
    list: (at, folder) =>
      Promise.resolve(
        Object.keys(repositories[place(at)] ?? {}).filter((path) => path.startsWith(`${folder}/`)),
      ),
  };
}

describe("what the doctor reads of the repositories", () => {
  const folder = aFolder();
  const key = `kind: Secret\nmetadata:\n  annotations: { terp.dev/recipient: age1blue }\nsops: { age: [{ recipient: age1platform }] }\n`;
  const recipient = `age1${"q".repeat(58)}`;
  const question = () => ({
    stack: "prd",
    places: ownPlaces,
    unreadable: "nobody is there",
    store: { kind: "file", folder: folder.path } as const,
    platformRecipients: ["age1platform"],
    tenants: undefined,
    brought: [],
    known: {},
  });

  it("is each tenant of the platform repository where there is no state", async () => {
    const found = await readRepositories(
      question(),
      host({
        "platform/platform": { "tenants/blue/age.yaml": key, "tenants/platform.yaml": "" },
        "blue/apps": { ".sops.yaml": `creation_rules: [{ age: "${recipient}" }]` },
      }),
    );
    assert.deepEqual(found.tenants, [
      {
        tenant: "blue",
        key: { kind: "sealed", recipient: "age1blue", former: [], readers: ["age1platform"] },
        copy: "absent",
        known: undefined,
        repository: "there",
        rules: [recipient],
      },
    ]);
  });

  it("has nothing of a repository that a tenant brought along", async () => {
    const reader: GitReader = {
      ...host({ "platform/platform": { "tenants/blue/age.yaml": key } }),
      standing: (at) =>
        at.organisation === "blue" ? assert.fail("it looks for the repository") : Promise.resolve("there"),
    };
    const { tenants } = await readRepositories(
      { ...question(), tenants: ["blue"], brought: ["blue"] },
      reader,
    );
    assert.deepEqual(
      tenants.map(({ repository, rules }) => [repository, rules]),
      [["brought", undefined]],
    );
  });

  it("is read at GitHub, where a tenant's repository is beside the platform's", async () => {
    const double = await new GithubDouble().start();
    try {
      const access = { kind: "github", url: double.url, username: "terp", password: "the token" } as const;
      const own = "Terp: of a test";
      double.make("terp-prd", own);
      double.push("terp-prd", keyPath("blue"), key, "a key");
      double.make("blue-apps", own);
      double.push("blue-apps", ".sops.yaml", `creation_rules: [{ age: "${recipient}" }]`, "rules");
      const {
        host: at,
        platform,
        tenants,
        unreachable,
      } = await readRepositories(
        { ...question(), places: placesIn("acme", "prd"), tenants: ["blue", "red"] },
        new HostReader(openGitHost(access, { total: 3000 })),
      );
      assert.deepEqual([at, platform, unreachable], [`GitHub at ${double.url}`, "there", undefined]);
      assert.deepEqual(
        tenants.map(({ tenant, key: found, repository, rules }) => [tenant, found?.kind, repository, rules]),
        [
          ["blue", "sealed", "there", [recipient]],
          ["red", "absent", "absent", undefined],
        ],
      );
    } finally {
      await double.stop();
    }
  });

  it("is why it can't be read, where it can't", async () => {
    const broken: GitReader = { ...host({}), standing: () => Promise.reject(new Error("ECONNREFUSED")) };
    assert.equal((await readRepositories(question(), broken)).unreachable, "ECONNREFUSED");
    assert.equal((await readRepositories(question(), undefined)).unreachable, "nobody is there");
  });
});
