import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { documentFile, updated } from "../../../engine/plugin-behaviour/document";
import { differences } from "../../../engine/plugin-behaviour/differences";

describe("docs/stand-in-plugins.md", () => {
  it("lists every deliberate difference", async () => {
    const document = await readFile(documentFile, "utf8");
    const remedy = "run: node --import tsx tests/engine/plugin-behaviour/document.ts";
    assert.equal(document, await updated(document), remedy);
  });
});

describe("the deliberate differences", () => {
  it("say why in a sentence, and where by JSON pointers", () => {
    for (const { scenario, paths, why } of differences) {
      assert.match(scenario, /^\d\d$/);
      assert.match(why, /^[A-Z`].{20,}\.$/s, `scenario ${scenario}`);
      for (const path of paths) assert.match(path, /^\//, `scenario ${scenario}`);
    }
  });
});
