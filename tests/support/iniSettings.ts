import { strict as assert } from "node:assert";

/** The settings of an INI file, as `section.KEY`; those before the first section have no section. @throws where one is there twice */
export function iniSettings(text: string): Map<string, string> {
  const found = new Map<string, string>();
  let section = "";
  for (const line of text.split("\n").filter((each) => each !== "")) {
    const heading = /^\[(.+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = `${heading}.`;
      continue;
    }
    const [, key = "", value = ""] = /^([\w.]+) = (.*)$/.exec(line) ?? assert.fail(`line "${line}"`);
    assert.ok(!found.has(section + key), `${section}${key} is there twice`);
    found.set(section + key, value);
  }
  return found;
}
