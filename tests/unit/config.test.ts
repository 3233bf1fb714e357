import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { PlatformConfig } from "../../infra/config";
import { ConfigError, parseConfig } from "../../infra/config/parse";
import { nearest } from "../../infra/config/nearest";
import { withoutSecretsProvider } from "../../infra/config/stackFile";
import { filledIn, rawConfig } from "../support/stackFile";

const project = join(__dirname, "..", "..");
const fixtures = join(project, "tests", "fixtures", "config");

function namesIn(folder: string): string[] {
  return readdirSync(join(fixtures, folder))
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => file.slice(0, -".yaml".length));
}

function parseFixture(path: string): PlatformConfig {
  return parseConfig(rawConfig(readFileSync(join(fixtures, `${path}.yaml`), "utf8"), "dev"));
}

function messageOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.message;
  }
  assert.fail("it was accepted");
}

describe("a stack's configuration", () => {
  for (const name of namesIn("valid")) {
    it(`is accepted: ${name}`, () => {
      assert.equal(parseFixture(`valid/${name}`).environment, "dev");
    });
  }

  for (const name of namesIn("invalid")) {
    it(`is refused: ${name}`, () => {
      const expected = readFileSync(join(fixtures, "invalid", `${name}.txt`), "utf8");
      assert.equal(
        messageOf(() => parseFixture(`invalid/${name}`)),
        expected,
      );
    });
  }

  it("gets every default", () => {
    assert.deepEqual(parseFixture("valid/local-least"), {
      stack: "dev",
      environment: "dev",
      cluster: { kind: "local", registries: {} },
      git: { kind: "gitea" },
      flux: { manifests: { kind: "own" }, concurrency: 8, interval: "1m" },
      gitops: { engine: "flux", crds: { kind: "own" }, services: false, codeOwners: [] },
      keys: {},
      tenants: { charts: false },
      ingress: { kind: "none" },
      charts: {},
    });
  });

  it("names what brings requests from outside, with its defaults", () => {
    assert.deepEqual(parseFixture("valid/local-gateway").ingress, {
      kind: "gateway",
      domain: "terp.localhost",
      class: "terp",
      replicas: 2,
      crds: { kind: "own" },
    });
    assert.deepEqual(parseFixture("valid/existing-nginx").ingress, {
      kind: "nginx",
      domain: "platform.example.org",
      class: "nginx",
      replicas: 3,
      service: { kind: "load-balancer", annotations: { "example.org/internal": "true" } },
    });
  });

  it("asks an identity provider for groups, unless it says for what else", () => {
    assert.deepEqual(parseFixture("valid/local-login").oidc?.scopes, ["groups"]);
    assert.deepEqual(parseFixture("valid/existing-login").oidc?.scopes, ["groups", "offline_access"]);
    assert.deepEqual(parseFixture("valid/local-login-without-scopes").oidc?.scopes, []);
  });

  it("has the platform's key in the vault that outlives the stack, with a cluster of AKS", () => {
    assert.deepEqual(parseFixture("valid/aks-least").keys, {
      store: { kind: "azure-key-vault", url: "https://example-de-keep-5wge5qva.vault.azure.net" },
    });
    assert.deepEqual(parseFixture("valid/aks-all").keys.store, {
      kind: "azure-key-vault",
      url: "https://example-keep.vault.azure.net",
    });
  });

  it("has everything of Azure that it needs no person for", () => {
    const { azure, cluster } = parseFixture("valid/aks-least");
    assert.deepEqual(azure, {
      directory: "00000000-0000-0000-0000-000000000001",
      subscription: "00000000-0000-0000-0000-000000000002",
      location: "westeurope",
      organisation: "example",
      keep: {},
      network: { range: "10.64.0.0/16", pods: "10.244.0.0/16", services: "10.96.0.0/16" },
      replication: "ZRS",
      diagnosticsDays: 30,
      tags: {},
      disposable: false,
    });
    assert.deepEqual(cluster, {
      kind: "aks",
      kubernetesVersion: "1.34",
      tier: "Standard",
      administrators: ["00000000-0000-0000-0000-00000000000a"],
      readers: { identities: [], groups: [] },
      api: { kind: "private" },
      zones: [1, 2, 3],
      system: { size: "Standard_D2ads_v5", minimum: 1, maximum: 3 },
      pools: { general: { size: "Standard_D4ads_v5", minimum: 1, maximum: 6 } },
      maintenance: { day: "Sunday", hour: 1, hours: 6 },
      upgrades: "patch",
      replace: [],
    });
  });

  it("names the folder for what suspended tenants leave, as it was written", () => {
    assert.deepEqual(parseFixture("valid/existing-login").tenants, {
      exports: "~/terp/exports",
      charts: false,
    });
  });

  it("lets a stack bear the name of the environment that it rehearses", () => {
    const text = `config: { "terp:cluster": { kind: local }, "terp:environment": prd }`;
    const { stack, environment } = parseConfig(rawConfig(text, "drill-0a1b2c"));
    assert.deepEqual([stack, environment], ["drill-0a1b2c", "prd"]);
  });

  it("is refused for a stack whose name can't be a label", () => {
    const message = messageOf(() =>
      parseConfig({ environment: "Dev_1", values: { cluster: '{"kind":"local"}' }, secrets: [] }),
    );
    assert.match(message, /the stack's name\n {2}given {5}"Dev_1"\n {2}expected {2}at most 30 lower-case/);
  });

  it("never repeats a secret", () => {
    const message = messageOf(() =>
      parseConfig({
        environment: "dev",
        values: {
          cluster: '{"kind":"my-secret-value"}',
          kubeconfig: "my-secret-value",
          other: "my-secret-value",
        },
        secrets: ["cluster", "kubeconfig", "other"],
      }),
    );
    assert.ok(!message.includes("my-secret-value"), message);
  });

  it("is an error whose message alone Pulumi prints", () => {
    assert.throws(() => parseFixture("invalid/nothing"), { __pulumiRunError: true });
  });
});

describe("the settings file", () => {
  for (const environment of ["local", "dev", "prd"]) {
    const file = `Pulumi.${environment}.yaml`;
    const text = (): string => readFileSync(join(project, file), "utf8");

    it(`${file} is accepted${environment === "local" ? "" : " once a person's own is filled in"}`, () => {
      const token = environment === "local" ? "" : '  terp:gitToken: { secure: "github_pat_abc" }\n';
      const config = parseConfig(rawConfig(`${filledIn(text())}${token}`, environment));
      assert.equal(config.environment, environment);
    });

    it(`${file} turns the default providers off`, () => {
      const providers = environment === "local" ? "[kubernetes]" : "[kubernetes, azure-native]";
      assert.ok(text().includes(`\n  pulumi:disable-default-providers: ${providers}\n`));
    });
  }

  for (const environment of ["dev", "prd"]) {
    const text = readFileSync(join(project, `Pulumi.${environment}.yaml`), "utf8");

    it(`Pulumi.${environment}.yaml says what a person has to fill in, each once, and where`, () => {
      const message = messageOf(() => parseConfig(rawConfig(text, environment)));
      const [first, ...faults] = message.trim().split("\n\n");
      assert.equal(first, `the configuration of stack "${environment}" has 11 faults, and nothing was done:`);
      assert.deepEqual(
        faults.map((fault) => fault.split("\n")[0]),
        [
          "gitToken",
          "azure.directory",
          "azure.subscription",
          "azure.keep.breakGlass",
          "cluster.administrators[0]",
          "cluster.readers.identities[0]",
          "azure.organisation",
          "git.organisation",
          "azure.dns.zone",
          "ingress.domain",
          "cluster.api.ranges[0]",
        ],
      );
      assert.equal(
        faults[6],
        `azure.organisation
  given     "yourorg", as in the examples
  expected  what all names in Azure begin with
  remedy    write yours in Pulumi.${environment}.yaml, for example: acme`,
      );
    });

    it(`Pulumi.${environment}.yaml is prepared without the secrets that its stack will encrypt, and raised with them alone`, () => {
      const raw = rawConfig(filledIn(text), environment);
      assert.equal(parseConfig(raw, "prepare").environment, environment);
      assert.match(
        messageOf(() => parseConfig(raw)),
        /has one fault, and nothing was done:\n\ngitToken\n/,
      );
      assert.throws(() => parseConfig(rawConfig(text, environment), "prepare"), /has 10 faults/);
    });

    it(`Pulumi.${environment}.yaml can be compared as it is`, () => {
      assert.equal(parseConfig(rawConfig(text, environment), "compare").azure?.organisation, "yourorg");
    });
  }

  it("Pulumi.dev.yaml and Pulumi.prd.yaml differ in sizes, names and places alone", () => {
    const [dev, prd] = ["dev", "prd"].map((environment) =>
      readFileSync(join(project, `Pulumi.${environment}.yaml`), "utf8").split("\n"),
    );
    const different = (dev ?? []).flatMap((line, index) =>
      line === prd?.[index] ? [] : [/^ *(?:# )?-? *([A-Za-z]+)/.exec(line)?.[1] ?? line],
    );
    assert.equal(dev?.length, prd?.length);
    assert.deepEqual(different, [
      "range",
      "zone",
      "replication",
      "diagnosticsDays",
      "tier",
      "zones",
      "system",
      "general",
      "maintenance",
      // What to type names the stack.
      "pulumi",
      "domain",
      "replicas",
      "replicas",
      "pulumi",
    ]);
  });

  it("Pulumi.local.yaml holds nothing of this machine; type: git checkout Pulumi.local.yaml", () => {
    const text = readFileSync(join(project, "Pulumi.local.yaml"), "utf8");
    assert.equal(withoutSecretsProvider(text), text);
  });

  it("loses what Pulumi adds about the state's encryption, and nothing else", () => {
    const text = "config:\n  terp:cluster:\n    kind: local # encryptionsalt: none\n";
    assert.equal(withoutSecretsProvider(`${text}encryptionsalt: v1:abc=:v1:def:ghi==`), text);
    assert.equal(withoutSecretsProvider(`secretsprovider: passphrase\n${text}encryptedkey: abc\n`), text);
  });
});

describe("the nearest word", () => {
  const words = ["kind", "name", "kubeconfig", "kubernetesVersion"];

  it("forgives a letter that is missing, doubled, wrong, swapped or in the wrong case", () => {
    const typed = ["kin", "kindd", "kimd", "knid", "Kind", "kubeconfg", "kubernetesversion"];
    assert.deepEqual(
      typed.map((word) => nearest(word, words)),
      ["kind", "kind", "kind", "kind", "kind", "kubeconfig", "kubernetesVersion"],
    );
  });

  it("doesn't guess wildly", () => {
    assert.equal(nearest("registries", words), undefined);
    assert.equal(nearest("mode", words), undefined);
  });
});
