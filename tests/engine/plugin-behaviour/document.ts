import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import prettier from "prettier";
import { differences, type Difference } from "./differences";

/** The document whose list of differences is made from differences.ts. */
export const documentFile = path.resolve(__dirname, "../../../docs/stand-in-plugins.md");

const begin = "<!-- differences: made by tests/engine/plugin-behaviour/document.ts -->";
const end = "<!-- end of differences -->";

/**
 * The document with the list of differences brought up to date.
 *
 * @throws Error if it has lost the marks between which the list stands.
 */
export async function updated(
  document: string,
  listed: readonly Difference[] = differences,
): Promise<string> {
  const start = document.indexOf(begin);
  const stop = document.indexOf(end);
  if (start < 0 || stop < start) throw new Error(`${documentFile} lacks the line ${begin} or ${end}`);
  const text = `${document.slice(0, start)}${begin}\n\n${list(listed)}\n\n${document.slice(stop)}`;
  return prettier.format(text, { ...(await prettier.resolveConfig(documentFile)), parser: "markdown" });
}

function list(listed: readonly Difference[]): string {
  if (listed.length === 0) return "None.";
  const scenarios = new Map<string, Set<string>>();
  for (const { scenario, why } of listed) {
    const found = scenarios.get(why) ?? new Set();
    scenarios.set(why, found.add(scenario));
  }
  const lines = [...scenarios].map(
    ([why, numbers]) => `- ${why} (scenario ${[...numbers].sort().join(", ")})`,
  );
  return lines.join("\n");
}

async function main(): Promise<void> {
  await writeFile(documentFile, await updated(await readFile(documentFile, "utf8")));
}

if (require.main === module) void main();
