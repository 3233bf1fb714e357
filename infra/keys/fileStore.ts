import { randomBytes } from "node:crypto";
import type { Stats } from "node:fs";
import { link, mkdir, open, readFile, readdir, rename, stat, unlink } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { messageOf } from "../fault";
import { inHome } from "../home";
import { waitForLock } from "fs-native-extensions";
import type { Form, Kept } from "./form";
import {
  type FileStoreReference,
  type SecretStore,
  type StoreFinding,
  type StoredKey,
  checkKeyName,
} from "./store";

const lockName = ".lock";
const temporary = /^\..*\.tmp$/;

/** Keys in a folder outside the cluster, one file each, which only their owner may read. */
export class FileStore<T extends Kept> implements SecretStore<T> {
  private readonly folder: string;

  /**
   * Touches nothing yet.
   *
   * @param reference Which folder.
   * @param form How a key is written down.
   * @throws if the folder is a relative path: it would depend on where a command is typed.
   */
  constructor(
    reference: FileStoreReference,
    private readonly form: Form<T>,
  ) {
    this.folder = inHome(reference.folder);
    if (!isAbsolute(this.folder)) {
      throw new Error(
        `key store: got the folder "${reference.folder}", expected one that starts with "/" or "~/"`,
      );
    }
  }

  async get(name: string): Promise<T | undefined> {
    const text = await this.read(name);
    if (text === undefined) return undefined;
    try {
      return await this.form.parse(text);
    } catch (error) {
      throw new Error(`${this.file(name)}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  async inspect(name: string): Promise<StoredKey | undefined> {
    const text = await this.read(name);
    if (text === undefined) return undefined;
    const [recipient, ...former] = this.form.recipientsIn(text);
    if (recipient === undefined) {
      const key = await this.get(name);
      return key === undefined ? undefined : { recipient: key.recipient, isDeleted: false };
    }
    return { recipient, isDeleted: false, ...(former.length === 0 ? {} : { former }) };
  }

  async putIfAbsent(name: string, key: T): Promise<T> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    await this.refuseIfOthersMayRead();
    return await this.locked(async () => {
      await this.removeLeftovers();
      await this.writeOnce(this.file(name), this.form.format(key));
      const winner = await this.get(name);
      if (winner === undefined)
        throw new Error(
          `${this.file(name)}: it was written and is gone again; look at what removes files there`,
        );
      return winner;
    });
  }

  async replace(name: string, key: T, instead: string): Promise<void> {
    await this.refuseIfOthersMayRead();
    await this.locked(async () => {
      await this.removeLeftovers();
      const found = await this.get(name);
      const text = this.form.format(key);
      if (found !== undefined && this.form.format(found) === text) return;
      if (found?.recipient !== instead) {
        throw new Error(
          `${this.file(name)}: got ${found === undefined ? "no key" : `the key of ${found.recipient}`}, expected that of ${instead}; nothing was changed`,
        );
      }
      // A second name for the old one first: it is never without a name.
      await link(this.file(name), `${this.file(name)}.${new Date().toISOString().replaceAll(":", "")}`);
      const draft = await this.draft(text);
      await rename(draft, this.file(name));
      await syncFolder(this.folder);
    });
  }

  async health(name: string): Promise<readonly StoreFinding[]> {
    try {
      if (!(await this.refuseIfOthersMayRead()))
        return [fault(`key store: the folder ${this.folder} isn't there; the next \`up\` makes it`)];
      if ((await this.get(name)) === undefined)
        return [
          fault(
            `key store: ${this.file(name)} isn't there; the next \`up\` puts the key back if the state has it`,
          ),
        ];
      return [];
    } catch (error) {
      return [fault(messageOf(error))];
    }
  }

  howToSetAside(name: string): string {
    return `mv ${this.file(name)} ${this.file(name)}.aside`;
  }

  describe(): string {
    return `the folder ${this.folder}`;
  }

  private file(name: string): string {
    checkKeyName(name);
    return join(this.folder, `${name}${this.form.extension}`);
  }

  private async read(name: string): Promise<string | undefined> {
    const file = this.file(name);
    if (!(await this.refuseIfOthersMayRead())) return undefined;
    const found = await statIfThere(file);
    if (found === undefined) return undefined;
    refuseIfOthersMay(file, found, "600");
    return await readFile(file, "utf8");
  }

  /** Tells whether the folder is there. */
  private async refuseIfOthersMayRead(): Promise<boolean> {
    const found = await statIfThere(this.folder);
    if (found === undefined) return false;
    if (!found.isDirectory())
      throw new Error(`key store: ${this.folder} is a file, expected a folder; name another one`);
    refuseIfOthersMay(this.folder, found, "700");
    return true;
  }

  /** Runs the work while no other process does: the lock is the kernel's and dies with its process. */
  private async locked<T>(work: () => Promise<T>): Promise<T> {
    const handle = await open(join(this.folder, lockName), "a", 0o600);
    try {
      await waitForLock(handle.fd);
      return await work();
    } finally {
      await handle.close();
    }
  }

  /** A process that was killed between writing and linking left a private key behind. Only for the lock's holder. */
  private async removeLeftovers(): Promise<void> {
    for (const entry of await readdir(this.folder)) {
      if (temporary.test(entry)) await unlink(join(this.folder, entry));
    }
  }

  /**
   * The file appears whole or not at all, and never in place of another: `link` refuses a name that is taken, also by
   * a process that doesn't take our lock.
   */
  private async writeOnce(file: string, text: string): Promise<void> {
    const draft = await this.draft(text);
    try {
      await link(draft, file);
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
    } finally {
      await unlink(draft);
    }
    await syncFolder(this.folder);
  }

  /** A file of its own with the text, whole on the disk. */
  private async draft(text: string): Promise<string> {
    const draft = join(this.folder, `.${randomBytes(8).toString("hex")}.tmp`);
    const handle = await open(draft, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    return draft;
  }
}

function fault(text: string): StoreFinding {
  return { severity: "fault", text };
}

function refuseIfOthersMay(path: string, found: Stats, mode: string): void {
  const owner = process.getuid?.();
  if (owner !== undefined && found.uid !== owner) {
    throw new Error(
      `key store: ${path} belongs to user ${String(found.uid)}, expected user ${String(owner)}, who runs this; ` +
        `run it as its owner, or type: chown ${String(owner)} ${path}`,
    );
  }
  if ((found.mode & 0o077) !== 0) {
    const given = (found.mode & 0o777).toString(8);
    throw new Error(
      `key store: others may read ${path} (mode ${given}), expected ${mode}; type: chmod ${mode} ${path}`,
    );
  }
}

async function statIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
