import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { versions } from "../../infra/versions";
import { cacheFolder } from "../../local/paths";
import { findGo, goEnvironment } from "../../local/toolchain/go";

const run = promisify(execFile);
const project = resolve(__dirname, "..", "..");

describe("the pipelines for GitHub", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "terp-pipelines-"));
    const workflows = join(folder, ".github", "workflows");
    await mkdir(workflows, { recursive: true });
    await cp(join(project, "pipelines", "github"), workflows, { recursive: true });
    await run("git", ["init", "--quiet", folder]);
  });
  after(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  it("are as GitHub reads them, says actionlint", async () => {
    const go = await findGo();
    assert.ok(go, "Go is there");
    const bin = join(cacheFolder(), "actionlint", versions.actionlint);
    const module = `github.com/rhysd/actionlint/cmd/actionlint@v${versions.actionlint}`;
    await run(go.program, ["install", module], {
      cwd: folder,
      env: { ...goEnvironment(process.env), GOBIN: bin },
    });
    const end = await run(join(bin, "actionlint"), ["-color=false"], { cwd: folder }).catch(
      (error: unknown) => error as { readonly stdout: string },
    );
    assert.equal(end.stdout, "");
  });

  it("call commands and options that there are", async () => {
    const files = await readdir(join(project, "pipelines"), { recursive: true });
    const texts = await Promise.all(
      files
        .filter((file) => file.endsWith(".yml"))
        .map((file) => readFile(join(project, "pipelines", file), "utf8")),
    );
    const calls = [...new Set(texts.flatMap((text) => text.match(/bin\/terp .*$/gm) ?? []))];
    assert.ok(calls.length >= 4);
    // `terp service check …` as well as `terp preview …`, whose first argument may be a plain word, too.
    const commandOf = (call: string): string => /^bin\/terp ((?:service )?[a-z-]+)/.exec(call)?.[1] ?? "";
    for (const command of new Set(calls.map(commandOf))) {
      const { stdout } = await run(join(project, "bin", "terp"), [...command.split(" "), "--help"]);
      const options = calls
        .filter((call) => commandOf(call) === command)
        .flatMap((call) => call.match(/--[\w-]+/g) ?? []);
      assert.deepEqual(
        options.filter((option) => !stdout.includes(option)),
        [],
        command,
      );
    }
  });
});
