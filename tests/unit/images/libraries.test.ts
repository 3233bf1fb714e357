import { strict as assert } from "node:assert";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { librariesOf, parseLibraries } from "../../../local/images/libraries";
import { aFolder } from "../../support/folders";

describe("the libraries of a program", () => {
  it("are those that the loader names, and the loader", () => {
    const listed = [
      "\tlinux-vdso.so.1 (0x00007ffd1)",
      "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x00007f1)",
      "\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f2)",
      "\t/lib64/ld-linux-x86-64.so.2 (0x00007f3)",
      "\tlibgone.so => not found",
    ].join("\n");
    assert.deepEqual(parseLibraries(listed), [
      "/lib/x86_64-linux-gnu/libc.so.6",
      "/lib/x86_64-linux-gnu/libz.so.1",
      "/lib64/ld-linux-x86-64.so.2",
    ]);
    assert.deepEqual(parseLibraries("\tnot a dynamic executable\n"), []);
  });

  describe("of this machine", () => {
    const folder = aFolder();
    const before = { ...process.env };
    const asked = (): number => readFileSync(join(folder.path, "asked"), "utf8").split("\n").length - 1;

    beforeEach(() => {
      const ldd = join(folder.path, "ldd");
      writeFileSync(
        ldd,
        `#!/bin/sh\necho >> ${folder.path}/asked\nPATH='${before["PATH"] ?? ""}' exec ldd "$@"\n`,
      );
      chmodSync(ldd, 0o755);
      process.env["PATH"] = `${folder.path}:${before["PATH"] ?? ""}`;
      process.env["TERP_CACHE"] = join(folder.path, "cache");
    });
    afterEach(() => {
      process.env = { ...before };
    });

    it("are asked for once", async () => {
      const first = await librariesOf(["/bin/sh", "/bin/ls"]);
      assert.ok(first.some((library) => /\/libc\.so\./.test(library)));
      assert.deepEqual(await librariesOf(["/bin/sh", "/bin/ls"]), first);
      assert.equal(asked(), 1);
    });

    it("are asked for again once a program has changed", async () => {
      const program = join(folder.path, "program");
      writeFileSync(program, readFileSync("/bin/ls"), { mode: 0o755 });
      const first = await librariesOf([program]);
      writeFileSync(program, readFileSync("/bin/sh"), { mode: 0o755 });
      assert.notDeepEqual(await librariesOf([program]), first);
      assert.equal(asked(), 2);
    });

    it("are asked for each time where one of the programs has none", async () => {
      const program = join(folder.path, "program");
      writeFileSync(program, "#!/bin/sh\n", { mode: 0o755 });
      assert.deepEqual(await librariesOf([program]), []);
      await librariesOf([program]);
      assert.equal(asked(), 2);
    });
  });
});
