import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { pushChange, type PushedChange } from "../../../../cli/service/push";
import { renderAdded } from "../../../../cli/service/report";
import { coloursFor } from "../../../../cli/ui/colour";
import { aFolder } from "../../../support/folders";

/** At Git's own program, with hooks of ours in place of a Git host. */
describe("a service's change", () => {
  const folder = aFolder();
  const environment = { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null" };
  let root = "";
  let origin = "";
  const git = (...words: string[]): string =>
    execFileSync("git", words, { cwd: root, encoding: "utf8", env: environment });

  /** What the Git host answers a push with; `$GIT_PUSH_OPTION_COUNT` and the like are what it was told. */
  const answering = (script: string): void => {
    writeFileSync(join(origin, "hooks/post-receive"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  beforeEach(() => {
    root = join(folder.path, "clone");
    origin = join(folder.path, "origin");
    mkdirSync(root);
    execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch", "main", origin]);
    git("init", "--quiet", "--initial-branch", "main");
    git("config", "user.name", "Blue");
    git("config", "user.email", "blue@example.test");
    git("remote", "add", "origin", origin);
    writeFileSync(join(root, "README.md"), "ours\n");
    git("add", "--all");
    git("commit", "--quiet", "--message", "First");
    writeFileSync(join(root, "shop.yaml"), "a: 1\n");
    writeFileSync(join(root, "unfinished.yaml"), "a: 1\n");
  });

  it("is pushed on a branch of its own, with nothing else in it", async () => {
    answering("echo 'Open it at https://git.example.org/1'");
    assert.deepEqual(await pushChange(root, "shop", ["shop.yaml"], environment), {
      branch: "service-shop",
      isOpen: false,
      address: "https://git.example.org/1",
      why: "this Git host has no way to open one that is known here",
    });
    const shown = git("show", "--name-only", "--format=%s", "origin/service-shop").trim().split("\n");
    assert.deepEqual(shown, ["Add the service shop", "", "shop.yaml"]);
  });

  it("is opened by the push where the host takes GitLab's options", async () => {
    execFileSync("git", ["config", "receive.advertisePushOptions", "true"], { cwd: origin });
    const request = "https://git.example.org/acme/blue-apps/-/merge_requests/7";
    answering(`
      echo "$GIT_PUSH_OPTION_COUNT: $GIT_PUSH_OPTION_0, $GIT_PUSH_OPTION_1" > ${join(folder.path, "options")}
      echo 'View merge request for service-shop:'
      echo '  ${request}'`);
    assert.deepEqual(await pushChange(root, "shop", ["shop.yaml"], environment), {
      branch: "service-shop",
      isOpen: true,
      address: request,
    });
    assert.equal(
      readFileSync(join(folder.path, "options"), "utf8"),
      "2: merge_request.create, merge_request.title=Add the service shop\n",
    );
  });

  it("is said not to be open where GitLab takes the push and no option", async () => {
    const page = "https://git.example.org/acme/blue-apps/-/merge_requests/new?a=service-shop";
    answering(`echo '  ${page}'`);
    assert.deepEqual(await pushChange(root, "shop", ["shop.yaml"], environment), {
      branch: "service-shop",
      isOpen: false,
      address: page,
      why: "GitLab opened no merge request at the push",
    });
  });

  it("isn't lost where it can't be pushed", async () => {
    git("remote", "set-url", "origin", join(folder.path, "nowhere"));
    await assert.rejects(
      pushChange(root, "shop", ["shop.yaml"], environment),
      /git push: .*The files are written/s,
    );
  });

  describe("as it is shown", () => {
    const added = { file: "shop.yaml", isNew: true, changed: [], left: [], files: ["shop.yaml"] };
    const plain = coloursFor({ isTTY: false });
    const lines = (change: PushedChange): readonly string[] => renderAdded("shop", added, plain, change);
    const address = "https://git.example.org/1";

    it("says where it is open", () => {
      assert.deepEqual(lines({ branch: "service-shop", isOpen: true, address }).slice(1), [
        "✔ pushed to service-shop, and open for review:",
        `  ${address}`,
      ]);
    });

    it("says why it isn't open, and what to do", () => {
      const change = { branch: "service-shop", isOpen: false, why: "nobody has a credential" };
      assert.deepEqual(lines({ ...change, address }).slice(1), [
        "✔ pushed to service-shop; it isn't open for review yet: nobody has a credential",
        "",
        "What to do next",
        `  open it at ${address}`,
      ]);
      assert.match(lines(change).at(-1) ?? "", /open the branch service-shop for review at the Git host/);
    });
  });
});
