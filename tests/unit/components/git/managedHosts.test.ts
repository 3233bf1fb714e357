import { strict as assert } from "node:assert";

import { openManagedHost } from "../../../../components/git/openHost";
import type { ManagedGitHost } from "../../../../components/git/host";
import { GithubDouble } from "../../../support/githubDouble";
import { GitlabDouble } from "../../../support/gitlabDouble";

/** What the tests look at behind the API. */
interface Inside {
  readonly url: string;
  stop(): Promise<void>;
  /** A repository of somebody's. */
  make(description: string, file?: string): void;
  files(): Record<string, string>;
  /** The messages of its commits but for one that the host made by itself. */
  messages(): string[];
  visibility(): string;
  readonly keys: { id: number; title: string }[];
  /** Adds a webhook. */
  hook(id: number, url: string): void;
  hooks(): number[];
}

async function insideGithub(): Promise<Inside> {
  const double = await new GithubDouble().start();
  const at = (): ReturnType<typeof double.at> => double.at("blue");
  return {
    url: double.url,
    stop: () => double.stop(),
    make: (description, file) => double.make("blue", description, file),
    files: () => {
      const { "README.md": readme, ...others } = double.files("blue");
      return readme === undefined || readme === "# blue" ? others : { "README.md": readme, ...others };
    },
    messages: () => double.messages("blue").filter((message) => message !== "Initial commit"),
    visibility: () => at().visibility,
    get keys() {
      return at().keys;
    },
    hook: (id, url) => at().hooks.push({ id, config: { url } }),
    hooks: () => at().hooks.map(({ id }) => id),
  };
}

async function insideGitlab(): Promise<Inside> {
  const double = await new GitlabDouble().start();
  const at = (): ReturnType<typeof double.at> => double.at("acme/teams/blue");
  return {
    url: double.url,
    stop: () => double.stop(),
    make: (description, file) => double.make("acme/teams/blue", description, file),
    files: () => Object.fromEntries([...at().files].map(([path, { content }]) => [path, content])),
    messages: () => at().messages,
    visibility: () => at().visibility,
    get keys() {
      return at().keys;
    },
    hook: (id, url) => at().hooks.push({ id, url }),
    hooks: () => at().hooks.map(({ id }) => id),
  };
}

