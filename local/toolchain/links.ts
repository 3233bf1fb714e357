import { randomUUID } from "node:crypto";
import { readlink, rename, rm, symlink } from "node:fs/promises";

/** Makes a symbolic link, or turns an existing one to another target, without a moment at which there is none. */
export async function replaceLink(target: string, link: string): Promise<void> {
  if ((await readlink(link).catch(() => undefined)) === target) return;
  const temporary = `${link}.${randomUUID()}`;
  await symlink(target, temporary);
  try {
    await rename(temporary, link);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
