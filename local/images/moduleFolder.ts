import { readdir } from "node:fs/promises";
import { join } from "node:path";

import { moduleFolder as toolFolder } from "../toolchain/build";
import { specOf } from "../toolchain/catalog";
import { succeed } from "../toolchain/command";
import { findGo, goEnvironment } from "../toolchain/go";
import type { ToolName } from "../toolchain/tool";
import type { ImageEntry, ImageFiles } from "./image";

/**
 * Where Go keeps the source of the module that a tool is built from, fetched and verified where it isn't there.
 *
 * @throws if there is no Go.
 */
export async function sourceFolder(name: ToolName): Promise<string> {
  const spec = specOf(name);
  const go = await findGo();
  if (go === undefined || spec.build.module === undefined) {
    throw new Error(
      `the image of ${name} needs files of its source: expected Go on PATH, found none; install Go`,
    );
  }
  const options = { cwd: toolFolder(spec), env: goEnvironment(process.env) };
  const answer = await succeed(go.program, ["mod", "download", "-json", spec.build.module], options);
  return (JSON.parse(answer) as { readonly Dir: string }).Dir;
}

/** All files below a folder of this machine, for an image. */
export async function filesBelow(folder: string, target: string): Promise<ImageFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = new Map<string, ImageEntry>();
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(join(target, file.slice(folder.length)), { kind: "file", from: { file } });
  }
  return files;
}