for (const { kind, organisation, open } of [
  { kind: "github", organisation: "acme", open: insideGithub },
  { kind: "gitlab", organisation: "acme/teams", open: insideGitlab },
] as const) {
  describe(`a repository at ${kind}`, () => {
    const place = { organisation, repository: "blue" };
    const spec = { ...place, description: "Terp: what runs for the tenant blue" };
    let inside: Inside;
    let host: ManagedGitHost;

    beforeEach(async () => {
      inside = await open();
      const access = { kind, url: inside.url, username: "terp", password: "the token" } as const;
      host = openManagedHost(access, { total: 3000 });
    });
    afterEach(() => inside.stop());

    const create = async (path: string, content: string): Promise<void> =>
      host.commit(place, `Add ${path}`, [{ operation: "create", path, content }]);

    it("is made where there is none, empty and for its members alone", async () => {
      const { isEmpty } = await host.ensureRepository(spec);
      assert.deepEqual([isEmpty, inside.visibility()], [true, "private"]);
    });

    it("may be open to more", async () => {
      await host.ensureRepository({ ...spec, visibility: "internal" });
      assert.equal(inside.visibility(), "internal");
    });

    it("has a name of the host's own, which stays", async () => {
      assert.equal(await host.repositoryId(place), undefined);
      const { id } = await host.ensureRepository(spec);
      assert.deepEqual([await host.repositoryId(place), (await host.ensureRepository(spec)).id], [id, id]);
    });

    it("is still empty if a run was killed before it was filled", async () => {
      await host.ensureRepository(spec);
      assert.equal((await host.ensureRepository(spec)).isEmpty, true);
    });

    it("is filled by one commit, and then isn't empty any more", async () => {
      await host.ensureRepository(spec);
      await host.commit(place, "Start", [
        { operation: "create", path: "README.md", content: "read me" },
        { operation: "create", path: "environments/dev/one.yaml", content: "one" },
      ]);
      assert.deepEqual(inside.files(), { "README.md": "read me", "environments/dev/one.yaml": "one" });
      assert.deepEqual(inside.messages(), ["Start"]);
      assert.equal((await host.ensureRepository(spec)).isEmpty, false);
    });

    it("is refused if it is somebody's with content", async () => {
      inside.make("Somebody's own", "theirs");
      await assert.rejects(host.ensureRepository(spec), {
        fault: "taken",
        message: /blue that wasn't made by Terp and has content; rename it, or hand it over/,
      });
    });

    it("is taken over if it was made here, and keeps what it has", async () => {
      inside.make("Terp: made by a run whose state is lost", "theirs");
      assert.equal((await host.ensureRepository(spec)).isEmpty, false);
      assert.deepEqual(inside.files(), { theirs: "somebody's" });
    });

    it("is taken over if it is somebody's without a commit, and known as made here from then on", async () => {
      inside.make("Made by hand");
      assert.equal((await host.ensureRepository(spec)).isEmpty, true);
      await create("file", "");
      assert.equal((await host.ensureRepository(spec)).isEmpty, false);
    });

    describe("with files", () => {
      beforeEach(async () => {
        await host.ensureRepository(spec);
        await create("key", "the first");
      });

      it("gives a file with its version, and none where there is none", async () => {
        const file = await host.readFile(place, "key");
        assert.equal(file?.content, "the first");
        assert.equal(await host.readFile(place, "other/key"), undefined);
      });

      it("lists every folder in a folder, and nothing else", async () => {
        const names = Array.from({ length: 120 }, (_, index) => `team-${String(index)}`);
        await host.commit(
          place,
          "Many",
          names.map((name) => ({ operation: "create", path: `tenants/${name}/age.yaml`, content: name })),
        );
        assert.deepEqual(await host.folders(place, "tenants"), names);
        assert.deepEqual(await host.folders(place, "retired"), []);
      });

      it("refuses a file that exists already: the first one stays", async () => {
        await assert.rejects(create("key", "the second"), { fault: "outdated" });
        assert.equal(inside.files()["key"], "the first");
      });

      it("takes none of a commit of which it refuses a part", async () => {
        const changes = [
          { operation: "create", path: "another", content: "" },
          { operation: "create", path: "key", content: "" },
        ] as const;
        await assert.rejects(host.commit(place, "Both", changes), { fault: "outdated" });
        assert.deepEqual(Object.keys(inside.files()), ["key"]);
      });

      it("changes a file for who knows its version", async () => {
        const version = (await host.readFile(place, "key"))?.version ?? "";
        await host.commit(place, "Change", [{ operation: "update", path: "key", content: "new", version }]);
        assert.equal(inside.files()["key"], "new");
      });

      it("doesn't change or delete a file for who knows a former version", async () => {
        const version = (await host.readFile(place, "key"))?.version ?? "";
        const update = { operation: "update", path: "key", content: "new", version } as const;
        await host.commit(place, "Change", [update]);
        await assert.rejects(host.commit(place, "Change", [{ ...update, content: "lost" }]), {
          fault: "outdated",
        });
        await assert.rejects(host.commit(place, "Delete", [{ operation: "delete", path: "key", version }]), {
          fault: "outdated",
        });
        assert.equal(inside.files()["key"], "new");
      });

      it("doesn't change a file that is gone", async () => {
        const change = { operation: "update", path: "gone", content: "", version: "1" } as const;
        await assert.rejects(host.commit(place, "Change", [change]), { fault: "outdated" });
      });

      it("deletes a file", async () => {
        const version = (await host.readFile(place, "key"))?.version ?? "";
        await host.commit(place, "Delete", [{ operation: "delete", path: "key", version }]);
        assert.deepEqual(inside.files(), {});
      });

      it("takes two commits at the same time", async () => {
        await Promise.all([create("one", "1"), create("two", "2")]);
        assert.deepEqual(Object.keys(inside.files()).sort(), ["key", "one", "two"]);
      });

      it("lets one of two win that create the same file at the same time", async () => {
        const ends = await Promise.allSettled([create("same", "1"), create("same", "2")]);
        assert.deepEqual(ends.map(({ status }) => status).sort(), ["fulfilled", "rejected"]);
      });
    });

    it("loses the deploy keys and webhooks that a lost state left, and nobody else's", async () => {
      await host.ensureRepository(spec);
      inside.keys.push(
        { id: 1, title: "terp dev" },
        { id: 2, title: "terp prd" },
        { id: 3, title: "terp dev" },
      );
      inside.hook(4, "https://hooks.dev.example.org/hook/abc");
      inside.hook(5, "https://hooks.prd.example.org/hook/abc");
      inside.hook(6, "https://argocd.dev.example.org/api/webhook");
      const webhookHosts = ["hooks.dev.example.org", "argocd.dev.example.org"];
      await host.withdraw(place, { deployKeyTitle: "terp dev", webhookHosts });
      assert.deepEqual(
        inside.keys.map(({ id }) => id),
        [2],
      );
      assert.deepEqual(inside.hooks(), [5]);
    });

    it("says which credential is wrong, and nothing of it", async () => {
      const access = { kind, url: inside.url, username: "terp", password: "an old token" } as const;
      await assert.rejects(openManagedHost(access).ensureRepository(spec), (error: Error) => {
        assert.match(error.message, /it answered 401 .*pulumi config set terp:gitToken --secret/);
        assert.ok(!error.message.includes("an old token"));
        return true;
      });
    });

    it("isn't made in a place that isn't there", async () => {
      await assert.rejects(host.ensureRepository({ ...spec, organisation: "nobody" }), {
        fault: "refused",
        message: /has no (organisation|group) "nobody", or the token can't see it; /,
      });
    });
  });
}
