/**
 * Brings the versions in the tools' `go.mod` files to agree. To be run, as `npm run agree`, after a tool's version was changed;
 * what it changes is committed.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { messageOf } from "../../infra/fault";
import { agreeing, disagreements } from "./agreement";
import { moduleFolder } from "./build";
import { specOf } from "./catalog";
import { succeed } from "./command";
import { findGo, goEnvironment, type Go } from "./go";
import { parseGoModule } from "./goModule";

/** What a newer version requires may be newer itself; that settles within a few rounds. */
const mostRounds = 8;

async function agree(): Promise<void> {
  const go = await findGo();
  if (go === undefined) throw new Error("there is no Go on PATH; install it");
  for (let round = 0; round < mostRounds; round++) {
    const modules = await Promise.all(
      agreeing.map(async (tool) => {
        const text = await readFile(join(moduleFolder(specOf(tool)), "go.mod"), "utf8");
        return [tool, parseGoModule(text)] as const;
      }),
    );
    const left = disagreements(new Map(modules));
    if (left.length === 0) return;
    for (const tool of agreeing) {
      const raised = left.filter(({ others }) => others.has(tool));
      if (raised.length === 0) continue;
      process.stdout.write(`${tool}: ${String(raised.length)} modules to a newer version\n`);
      await raise(
        go,
        tool,
        raised.map(({ module, newest }) => `-require=${module}@${newest}`),
      );
    }
  }
  throw new Error(`the versions don't agree after ${String(mostRounds)} rounds; look at "npm test -- unit"`);
}

async function raise(
  go: Go,
  tool: (typeof agreeing)[number],
  requirements: readonly string[],
): Promise<void> {
  const { build } = specOf(tool);
  const options = { cwd: moduleFolder(specOf(tool)), env: goEnvironment(process.env, build) };
  await succeed(go.program, ["mod", "edit", ...requirements], options);
  const tags = build.tags === undefined ? [] : ["-tags", build.tags.join(",")];
  // Listing what is compiled completes go.mod and go.sum.
  await succeed(go.program, ["list", "-mod=mod", "-deps", ...tags, ...build.packages], options);
}

agree().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
