import { strict as assert } from "node:assert";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { definitionsAsJson } from "../../../local/toolchain/definitions";
import { aFolder } from "../../support/folders";

describe("a tool's definitions as JSON", () => {
  const folder = aFolder();

  function listOf(yaml: string): string {
    const file = join(folder.path, "crds.yaml");
    writeFileSync(file, yaml);
    return definitionsAsJson(file, folder.path);
  }

  it("are the documents of the file, in their order and without the empty ones", () => {
    const list = listOf("---\nname: one\n---\n# a comment\n---\nname: two\ncount: 2\n");
    assert.deepEqual(JSON.parse(readFileSync(list, "utf8")), [{ name: "one" }, { name: "two", count: 2 }]);
  });

  it("have a name by which a reader knows that they are JSON", () => {
    assert.match(listOf("name: one\n"), /\.json$/);
  });

  it("are made once: the second time what is there is taken", () => {
    const list = listOf("name: one\n");
    writeFileSync(list, "[]");
    assert.equal(readFileSync(listOf("name: one\n"), "utf8"), "[]");
  });

  it("are made anew for a file that has changed", () => {
    listOf("name: one\n");
    assert.equal(readFileSync(listOf("name: two\n"), "utf8"), '[{"name":"two"}]');
  });

  it("aren't made of what isn't YAML, with the file and the reason", () => {
    assert.throws(() => listOf("kind: [\n"), /^Error: .*crds\.yaml: not YAML: /);
  });
});
