import assert from "node:assert/strict";
import { stringify } from "yaml";
import { readersOf } from "../../../cli/tenant/seal/document";
import { oneSecretIn } from "../../../cli/tenant/seal/manifest";
import type { Fault } from "../../../infra/fault";

const encrypted = "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]";
const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "database" } };
const sops = { age: [{ recipient: "age1blue", enc: "…" }], mac: encrypted, version: "3.13.3" };

function judged(content: object | string): ReturnType<typeof oneSecretIn> {
  return oneSecretIn("a.yaml", typeof content === "string" ? content : stringify(content));
}

function faults(content: object | string): readonly Fault[] {
  const found = judged(content);
  assert.ok(Array.isArray(found), "no fault was found");
  return found as readonly Fault[];
}

describe("a Secret to be sealed", () => {
  it("is one with text", () => {
    assert.deepEqual(judged({ ...secret, stringData: { password: "x" } }), {
      name: "database",
      readers: undefined,
    });
  });

  it("is one with base64, in several lines too", () => {
    const text =
      "apiVersion: v1\nkind: Secret\nmetadata: { name: database }\ndata:\n  key: |\n    AAAA\n    BBBB\n";
    assert.deepEqual(judged(text), { name: "database", readers: undefined });
  });

  it("may have comments, a type, and begin with ---", () => {
    const text = `# ours\n---\n${stringify({ ...secret, type: "Opaque", immutable: true, stringData: { a: "" } })}`;
    assert.deepEqual(judged(text), { name: "database", readers: undefined });
  });

  it("may be sealed already", () => {
    const sealed = { ...secret, data: { a: encrypted }, stringData: { b: encrypted, empty: "" }, sops };
    assert.deepEqual(judged(sealed), { name: "database", readers: ["age1blue"] });
  });

  it("is alone in its file", () => {
    const text = `${stringify({ ...secret, stringData: { a: "b" } })}---\n${stringify(secret)}`;
    assert.deepEqual(faults(text), [
      {
        path: "a.yaml",
        given: "2 documents",
        expected: "one Secret in a file",
        remedy: "give each Secret a file of its own, without a line --- below it",
      },
    ]);
  });

  for (const [content, given] of [
    [{ apiVersion: "v1", kind: "ConfigMap", data: { a: "b" } }, 'kind "ConfigMap" of apiVersion "v1"'],
    [{ kind: "Secret", data: { a: "b" } }, 'kind "Secret" of apiVersion none'],
    ["", "nothing"],
    ["- a\n", "nothing"],
  ] as const) {
    it(`isn't ${given}`, () => {
      assert.deepEqual(faults(content), [
        {
          path: "a.yaml",
          given,
          expected: "kind Secret of apiVersion v1",
          remedy:
            "seal Secrets alone: what is in other objects stays in clear, for everybody who reads the repository",
        },
      ]);
    });
  }

  it("has a name", () => {
    assert.deepEqual(faults({ apiVersion: "v1", kind: "Secret", metadata: {}, stringData: { a: "b" } }), [
      {
        path: "a.yaml: metadata.name",
        given: "none",
        expected: "a name of lower-case letters, digits, dashes and dots",
        remedy: "write for example `metadata: { name: database }`: it stays readable",
      },
    ]);
  });

  for (const data of [undefined, {}, null]) {
    it(`has data, and not ${JSON.stringify(data)}`, () => {
      const [fault, ...others] = faults({ ...secret, data });
      assert.equal(fault?.given, "a Secret without data");
      assert.deepEqual(others, []);
    });
  }

  it("isn't partly encrypted", () => {
    assert.deepEqual(faults({ ...secret, stringData: { a: encrypted, b: "new" }, sops }), [
      {
        path: "a.yaml",
        given: "partly encrypted: in clear is stringData.b",
        expected: "a Secret all in clear, or one that was sealed as a whole and not changed since",
        remedy: "write the whole Secret anew, every value and without the `sops` block, and seal it",
      },
    ]);
  });

  it("isn't encrypted without what opens it", () => {
    const [fault] = faults({ ...secret, stringData: { a: encrypted } });
    assert.equal(fault?.given, "values that are encrypted, without the whole `sops` block that opens them");
  });

  it("has no field that would stay in clear", () => {
    assert.deepEqual(faults({ ...secret, data: { a: "AAAA" }, stringdata: { password: "x" } }), [
      {
        path: "a.yaml: stringdata",
        given: "a field that a Secret doesn't have, and that would stay in clear",
        expected: "one of apiVersion, kind, metadata, type, immutable, data, stringData",
        remedy: "write stringData",
      },
    ]);
  });

  it("has no copy of its values in an annotation of kubectl's", () => {
    const annotations = { "kubectl.kubernetes.io/last-applied-configuration": "{…}" };
    const [fault] = faults({ ...secret, metadata: { name: "a", annotations }, data: { a: "AAAA" } });
    assert.equal(fault?.given, "a copy of the values, which would stay in clear");
    assert.equal(fault.remedy, "remove the annotation");
  });

  it("has texts alone: a number is told before nobody sees it any more", () => {
    assert.deepEqual(faults({ ...secret, stringData: { port: 5432 } }), [
      {
        path: "a.yaml: stringData.port",
        given: "a number",
        expected: "a text: the API server takes nothing else, and says so only once it is sealed",
        remedy: "put the value in quotes",
      },
    ]);
  });

  it("has base64 under data", () => {
    assert.deepEqual(faults({ ...secret, data: { password: "in clear!" } }), [
      {
        path: "a.yaml: data.password",
        given: "a text that isn't base64",
        expected: "base64 under `data`",
        remedy: "move it as it is to `stringData`",
      },
    ]);
  });

  it("says everything that is wrong at once", () => {
    const paths = faults({ ...secret, metadata: {}, data: { a: "?", b: 1 } }).map(({ path }) => path);
    assert.deepEqual(paths, ["a.yaml: metadata.name", "a.yaml: data.a", "a.yaml: data.b"]);
  });

  it("is never quoted where it can't be read", () => {
    const [fault] = faults("stringData:\n  password: 'hunter2\n  other: \"hunter3\n");
    assert.match(fault?.path ?? "", /^a\.yaml:\d+:\d+$/);
    assert.match(fault?.given ?? "", /^no YAML: [A-Z_]+$/);
    assert.ok(!JSON.stringify(fault).includes("hunter"));
  });
});

describe("the readers of a sealed file", () => {
  it("are its age recipients and keys of other kinds, in groups too", () => {
    const content = {
      sops: {
        age: [{ recipient: "age1b" }, { recipient: "age1a" }],
        pgp: [{ fp: "ABCD" }],
        kms: [],
        key_groups: [{ azure_kv: [{ vault_url: "https://v" }] }],
      },
    };
    assert.deepEqual(readersOf(content), ["age1a", "age1b", "azure_kv https://v", "pgp ABCD"]);
  });
});
