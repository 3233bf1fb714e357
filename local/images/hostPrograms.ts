import { access, constants, realpath } from "node:fs/promises";
import { delimiter, join } from "node:path";

import type { ImageEntry, ImageFiles } from "./image";
import { librariesOf } from "./libraries";

/**
 * Programs of this machine with the libraries that they load, for an image.
 *
 * @param programs names that are looked up on PATH.
 * @param folder where they go in the image.
 * @throws if one isn't on PATH.
 */
export async function hostPrograms(programs: readonly string[], folder: string): Promise<ImageFiles> {
  const files = new Map<string, ImageEntry>();
  const found = await Promise.all(programs.map(lookUp));
  for (const [place, program] of programs.entries()) {
    files.set(`${folder}/${program}`, { kind: "file", from: { file: found[place] ?? "" }, mode: 0o755 });
  }
  for (const library of await librariesOf(found)) {
    // Where the program looks for it, with the contents of whatever it is a link to.
    files.set(library, { kind: "file", from: { file: await realpath(library) }, mode: 0o755 });
  }
  return files;
}

async function lookUp(program: string): Promise<string> {
  const folders = [...(process.env["PATH"] ?? "").split(delimiter), "/usr/bin", "/bin"];
  for (const folder of folders.filter((each) => each.startsWith("/"))) {
    const file = join(folder, program);
    const found = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return realpath(file);
  }
  throw new Error(
    `an image needs "${program}" of this machine: expected it on PATH, found it nowhere; install it`,
  );
}
