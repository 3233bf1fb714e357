import { strict as assert } from "node:assert";
import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import ts from "typescript";
import { whyForbidden } from "../support/importRules";

const project = join(__dirname, "..", "..");
const layers = ["infra", "components", "stacks", "local", "cli"];

/** The TypeScript files of a folder, as paths from the project's. */
function filesBelow(folder: string): string[] {
  return readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

const files = layers
  .flatMap(filesBelow)
  .map((path) => ({ path, text: readFileSync(join(project, path), "utf8") }));

/** What a file takes from others of the project: imports, also of types and at run time, and exports of others' names. */
function takenBy(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => normalize(join(dirname(path), name)));
}

describe("imports", () => {
  for (const layer of layers) {
    it(`of ${layer} keep to their direction`, () => {
      const faults = files
        .filter(({ path }) => path.startsWith(`${layer}/`))
        .flatMap(({ path, text }) =>
          takenBy(path, text).flatMap((taken) => {
            const why = whyForbidden(path.replace(/\.ts$/, ""), taken);
            return why === undefined ? [] : [`${path} takes from ${taken}: ${why}`];
          }),
        );
      assert.deepEqual(faults, []);
    });
  }

  // A dynamic import has to name `.js`: TypeScript asks for it.
  it("name no TypeScript extension, and no folder by its index", () => {
    const faults = files.flatMap(({ path, text }) =>
      takenBy(path, text)
        .filter((taken) => /(\.ts|\/index)$/.test(taken))
        .map((taken) => `${path} takes from ${taken}`),
    );
    assert.deepEqual(faults, []);
  });
});

describe("the rule of imports", () => {
  const cases: readonly (readonly [string, string, RegExp | undefined])[] = [
    ["infra/config", "infra/config/schema", undefined],
    ["infra/config", "components/manifest", /infra takes from nothing above it/],
    ["infra/keys/ageKey", "stacks/platform", /infra takes from nothing above it/],
    ["infra/cluster/local", "local/node", undefined],
    ["infra/cluster/existing", "local/paths", /cluster\/local alone takes from local/],
    ["infra/versions", "cli/main", /infra takes from nothing above it/],
    ["components/git/gitea", "infra/versions", undefined],
    ["components/git/gitea", "infra/config", /components take from infra only/],
    ["components/git/gitea", "infra/keys/fileStore", /components take from infra only/],
    ["components/git/gitea", "stacks/services", /components take from components and infra only/],
    ["components/git/gitea", "components/git/host", undefined],
    ["components/git/gitea", "components/metadata", undefined],
    ["components/git/gitea", "components/flux/names", undefined],
    ["components/git/repositoryProvider", "components/webhook", undefined],
    ["components/webhook", "components/flux/names", undefined],
    ["components/webhook", "components/flux/receiver", /no service takes from another/],
    ["components/tenant/suspension/cluster", "infra/cluster/kubeApi", undefined],
    ["components/tenant/suspension/cluster", "cli/cluster/kubeApi", /components take from components/],
    ["infra/cluster/kubeApi", "cli/cluster/credentials", /infra takes from nothing above it/],
    ["components/git/gitea", "components/flux/flux", /no service takes from another/],
    ["components/flux/flux", "components/tenant/tenant", /no service takes from another/],
    ["components/tenant/tenant", "components/flux/sync", undefined],
    ["components/sops", "components/manifest", undefined],
    ["stacks/services", "components/git/gitea", undefined],
    ["stacks/services", "local/paths", /stacks take from infra and components/],
    ["local/node/ensure", "local/paths", undefined],
    ["local/node/ensure", "components/manifest", /local takes from local/],
    ["local/toolchain/catalog", "infra/versions", undefined],
    ["cli/commands/up", "local/paths", undefined],
    ["cli/commands/up", "tests/support/recorder", /nothing takes from tests/],
    ["stacks/index", "tests/support/aConfig", /nothing takes from tests/],
    ["tests/unit/config.test", "infra/config", undefined],
  ];
  for (const [file, taken, expected] of cases) {
    it(`${expected ? "refuses" : "admits"} that ${file} takes from ${taken}`, () => {
      const why = whyForbidden(file, taken);
      if (expected) assert.match(why ?? "", expected);
      else assert.equal(why, undefined);
    });
  }

  it("sees every way to take from a file", () => {
    const text = [
      'import a from "./a";',
      'import type { B } from "./b";',
      'export * from "./c";',
      'const d = await import("./d");',
      'const e = require("./e");',
      'import fs from "node:fs";',
    ].join("\n");
    assert.deepEqual(
      takenBy("infra/x.ts", text),
      ["a", "b", "c", "d", "e"].map((name) => `infra/${name}`),
    );
  });
});

describe("the stack's name and configuration", () => {
  it("are read by stacks/index.ts alone", () => {
    const readers = files
      .filter(({ path }) => /^(infra|components|stacks)\//.test(path))
      .filter(({ text }) => /\bgetStack\(|\bnew (pulumi\.)?Config\(|\ballConfig\(/.test(text))
      .map(({ path }) => path);
    assert.deepEqual(readers, ["stacks/index.ts"]);
  });
});
