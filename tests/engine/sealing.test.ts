import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { recipientByRules } from "../../cli/tenant/seal/rules";
import { performSeal, prepareSeal } from "../../cli/tenant/seal/perform";
import { seal, unseal } from "../../components/sops";
import { type AgeKeyPair, makeKeyPair } from "../../infra/keys/age";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";
import { aFolder } from "../support/folders";

const manifest = `# Who may log in.
apiVersion: v1
kind: Secret
metadata:
  name: database
  labels: { app: shop }
type: Opaque
data:
  binary: AAEC
stringData:
  # the old one was hunter1
  password: hunter2
  empty: ""
  lines: |
    one
    two
`;

interface Sealed {
  readonly sops: Readonly<Record<string, unknown>>;
}

describe("sealing with the real sops", () => {
  const folder = aFolder();
  const path = process.env["PATH"];
  let blue: AgeKeyPair;
  let green: AgeKeyPair;

  before(async () => {
    const { sops } = await ensureTools(["sops"], silent);
    process.env["PATH"] = `${sops.directory}:${path ?? ""}`;
    blue = await makeKeyPair();
    green = await makeKeyPair();
  });

  after(() => {
    process.env["PATH"] = path;
  });

  function write(path: string, text: string): void {
    const file = join(folder.path, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  const read = (path: string): string => readFileSync(join(folder.path, path), "utf8");

  /** As docs/add-an-application.md has it for people who have only sops. */
  const bySops = (file: string): void => {
    execFileSync("sops", ["encrypt", "--in-place", join(folder.path, file)], { cwd: folder.path });
  };

  async function byUs(path: string): Promise<void> {
    const request = { files: [path], output: undefined, named: [], folder: folder.path };
    const { faults, decided } = await prepareSeal(request, { input: () => assert.fail("input was read") });
    assert.deepEqual(faults, []);
    await performSeal(decided ?? [], seal, { output: () => assert.fail("output was written") });
  }

  function rulesFor(key: AgeKeyPair): string {
    return `creation_rules:\n  - path_regex: \\.ya?ml$\n    encrypted_regex: ^(data|stringData)$\n    age: ${key.recipient}\n`;
  }

  it("gives what sops itself gives in the tenant's repository", async () => {
    write(".sops.yaml", rulesFor(blue));
    write("local/ours.yaml", manifest);
    write("local/theirs.yaml", manifest);
    await byUs("local/ours.yaml");
    bySops("local/theirs.yaml");
    // What differs each time, and nothing else: encrypted texts, the time.
    const shape = (path: string): string =>
      read(path)
        .replace(/ENC\[AES256_GCM,[^\]]*type:(\w+)\]/g, "ENC[$1]")
        .replace(/(-----BEGIN AGE ENCRYPTED FILE-----)[^]*?(-----END)/g, "$1 $2")
        .replace(/lastmodified: .*/, "lastmodified:");
    assert.equal(shape("local/ours.yaml"), shape("local/theirs.yaml"));
    assert.equal((parse(read("local/ours.yaml")) as Sealed).sops["encrypted_regex"], "^(data|stringData)$");
  });

  it("leaves nothing of the values, and the tenant's identity gives all of them back", async () => {
    write(".sops.yaml", rulesFor(blue));
    write("a.yaml", manifest);
    await byUs("a.yaml");
    const sealed = read("a.yaml");
    assert.ok(!sealed.includes("hunter"));
    assert.match(sealed, /# Who may log in\./);
    assert.deepEqual(parse(await unseal(sealed, blue.identity)), parse(manifest));
    await assert.rejects(unseal(sealed, green.identity));
  });

  it("finds the recipient that sops finds", () => {
    const [one, other] = [blue.recipient, green.recipient];
    const rules = [
      `creation_rules: [{ path_regex: "^prd/", age: ${one} }, { age: ${other} }]`,
      `creation_rules: [{ path_regex: "(?i)LOCAL/.*\\\\.ya?ml$", age: ${one} }, { age: ${other} }]`,
      `creation_rules: [{ path_regex: "\\\\Alocal\\\\/a\\\\.yaml\\\\z", age: [${one}] }]`,
      `creation_rules: [{ path_regex: ^a.yaml, age: ${one} }, { path_regex: "(?P<n>lo|x)cal", age: "${other}," }]`,
      `creation_rules: [{ path_regex: "", key_groups: [{ age: [${one}] }], age: ${other} }]`,
    ];
    for (const text of rules) {
      write(".sops.yaml", text);
      write("local/a.yaml", manifest);
      bySops("local/a.yaml");
      const { sops } = parse(read("local/a.yaml")) as {
        readonly sops: { readonly age: { readonly recipient: string }[] };
      };
      assert.equal(
        recipientByRules({ file: ".sops.yaml", text }, "local/a.yaml"),
        sops.age[0]?.recipient,
        text,
      );
    }
  });

  it("adds no reader that a variable of sops' names", async () => {
    write(".sops.yaml", rulesFor(blue));
    write("a.yaml", manifest);
    process.env["SOPS_AGE_RECIPIENTS"] = green.recipient;
    try {
      await byUs("a.yaml");
    } finally {
      delete process.env["SOPS_AGE_RECIPIENTS"];
    }
    await assert.rejects(unseal(read("a.yaml"), green.identity));
  });
});
