import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import {
  breakLock,
  judgeLock,
  readLocks,
  thisMachine,
  type Machine,
  type StackLock,
} from "../../../cli/engine/locks";

const taken = "2026-01-01T12:00:00Z";
const lock: StackLock = { pid: 7, username: "root", hostname: "here", timestamp: taken, file: "/lock" };

function machine(start: number | undefined): Machine {
  return { hostname: "here", startOf: () => start };
}

describe("a lock on a stack", () => {
  it("is stale when its process is gone", () => {
    assert.equal(judgeLock(lock, machine(undefined)), "stale");
  });

  it("is held while its process lives", () => {
    assert.equal(judgeLock(lock, machine(Date.parse(taken) - 1000)), "held");
  });

  it("is stale when its process's number belongs to a later one", () => {
    assert.equal(judgeLock(lock, machine(Date.parse(taken) + 60_000)), "stale");
  });

  it("of another machine can't be judged, whatever runs here", () => {
    assert.equal(judgeLock({ ...lock, hostname: "there" }, machine(undefined)), "foreign");
  });

  it("of this process is held", () => {
    const own = { ...lock, pid: process.pid, hostname: hostname(), timestamp: new Date().toISOString() };
    assert.equal(judgeLock(own, thisMachine()), "held");
  });
});

describe("the locks in a file backend", () => {
  let state: string;
  let folder: string;

  beforeEach(async () => {
    state = await mkdtemp(join(tmpdir(), "terp-test-"));
    folder = join(state, ".pulumi/locks/organization/terp/local");
  });

  afterEach(async () => {
    await rm(state, { recursive: true, force: true });
  });

  it("are none where nobody has ever locked", async () => {
    assert.deepEqual(await readLocks(state, "terp", "local"), []);
  });

  it("are read with who holds them", async () => {
    await mkdir(folder, { recursive: true });
    const content = { pid: 7, username: "root", hostname: "here", timestamp: taken };
    await writeFile(join(folder, "a.json"), JSON.stringify(content));
    await writeFile(join(folder, "a.json.attrs"), "{}");
    assert.deepEqual(await readLocks(state, "terp", "local"), [{ ...lock, file: join(folder, "a.json") }]);
  });

  it("count as a dead run's when they were cut off while they were written", async () => {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "a.json"), '{"pid":');
    const [found] = await readLocks(state, "terp", "local");
    assert.ok(found);
    assert.equal(judgeLock(found, thisMachine()), "stale");
  });

  it("are broken with all their files", async () => {
    await mkdir(folder, { recursive: true });
    const file = join(folder, "a.json");
    await writeFile(file, "{}");
    await writeFile(`${file}.attrs`, "{}");
    await breakLock({ ...lock, file });
    assert.deepEqual(await readdir(folder), []);
  });
});
