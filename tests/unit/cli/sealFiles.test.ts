import assert from "node:assert/strict";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { checkFiles } from "../../../cli/tenant/seal/checkFiles";
import { checkedFiles, type SealOptions } from "../../../cli/tenant/seal/options";
import {
  performSeal,
  prepareSeal,
  type PreparedSeal,
  type SealRequest,
} from "../../../cli/tenant/seal/perform";
import { renderCheck, renderSealed } from "../../../cli/tenant/seal/report";
import { coloursFor } from "../../../cli/ui/colour";
import { aFolder } from "../../support/folders";

const blue = "age1de0quh05tqpm6ndhg9yz8x90ut88gzue9mwnq0vdlw3690ay3svq0h89xk";
const green = "age1m2awkvuyd6mzussd3z79ldwf4ep65enajqpk2jy6f8ce623v6q5qkl8wxa";
const encrypted = "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]";
const plain = coloursFor({});

function secretNamed(name: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    stringData: { password: "hunter2" },
  });
}

/** What SOPS would make, as far as it is looked at. */
function sealFor(manifest: string, recipient: string): Promise<string> {
  const content = parse(manifest) as object;
  const sops = { age: [{ recipient }], mac: encrypted };
  return Promise.resolve(stringify({ ...content, stringData: { password: encrypted }, sops }));
}

