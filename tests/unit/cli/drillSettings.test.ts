import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { readConfig } from "../../../cli/engine/settings";
import { drillSettings } from "../../../cli/drill/settings";
import { requireCopy } from "../../../cli/drill/perform";
import { aConfig } from "../../support/aConfig";
import { CommandError } from "../../../cli/exit";

const project = "terp";
const fixtures = join(__dirname, "..", "..", "fixtures", "config", "valid");
const fixture = (name: string): string => readFileSync(join(fixtures, `${name}.yaml`), "utf8");

function settingsFrom(text: string): unknown {
  return (parse(drillSettings(text, { project, environment: "prd" })) as { config: unknown }).config;
}

describe("the settings of a drill", () => {
  it("are those of the embedded cluster's stack, under the other's name", () => {
    const text = `config:
  pulumi:disable-default-providers: [kubernetes]
  terp:cluster: { kind: local, registries: { docker.io: "https://mirror.example.org" } }
  terp:flux: { interval: 2s, concurrency: 4 }
  terp:keys: { recipient: age1example, store: { kind: file, folder: /elsewhere } }
`;
    assert.deepEqual(settingsFrom(text), {
      "pulumi:disable-default-providers": ["kubernetes"],
      "terp:environment": "prd",
      "terp:cluster": { kind: "local", registries: { "docker.io": "https://mirror.example.org" } },
      "terp:flux": { interval: "2s", concurrency: 4, manifests: { kind: "own" } },
      "terp:keys": { recipient: "age1example" },
    });
  });

  const others = [
    "existing-file",
    "existing-secret",
    "existing-key-vault",
    "git-github",
    "aks-all",
    "local-least",
  ];
  for (const name of others) {
    it(`pass every check where the stack's own are ${name}, and name no other cluster and no other store`, () => {
      const text = drillSettings(fixture(name), { project, environment: "prd" });
      const { cluster, environment, git, keys } = readConfig(text, { project, stack: "drill-0a1b2c" });
      assert.deepEqual(
        { cluster: cluster.kind, environment, git, store: keys.store },
        { cluster: "local", environment: "prd", git: { kind: "gitea" }, store: undefined },
      );
    });
  }

  it("keep no lines, least of all where the other stack keeps its own", () => {
    const settings = settingsFrom(fixture("existing-logs-azure"));
    assert.ok(!Object.keys(settings as object).includes("terp:logs"));
  });

  it("have nothing about the encryption of the other stack's state", () => {
    const text = "encryptionsalt: v1:abc\nconfig:\n  terp:cluster: { kind: local }\n";
    assert.doesNotMatch(drillSettings(text, { project, environment: "prd" }), /encryptionsalt/);
  });

  it("are refused where something else is encrypted", () => {
    const text = 'config:\n  terp:cluster: { kind: local }\n  other:password: { secure: "v1:abc" }\n';
    assert.throws(
      () => drillSettings(text, { project, environment: "prd" }),
      new CommandError(
        "The settings have encrypted values that a drill can't read: other:password. Write them in clear if they are no secrets.",
        2,
      ),
    );
  });
});

describe("a drill's copy of the repositories", () => {
  it("can be taken where they are the platform's own Git host's", () => {
    requireCopy({ stack: "prd", config: aConfig() });
  });

  it("can't be taken of what is at GitHub or GitLab, and the message says what can be seen without", () => {
    const git = {
      kind: "github",
      url: "https://github.com",
      organisation: "acme",
      sshPort: 22,
      visibility: "private",
      protect: true,
      review: { approvals: 0 },
    } as const;
    assert.throws(
      () => {
        requireCopy({ stack: "prd", config: aConfig({ git }) });
      },
      {
        message:
          "No drill for stack prd: its repositories are at https://github.com, and a drill takes a copy of the Git host's data. " +
          "`terp doctor --stack prd` says what of them a recovery would miss.",
      },
    );
  });
});
