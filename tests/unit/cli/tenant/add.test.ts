import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as prettier from "prettier";
import { addInstance, addToFile } from "../../../../cli/tenant/add/add";
import type { TenantInstance } from "../../../../cli/tenant/add/instance";
import { renderAddition } from "../../../../cli/tenant/add/report";
import { coloursFor } from "../../../../cli/ui/colour";
import { aFolder } from "../../../support/folders";

const file = "stacks/tenants.ts";

function program(body: string): string {
  return `import { TenantComponent } from "../components/tenant/tenant";

/** The teams. */
export function tenants(platform: TenantPlatform, options: Options): TenantComponent[] {
${body}
}
`;
}

function list(...lines: readonly string[]): string {
  return program(["  return [", ...lines.map((line) => `    ${line}`), "  ];"].join("\n"));
}

function line(name: string): string {
  return `new TenantComponent("${name}", { platform, namespaces: ["app"] }, options),`;
}

const green: TenantInstance = { name: "team-green", namespaces: ["app"] };

function added(text: string, instance: TenantInstance = green): string {
  return addInstance(file, text, instance).text;
}

function refusal(text: string, instance: TenantInstance = green): string {
  try {
    addInstance(file, text, instance);
  } catch (error) {
    return (error as Error).message;
  }
  return assert.fail("it was added");
}

