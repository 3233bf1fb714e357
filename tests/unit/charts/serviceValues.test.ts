import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { services, smallest } from "../../support/serviceValues";
import { valuesTable, type ValueSchema } from "../../support/valuesTable";

const chart = join(__dirname, "../../../charts/service");
const read = (file: string): string => readFileSync(join(chart, file), "utf8");
const schema = JSON.parse(read("values.schema.json")) as ValueSchema;

/** A text without what the formatter lines a table up by. */
const narrowed = (text: string): string => text.replace(/ +/g, " ").replace(/-+/g, "-");

/** The paths of all values that are given somewhere in an object, groups too. */
function paths(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap((each) => paths(each, `${path}[]`));
  return Object.entries(value).flatMap(([name, each]) => {
    const here = path === "" ? name : `${path}.${name}`;
    return [here, ...paths(each, here)];
  });
}

describe("the values of the developers' chart", () => {
  const table = valuesTable(schema, parse(read("values.yaml")));
  const documented = [...table.matchAll(/^\| `([^`]+)`/gm)].map(([, path]) => path ?? "");

  it("are all in its README, as the schema says them", () => {
    const narrow = narrowed(read("README.md"));
    assert.ok(narrow.includes(narrowed(table)), `expected this table in README.md:\n${table}`);
  });

  it("each have a sentence that says what they are", () => {
    const silent = table.split("\n").filter((line) => /^\| `[^`]+` \| +\|/.test(line));
    assert.deepEqual(silent, []);
  });

  it("are each tried by a test: in one service or another", () => {
    const tried = new Set(
      [smallest, ...Object.values(services)]
        .flatMap((each) => paths(each))
        .map((path) => path.replace(/^probes\.\w+/, "probes.startup")),
    );
    // What only the databases' images and groups repeat is tried with one of them.
    const isRepeated = (path: string): boolean =>
      /image\.(digest|pullPolicy|pullSecrets)$/.test(path) || /^images\.\w+\.(digest|pull\w+)$/.test(path);
    assert.deepEqual(
      documented.filter(
        (path) => !/^probes\.(readiness|liveness)$/.test(path) && !tried.has(path) && !isRepeated(path),
      ),
      [],
    );
  });
});
