import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { operate, unprotect } from "../../../cli/engine/operations";
import type { Stack } from "../../../cli/engine/stack";
import { paths } from "../../../local/paths";
import { aFolder } from "../../support/folders";
import { ownPath } from "../../support/onPath";

const urn = "urn:pulumi:dev::terp::terp:tenant:Tenant::team-blue";

describe("the engine", () => {
  const folder = aFolder();
  const path = ownPath();

  /** A stack whose cluster is somebody else's, in a folder of the test's. */
  function aStack(): Stack {
    return {
      name: "dev",
      project: "terp",
      folder: folder.path,
      paths: paths("dev", { HOME: folder.path }),
      embedded: false,
      environment: { PATH: path.folder },
      plugins: [],
      signal: new AbortController().signal,
    };
  }

  /** A `pulumi` that notes its words, and then does something. */
  function pulumi(script = ""): void {
    path.program("pulumi", `printf '%s\\n' "$@" > words\n${script}`);
  }
  const words = (): string[] => readFileSync(join(folder.path, "words"), "utf8").trim().split("\n");

  describe("that lifts a protection from deletion", () => {
    it("is asked for those resources, without a question", async () => {
      pulumi();
      await unprotect(aStack(), [urn, `${urn}s`]);
      assert.deepEqual(words(), [
        ...["state", "unprotect", urn, `${urn}s`],
        ...["--yes", "--stack", "dev", "--non-interactive"],
      ]);
    });

    it("is asked for all at once", async () => {
      pulumi();
      await unprotect(aStack(), "all");
      assert.deepEqual(words().slice(0, 4), ["state", "unprotect", "--all", "--yes"]);
    });

    it("isn't asked for none: without a name it would ask the person which", async () => {
      pulumi();
      await unprotect(aStack(), []);
      assert.ok(!existsSync(join(folder.path, "words")));
    });

    it("is quoted where it refuses", async () => {
      pulumi("echo 'error: no such resource' >&2; exit 255");
      await assert.rejects(unprotect(aStack(), [urn]), {
        message:
          "lifting the protection from deletion failed (pulumi ended with 255):\nerror: no such resource",
      });
    });
  });

  it("that refuses to delete a tenant is explained in our words, with how to go on", async () => {
    const message = `resource \\"${urn}\\" cannot be deleted\\nbecause it is protected. To unprotect the resource, …`;
    const event = `{"sequence":1,"timestamp":1,"diagnosticEvent":{"prefix":"error: ","message":"${message}","severity":"error","color":"never"}}`;
    pulumi(`cat >&3 <<'END'\n${event}\nEND\nexit 255`);
    await assert.rejects(
      operate(aStack(), { kind: "up" }, () => undefined),
      {
        message: [
          "pulumi up failed:",
          `tenant "team-blue" is no longer in stacks/tenants.ts, but it wasn't suspended: all that it has would be deleted.`,
          "  Offboard it: put its instance back with `suspended: true`, run `terp up`, keep the export, then remove the instance.",
          "  Delete it at once, without an export: terp up --remove-tenant team-blue",
          "What was done is kept: mend the cause and run the same command again.",
        ].join("\n"),
      },
    );
  });
});
