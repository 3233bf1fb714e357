import { strict as assert } from "node:assert";

import { CommitQueue } from "../../../../components/git/commitQueue";
import { GitHostError, type FileChange } from "../../../../components/git/host";
import { MemoryGitHost, type MemoryRepository } from "../../../support/memoryGitHost";

const place = { organisation: "platform", repository: "platform" };

function create(path: string): FileChange {
  return { operation: "create", path, content: `content of ${path}` };
}

describe("a repository's queue of changes", () => {
  let host: MemoryGitHost;
  let repository: MemoryRepository;
  let queue: CommitQueue;

  beforeEach(() => {
    host = new MemoryGitHost();
    repository = host.make("platform/platform");
    queue = new CommitQueue(host, place, 1);
  });

  /** Adds a file, and gives what came of it. */
  function add(path: string): Promise<string> {
    return queue.add(`Add ${path}`, create(path)).then(
      () => "committed",
      (error: unknown) => (error as Error).message,
    );
  }

  it("commits one change alone, with its message", async () => {
    assert.equal(await add("a"), "committed");
    assert.deepEqual(repository.commits, ["Add a"]);
    assert.equal(repository.files.get("a")?.content, "content of a");
  });

  it("commits changes that come up together in one, with every message, in their order", async () => {
    assert.deepEqual(await Promise.all(["a", "c", "b"].map(add)), ["committed", "committed", "committed"]);
    assert.deepEqual(repository.commits, ["Add a\nAdd c\nAdd b"]);
    assert.deepEqual([...repository.files.keys()], ["a", "c", "b"]);
  });

  it("puts what comes up during a commit into the next one, however much it is", async () => {
    const later: Promise<string>[] = [];
    host.beforeCommit = () => {
      host.beforeCommit = () => Promise.resolve();
      later.push(add("b"), add("c"));
      return Promise.resolve();
    };
    await add("a");
    await Promise.all(later);
    assert.deepEqual(repository.commits, ["Add a", "Add b\nAdd c"]);
  });

  it("commits again after it has been idle", async () => {
    await add("a");
    await add("b");
    assert.deepEqual(repository.commits, ["Add a", "Add b"]);
  });

  it("has one commit at a time under way", async () => {
    let underWay = 0;
    let most = 0;
    host.beforeCommit = async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay--;
    };
    const first = Promise.all(["a", "b"].map(add));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([first, add("c")]);
    assert.equal(most, 1);
  });

  it("doesn't keep others from being committed when one is refused, and tells that one alone", async () => {
    repository.files.set("b", { content: "another's", version: "0" });
    assert.deepEqual(await Promise.all(["a", "b", "c"].map(add)), [
      "committed",
      "b isn't as the caller believed",
      "committed",
    ]);
    assert.deepEqual(repository.commits, ["Add a", "Add c"]);
    assert.equal(repository.files.get("b")?.content, "another's");
  });

  it("keeps the order of those that are committed one by one", async () => {
    repository.files.set("a", { content: "another's", version: "0" });
    await Promise.all(["a", "d", "c", "b"].map(add));
    assert.deepEqual(repository.commits, ["Add d", "Add c", "Add b"]);
  });

  it("tells all of them when nobody answers, and doesn't ask again for each", async () => {
    host.fault = "unreachable";
    const told = await Promise.all(["a", "b", "c"].map(add));
    assert.deepEqual(told, Array(3).fill("the test's Git host: unreachable"));
    assert.deepEqual(host.asked, ["commit"]);
  });

  it("goes on after a fault", async () => {
    host.fault = "unreachable";
    await add("a");
    host.fault = undefined;
    assert.equal(await add("b"), "committed");
  });

  it("hands over the host's own error", async () => {
    host.fault = "forbidden";
    await assert.rejects(
      queue.add("Add a", create("a")),
      (error) => error instanceof GitHostError && error.fault === "forbidden",
    );
  });
});