describe("sealing files", () => {
  const folder = aFolder();
  let printed = "";

  function write(path: string, text: string): string {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  const read = (path: string): string => readFileSync(join(folder.path, path), "utf8");

  const prepare = (files: readonly string[], changes: Partial<SealRequest> = {}, input = "") =>
    prepareSeal(
      { files, output: undefined, named: [], folder: folder.path, ...changes },
      { input: () => Promise.resolve(input) },
    );

  async function prepared(...words: Parameters<typeof prepare>): Promise<readonly PreparedSeal[]> {
    const { faults, decided } = await prepare(...words);
    assert.deepEqual(faults, []);
    return decided ?? [];
  }

  const perform = (ready: readonly PreparedSeal[], encrypt = sealFor) =>
    performSeal(ready, encrypt, { output: (text) => (printed += text) });

  beforeEach(() => {
    printed = "";
    write(".sops.yaml", `creation_rules: [{ path_regex: "\\\\.ya?ml$", age: ${blue} }]\n`);
  });

  it("replaces each in its place, and keeps who may read it", async () => {
    const file = write("local/a.yaml", secretNamed("a"));
    chmodSync(file, 0o640);
    const results = await perform(await prepared(["local/a.yaml"]));
    assert.deepEqual(results, [{ file: "local/a.yaml", secret: "a", recipient: blue, result: "sealed" }]);
    assert.equal(read("local/a.yaml"), await sealFor(secretNamed("a"), blue));
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.deepEqual(readdirSync(join(folder.path, "local")), ["a.yaml"]);
  });

  it("seals what a link leads to, and leaves the link", async () => {
    write("real/a.yaml", secretNamed("a"));
    symlinkSync("real/a.yaml", join(folder.path, "link.yaml"));
    await perform(await prepared(["link.yaml"]));
    assert.ok(!read("real/a.yaml").includes("hunter2"));
  });

  it("seals a file once that is named twice", async () => {
    write("a.yaml", secretNamed("a"));
    assert.equal((await prepared(["a.yaml", "./a.yaml"])).length, 1);
  });

  it("changes nothing of what is sealed already, the second time", async () => {
    const file = write("a.yaml", secretNamed("a"));
    await perform(await prepared(["a.yaml"]));
    const { mtimeMs, ino } = statSync(file);
    const results = await perform(await prepared(["a.yaml"]), () => assert.fail("sealed twice"));
    assert.equal(results[0]?.result, "already sealed");
    assert.deepEqual([statSync(file).mtimeMs, statSync(file).ino], [mtimeMs, ino]);
  });

  it("says every fault of all files, and each once", async () => {
    write("a.yaml", "kind: ConfigMap\n");
    write("b.yaml", secretNamed("B"));
    write("c.yaml", secretNamed("c"));
    write("other.yaml", await sealFor(secretNamed("o"), green));
    write("e.json", secretNamed("e"));
    const { faults, decided } = await prepare(["a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.json", "."]);
    assert.equal(decided, undefined);
    assert.deepEqual(
      faults.map(({ path, given }) => `${path} | ${given}`),
      [
        'a.yaml | kind "ConfigMap" of apiVersion none',
        `.sops.yaml | ${blue}, but other.yaml is sealed to ${green}`,
        'b.yaml: metadata.name | "B"',
        "d.yaml | no such file",
        "e.json | another ending",
        ". | a folder",
      ],
    );
  });

  it("writes nothing where one can't be sealed", async () => {
    write("a.yaml", secretNamed("a"));
    write("b.yaml", secretNamed("b"));
    const ready = await prepared(["a.yaml", "b.yaml"]);
    const work = perform(ready, (manifest, recipient) =>
      manifest.includes("name: b") ? Promise.reject(new Error("broken")) : sealFor(manifest, recipient),
    );
    await assert.rejects(work, /^Error: broken$/);
    assert.equal(read("a.yaml"), secretNamed("a"));
  });

  it("writes nothing that somebody else could read", async () => {
    write("a.yaml", secretNamed("a"));
    await assert.rejects(
      perform(await prepared(["a.yaml"]), (manifest) => sealFor(manifest, green)),
      {
        message:
          `Nothing was written.\n\na.yaml\n  given     sops sealed it to ${green}\n  expected  sealed to ${blue} alone\n` +
          "  remedy    unset the variables of the environment whose names begin with SOPS_, and type it again",
      },
    );
    assert.equal(read("a.yaml"), secretNamed("a"));
  });

  it("takes standard input to standard output", async () => {
    await perform(await prepared(["-"], {}, secretNamed("a")));
    assert.equal(printed, await sealFor(secretNamed("a"), blue));
    assert.deepEqual(readdirSync(folder.path), [".sops.yaml"]);
  });

  it("takes standard input to a file, whose place decides the recipient", async () => {
    write("green/.sops.yaml", `creation_rules: [{ age: ${green} }]\n`);
    await perform(await prepared(["-"], { output: "green/a.yaml" }, secretNamed("a")));
    assert.equal(read("green/a.yaml"), await sealFor(secretNamed("a"), green));
    assert.equal(printed, "");
  });

  it("takes one file to another, and leaves the first", async () => {
    write("a.yaml", secretNamed("a"));
    await perform(await prepared(["a.yaml"], { output: "sealed.yaml" }));
    assert.equal(read("a.yaml"), secretNamed("a"));
    assert.equal(read("sealed.yaml"), await sealFor(secretNamed("a"), blue));
  });

  it("looks at the nearest .sops.yaml, and not at files that another holds for", async () => {
    write("green/.sops.yaml", `creation_rules: [{ age: ${green} }]\n`);
    write("green/sealed.yaml", await sealFor(secretNamed("s"), green));
    write("a.yaml", secretNamed("a"));
    const [ready] = await prepared(["a.yaml"]);
    assert.equal(ready?.recipient, blue);
  });

  it("compares with the files of the repository alone", async () => {
    mkdirSync(join(folder.path, "one/.git"), { recursive: true });
    write("other/sealed.yaml", await sealFor(secretNamed("s"), green));
    write("one/a.yaml", secretNamed("a"));
    assert.equal((await prepared(["one/a.yaml"])).length, 1);
  });

  it("tells a person what was done, and what comes next", async () => {
    write("a.yaml", secretNamed("a"));
    const results = await perform(await prepared(["a.yaml"]));
    assert.deepEqual(renderSealed(results, plain), [
      `✔ a.yaml: the Secret a is sealed to ${blue}`,
      "Name it under `resources` of its folder's kustomization.yaml, git add, commit and push.",
      "Was it ever committed in clear? Then change the value itself: the history keeps the old one.",
    ]);
    const again = await perform(await prepared(["a.yaml"]));
    assert.deepEqual(renderSealed(again, plain), [
      `✔ a.yaml: the Secret a was sealed to ${blue} already; nothing changed`,
    ]);
  });

  describe("the check of a folder", () => {
    const check = (...paths: readonly string[]) => checkFiles({ paths, named: [], folder: folder.path });

    it("is well where all is sealed", async () => {
      write("local/a.yaml", await sealFor(secretNamed("a"), blue));
      const result = await check(".");
      assert.deepEqual(result, { sealed: 1, faults: [] });
      assert.deepEqual(renderCheck(result, plain), ["✔ 1 Secret is sealed; none is in clear"]);
    });

    it("finds Secrets in clear below it, but not in .git and node_modules", async () => {
      write("local/deep/a.yml", secretNamed("a"));
      write("b.json", JSON.stringify(parse(secretNamed("b"))));
      write(".git/c.yaml", secretNamed("c"));
      write("node_modules/d.yaml", secretNamed("d"));
      const { faults } = await check(".");
      assert.deepEqual(
        faults.map(({ path }) => path),
        ["b.json: Secret b", "local/deep/a.yml: Secret a"],
      );
    });

    it("counts a file once that is named, and is in a folder that is", async () => {
      write("local/a.yaml", secretNamed("a"));
      const result = await check("local", "local/a.yaml");
      assert.equal(result.faults.length, 1);
      assert.deepEqual(renderCheck(result, plain), [
        "local/a.yaml: Secret a",
        "  given     in clear: stringData.password",
        "  expected  a Secret that is sealed as a whole",
        "  remedy    seal it (`terp seal FILE`); if it was ever pushed, change the value itself: the history keeps it",
        "",
        "✖ 1 fault; 0 Secrets are sealed well",
      ]);
    });

    it("refuses a path that leads nowhere", async () => {
      await assert.rejects(check("nowhere"), {
        message: "nowhere: there is no such file or folder; mend the path",
      });
    });
  });
});

describe("the options of terp seal", () => {
  const options: SealOptions = { stack: "local" };
  const wrong: readonly (readonly [readonly string[], Partial<SealOptions>, string])[] = [
    [
      [],
      {},
      "terp seal: got no file, expected one or more, or - for standard input; for example `terp seal secret.yaml`",
    ],
    [
      ["a.yaml", "b.yaml"],
      { output: "c.yaml" },
      "--output: got 2 files, expected one; without it each is sealed in its place",
    ],
    [["-", "b.yaml"], {}, "-: got other files too, expected - alone"],
    [
      ["-"],
      { json: true },
      "--json: standard output is the sealed Secret's; say with --output where that goes",
    ],
    [
      ["a.yaml"],
      { check: true, output: "b.yaml" },
      "--output: a check writes nothing; leave out one of the two",
    ],
    [["-"], { check: true }, "-: a check looks at files and folders; name them"],
  ];
  for (const [files, changes, message] of wrong) {
    it(`are refused as ${JSON.stringify([files, changes])}`, () => {
      assert.throws(() => checkedFiles(files, { ...options, ...changes }), { message, code: 2 });
    });
  }

  it("never repeat an identity that was given for a recipient", () => {
    const identity = `AGE-SECRET-KEY-1${"Q".repeat(58)}`;
    assert.throws(
      () => checkedFiles(["a.yaml"], { ...options, recipient: identity }),
      (error: Error) => error.message.includes("private key") && !error.message.includes(identity),
    );
  });

  it("need no file for a check: it is of the folder one is in", () => {
    assert.deepEqual(checkedFiles([], { ...options, check: true }), ["."]);
  });
});
