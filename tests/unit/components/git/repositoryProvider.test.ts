import { strict as assert } from "node:assert";

import { RepositoryProvider, type RepositoryInputs } from "../../../../components/git/repositoryProvider";
import type { Patience } from "../../../../components/git/hostClient";
import { MemoryGitHost } from "../../../support/memoryGitHost";
import { ownPath } from "../../../support/onPath";

const access = { url: "http://git", username: "terp", password: "the host's password" };
const inputs: RepositoryInputs = {
  access,
  organisation: "team-blue",
  repository: "apps",
  purpose: "what runs for the tenant team-blue",
  receiver: { namespace: "terp-tenant-team-blue", name: "apps" },
  deployKeyTitle: "terp dev",
  files: { "README.md": "read me", ".sops.yaml": "rules" },
  sealedFiles: { "greeting.yaml": { manifest: "the clear text", recipient: "age1team" } },
};
const place = "team-blue/apps";

describe("a repository", () => {
  const path = ownPath();
  let host: MemoryGitHost;
  let provider: RepositoryProvider;
  let opened: (Patience | undefined)[];

  beforeEach(() => {
    // Says for whom it is, and hides what it is given.
    path.program("sops", 'echo "ENC[AES256_GCM] $*"; cat > /dev/null');
    host = new MemoryGitHost();
    opened = [];
    provider = new RepositoryProvider((_, patience) => {
      opened.push(patience);
      return host;
    });
  });

  type Outputs = NonNullable<Awaited<ReturnType<typeof provider.create>>["outs"]>;

  /** What a first run leaves in the state. */
  async function made(changes: Partial<RepositoryInputs> = {}): Promise<Outputs> {
    const { outs } = await provider.create({ ...inputs, ...changes });
    host.asked.length = 0;
    return outs ?? assert.fail("no outputs");
  }

  async function isChanged(olds: Outputs, changes: Partial<RepositoryInputs> = {}): Promise<boolean> {
    return (await provider.diff(place, olds, { ...inputs, ...changes })).changes ?? false;
  }

  describe("that isn't there", () => {
    it("is made, and is known as made here", async () => {
      const { id, outs } = await provider.create(inputs);
      assert.equal(id, place);
      assert.equal(host.at(place).description, "Terp: what runs for the tenant team-blue");
      assert.equal(outs?.repositoryId, host.at(place).id);
    });

    it("starts with its files in one commit, in the order of their names", async () => {
      await made();
      const { files, commits } = host.at(place);
      assert.deepEqual([...files.keys()], [".sops.yaml", "README.md", "greeting.yaml"]);
      assert.equal(files.get("README.md")?.content, "read me");
      assert.equal(commits.length, 1);
    });

    it("has its Secrets encrypted before they leave this machine", async () => {
      await made();
      const content = host.at(place).files.get("greeting.yaml")?.content ?? "";
      assert.match(content, /^ENC\[AES256_GCM\] .* --age age1team /);
      assert.ok(!content.includes("the clear text"));
    });

    it("isn't begun where its Secrets can't be encrypted", async () => {
      path.program("sops", "exit 1");
      await assert.rejects(provider.create(inputs), /encrypting a Secret for age1team: sops ended with 1/);
      assert.deepEqual(host.at(place).commits, []);
    });

    it("is read by a deploy key of this environment, whose private half goes to the state", async () => {
      const { publicKey, privateKey } = await made();
      assert.deepEqual(host.at(place).keys, [{ title: "terp dev", publicKey }]);
      assert.match(privateKey, /^-----BEGIN PRIVATE KEY-----/);
    });

    it("keeps none of its files in the state", async () => {
      const outs = await made();
      assert.deepEqual(
        ["files", "sealedFiles"].filter((name) => name in outs),
        [],
      );
    });
  });

  describe("that is there", () => {
    it("is taken over, and its files stay as they are", async () => {
      const there = host.make(place);
      there.files.set("README.md", { content: "the tenant's own", version: "1" });
      there.commits.push("The tenant's");
      await made();
      assert.deepEqual([...there.files.values()], [{ content: "the tenant's own", version: "1" }]);
      assert.deepEqual(there.commits, ["The tenant's"]);
    });

    it("is filled if a run was killed before it had done so", async () => {
      host.make(place);
      await made();
      assert.equal(host.at(place).commits.length, 1);
    });

    it("gets a new deploy key after a lost state, in place of this environment's, and not of another's", async () => {
      const { keys } = host.make(place);
      keys.push({ title: "terp prd", publicKey: "prd's" }, { title: "terp dev", publicKey: "the lost one" });
      const { publicKey } = await made();
      assert.deepEqual(keys, [
        { title: "terp prd", publicKey: "prd's" },
        { title: "terp dev", publicKey },
      ]);
    });

    it("takes its files for written if another run wrote them meanwhile", async () => {
      host.beforeCommit = () => {
        host.beforeCommit = () => Promise.resolve();
        host.at(place).files.set("README.md", { content: "read me", version: "1" });
        return Promise.resolve();
      };
      await made();
    });
  });

  describe("in a later run", () => {
    it("isn't changed where nothing has changed, and nobody is asked", async () => {
      const outs = await made();
      assert.equal(await isChanged(outs), false);
      assert.deepEqual(host.asked, []);
    });

    it("isn't changed by other files: they are the tenant's", async () => {
      assert.equal(await isChanged(await made(), { files: { "README.md": "another" } }), false);
    });

    for (const [what, changes] of [
      ["the host's address", { access: { ...access, url: "http://elsewhere" } }],
      ["the account", { access: { ...access, username: "other" } }],
      ["the password", { access: { ...access, password: "another" } }],
      ["the deploy key's title", { deployKeyTitle: "terp prd" }],
    ] as const) {
      it(`is looked after again with another value of ${what}`, async () => {
        assert.equal(await isChanged(await made(), changes), true);
      });
    }

    for (const kept of ["repositoryId", "webhookToken"] as const) {
      it(`is looked after again where the state is from before its ${kept} was kept`, async () => {
        const old: Partial<Outputs> = await made();
        Reflect.deleteProperty(old, kept);
        assert.equal(await isChanged(old as Outputs), true);
      });
    }

    it("is another resource in another place", async () => {
      const news = { ...inputs, organisation: "team-red" };
      const { changes, replaces } = await provider.diff(place, await made(), news);
      assert.deepEqual([changes, replaces], [true, ["organisation", "repository"]]);
    });

    it("keeps its deploy key when it is looked after again", async () => {
      const olds = await made();
      const { outs } = await provider.update(place, olds, inputs);
      assert.deepEqual(outs, olds);
      assert.deepEqual(host.at(place).keys, [{ title: "terp dev", publicKey: olds.publicKey }]);
    });

    it("stays at the host when the resource goes", async () => {
      await made();
      await provider.delete();
      assert.ok(host.repositories.has(place));
      assert.deepEqual(host.asked, []);
    });
  });

  describe("that is watched", () => {
    it("isn't changed while it is there", async () => {
      const outs = await made({ isWatched: true });
      assert.equal(await isChanged(outs, { isWatched: true }), false);
      assert.deepEqual(host.asked, ["repositoryId"]);
    });

    it("is made again, with its files, when it is gone", async () => {
      const outs = await made({ isWatched: true });
      host.repositories.clear();
      assert.equal(await isChanged(outs, { isWatched: true }), true);
      await provider.update(place, outs, { ...inputs, isWatched: true });
      assert.equal(host.at(place).commits.length, 1);
    });

    it("is looked after again when another one is in its place", async () => {
      const outs = await made({ isWatched: true });
      const other = host.make(place);
      assert.equal(await isChanged(outs, { isWatched: true }), true);
      const updated = await provider.update(place, outs, { ...inputs, isWatched: true });
      assert.equal(updated.outs?.repositoryId, other.id);
    });

    for (const fault of ["unreachable", "unauthenticated"] as const) {
      it(`isn't thought gone when the host is ${fault}`, async () => {
        const outs = await made({ isWatched: true });
        host.fault = fault;
        assert.equal(await isChanged(outs, { isWatched: true }), false);
      });
    }
  });

  describe("at a refresh", () => {
    it("is as it was, if it is there and knows the key", async () => {
      const outs = await made();
      assert.deepEqual(await provider.read(place, outs), { id: place, props: outs });
    });

    it("is gone from the state, if it is gone from the host", async () => {
      const outs = await made();
      host.repositories.clear();
      assert.deepEqual(await provider.read(place, outs), {});
    });

    it("gets a new deploy key in the next run, if the host has lost this one", async () => {
      const outs = await made();
      host.at(place).keys.length = 0;
      const { props = outs } = await provider.read(place, outs);
      assert.deepEqual(props, { ...outs, publicKey: "" });
      assert.equal(await isChanged(props), true);
      const updated = await provider.update(place, props, inputs);
      assert.notEqual(updated.outs?.publicKey, outs.publicKey);
      assert.notEqual(updated.outs?.privateKey, outs.privateKey);
      assert.equal(host.at(place).keys[0]?.publicKey, updated.outs?.publicKey);
    });

    it("knows its key with a comment behind it, as a host may list it", async () => {
      const outs = await made();
      host.at(place).keys[0] = { title: "terp dev", publicKey: `${outs.publicKey} terp@dev` };
      assert.deepEqual((await provider.read(place, outs)).props, outs);
    });

    for (const fault of ["unreachable", "unauthenticated"] as const) {
      it(`is as it was, if the host is ${fault}: nothing is concluded`, async () => {
        const outs = await made();
        host.fault = fault;
        assert.deepEqual(await provider.read(place, outs), { id: place, props: outs });
      });
    }

    it("stops the run with any other fault", async () => {
      const outs = await made();
      host.fault = "forbidden";
      await assert.rejects(provider.read(place, outs), { fault: "forbidden" });
    });

    it("waits only briefly for a host that may be gone with its cluster", async () => {
      const outs = await made();
      opened.length = 0;
      await provider.read(place, outs);
      assert.deepEqual(opened, [{ total: 3000, request: 3000 }]);
    });

    it("can't be imported: there is nothing to read it with", async () => {
      await assert.rejects(provider.read(place), {
        message:
          'repository team-blue/apps: there is nothing in the state to read it with; let "up" create it, it takes over what exists',
      });
    });
  });
});