describe("adding a tenant to the program", () => {
  it("puts it where the alphabet has it", () => {
    assert.equal(
      added(list(line("team-blue"), line("team-red"))),
      list(line("team-blue"), line("team-green"), line("team-red")),
    );
  });

  it("puts it first", () => {
    assert.equal(added(list(line("team-red"))), list(line("team-green"), line("team-red")));
  });

  it("puts it last", () => {
    assert.equal(added(list(line("team-blue"))), list(line("team-blue"), line("team-green")));
  });

  it("leaves comments with the instance below them, and behind the one before them", () => {
    assert.equal(
      added(list(`${line("team-blue")} // blue's`, "", "// Red's people", line("team-red"), "// the end")),
      list(
        `${line("team-blue")} // blue's`,
        line("team-green"),
        "",
        "// Red's people",
        line("team-red"),
        "// the end",
      ),
    );
  });

  it("adds the comma that the last instance lacks", () => {
    const without = line("team-blue").replace(/,$/, "");
    assert.equal(
      added(list(`${without} // blue's`)),
      list(`${line("team-blue")} // blue's`, line("team-green")),
    );
  });

  it("fills an empty list, on one line where it fits", () => {
    assert.equal(added(program("  return [];")), program(`  return [${line("team-green").slice(0, -1)}];`));
  });

  it("gives each a line of its own where one line gets too long", () => {
    const one = program(`  return [${line("team-blue").slice(0, -1)}];`);
    assert.equal(added(one), list(line("team-blue"), line("team-green")));
  });

  it("writes every argument that was given, and no other", async () => {
    const text = added(list(line("team-blue")), {
      name: "team-green",
      namespaces: ["app", "jobs"],
      size: "medium",
      people: { owners: ["green-admins"], developers: ["green"] },
      reaches: ["team-blue"],
      ranges: ["192.0.2.0/24"],
      domains: ["green.example.org"],
      sources: ["https://github.com/team-green/"],
      images: ["ghcr.io/team-green/"],
      codeOwners: ["@acme/green"],
      charts: true,
    });
    assert.equal(
      text,
      list(
        line("team-blue"),
        "new TenantComponent(",
        '  "team-green",',
        "  {",
        "    platform,",
        '    namespaces: ["app", "jobs"],',
        '    size: "medium",',
        '    people: { owners: ["green-admins"], developers: ["green"] },',
        '    reaches: ["team-blue"],',
        '    ranges: ["192.0.2.0/24"],',
        '    domains: ["green.example.org"],',
        '    sources: ["https://github.com/team-green/"],',
        '    images: ["ghcr.io/team-green/"],',
        '    codeOwners: ["@acme/green"],',
        "    charts: true,",
        "  },",
        "  options,",
        "),",
      ),
    );
    assert.equal(await prettier.format(text, { parser: "typescript", printWidth: 110 }), text);
  });

  it("works on the program as it is", async () => {
    const path = join(__dirname, "../../../../stacks/tenants.ts");
    const text = readFileSync(path, "utf8");
    const settings = await prettier.resolveConfig(path);
    const changed = added(text, { name: "zz-unlikely", namespaces: ["app"] });
    assert.equal(await prettier.format(changed, { ...settings, parser: "typescript" }), changed);
  });

  it("changes nothing where it is there with the same arguments, defaults written out or not", () => {
    const text = list(
      line("team-blue"),
      line("team-green").replace("] }", '], size: "small", reaches: [] }'),
    );
    const { text: same, addition } = addInstance(file, text, green);
    assert.equal(same, text);
    assert.deepEqual([addition.added, addition.line], [[], 7]);
  });

  it("refuses one that is there with other arguments, and names each difference", () => {
    const there = line("team-green").replace('["app"] }', '["app"], size: big, people: { owners: ["a"] } }');
    assert.equal(
      refusal(list(there), { ...green, namespaces: ["app", "jobs"], domains: ["green.example.org"] }),
      `tenant "team-green" is there already, in stacks/tenants.ts:6, with other arguments:
  namespaces: the program has ["app"], the command ["app","jobs"]
  size: the program has big, the command none
  people: the program has { owners: ["a"] }, the command none
  domains: the program has none, the command ["green.example.org"]
Change the program by hand to change a tenant, or give the new one another name. Nothing was changed.`,
    );
  });

  it("refuses names in the words of the program", () => {
    assert.equal(
      refusal(list(line("team-blue")), { name: "Team Green", namespaces: ["app", "app"] }),
      `tenant "Team Green":
name
  given     "Team Green"
  expected  a name of lower-case letters, digits and single dashes, beginning with a letter and not ending with a dash
  remedy    write for example "team-green"

namespaces[1]
  given     "app"
  expected  each namespace once
  remedy    remove one of the two`,
    );
  });

  it("refuses a namespace that another tenant makes too", () => {
    const text = list('new TenantComponent("a", { platform, namespaces: ["b-c"] }, options),');
    assert.match(
      refusal(text, { name: "a-b", namespaces: ["c"] }),
      /a namespace that isn't tenant "a"'s too/,
    );
  });

  it("refuses people, claims and reaches that the program would refuse, all at once", () => {
    const message = refusal(list(line("team-blue")), {
      ...green,
      people: { owners: ["system:masters"] },
      reaches: ["team-bleu", "team-green"],
      domains: ["*.example.org"],
    });
    assert.deepEqual(
      message.split("\n").filter((each) => /^[a-z]+[.[]/.test(each)),
      ["people.owners[0]", "reaches[1]", "domains[0]", "reaches[0]"],
    );
    assert.match(message, /remedy {4}write team-blue, or add that tenant first/);
  });

  describe("says what to add by hand, and changes nothing,", () => {
    const cases: readonly (readonly [why: string, text: string, found: string])[] = [
      [
        "where the list is computed",
        program("  return names.map(make);"),
        "stacks/tenants.ts:5: `tenants` doesn't return a list that is written out",
      ],
      [
        "where the list has something else",
        list(line("team-blue"), "...others,"),
        'stacks/tenants.ts:7: the list has something else than `new TenantComponent("name", { … }, options)`',
      ],
      [
        "where an instance is made of a variable",
        list("new TenantComponent(name, { platform }, options),"),
        'stacks/tenants.ts:6: the list has something else than `new TenantComponent("name", { … }, options)`',
      ],
      [
        "where nothing is returned at the end",
        program("  if (a) return [];"),
        "stacks/tenants.ts:5: `tenants` doesn't end with a `return`",
      ],
      [
        "where there is no such function",
        "export const tenants = [];\n",
        "stacks/tenants.ts has no function `tenants`",
      ],
    ];
    for (const [why, text, found] of cases) {
      it(why, () => {
        assert.equal(
          refusal(text),
          `${found}, so \`terp tenant add\` can't tell where a tenant goes. Nothing was changed. Add by hand:\n\n    ${line("team-green")}`,
        );
      });
    }
  });

  it("refuses what isn't TypeScript", () => {
    assert.equal(
      refusal("export function tenants( {\n"),
      "stacks/tenants.ts:2: this isn't TypeScript: '}' expected. Mend it first; nothing was changed.",
    );
  });
});

describe("adding a tenant to a file", () => {
  const folder = aFolder();

  it("writes it as a whole, with its rights, and not twice", () => {
    const path = join(folder.path, "tenants.ts");
    writeFileSync(path, list(line("team-blue")), { mode: 0o644 });
    const first = addToFile(path, file, green);
    assert.equal(readFileSync(path, "utf8"), list(line("team-blue"), line("team-green")));
    assert.equal(statSync(path).mode & 0o777, 0o644);
    const { ino } = statSync(path);
    assert.deepEqual(addToFile(path, file, green), { ...first, added: [] });
    assert.equal(statSync(path).ino, ino);
  });

  it("says so where there is no such file", () => {
    assert.throws(() => addToFile(join(folder.path, "no.ts"), "no.ts", green), {
      message: "no.ts: there is no such file; name the one with the list of tenants with --file",
      code: 2,
    });
  });
});

describe("what a person is told of a new tenant", () => {
  const plain = coloursFor({});

  it("is the change, what it makes, and what to type next", () => {
    const { addition } = addInstance(file, list(line("team-blue")), {
      ...green,
      namespaces: ["app", "jobs"],
    });
    assert.deepEqual(renderAddition(addition, plain), [
      "stacks/tenants.ts:7",
      '+    new TenantComponent("team-green", { platform, namespaces: ["app", "jobs"] }, options),',
      "",
      "team-green will have the namespaces team-green-app, team-green-jobs, a repository and a key of its own. Nothing runs yet.",
      "",
      "What to type next",
      "  look at the change           git diff stacks/tenants.ts",
      "  see the plan, then raise it  bin/terp up --plan",
    ]);
  });

  it("is that it is there, the second time", () => {
    const { addition } = addInstance(file, list(line("team-green")), green);
    assert.deepEqual(renderAddition(addition, plain), [
      "team-green is there already, with the same arguments, in stacks/tenants.ts:6; nothing changed.",
    ]);
  });
});
