import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { buildFolder } from "../../local/toolchain/build";
import { specOf } from "../../local/toolchain/catalog";
import { findGo } from "../../local/toolchain/go";
import { store } from "../../local/toolchain/store";
import { asYaml, releaseManifests } from "./fluxRelease";

/** A machine whose toolchain has made Flux's definitions already. It has a `go` that only says who it is. */
export interface Machine {
  /** Everything of it is in here. */
  readonly folder: string;
  /** `TERP_HOME`. */
  readonly home: string;
}

/** A machine for the suite, in the environment of this process. Call it in `describe`. */
export function aMachine(): Machine {
  const kept = { ...process.env };
  let folder = "";
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "terp-test-machine-"));
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "go"), `#!/bin/sh\necho '{"GOVERSION":"go1.0.0"}'\n`, { mode: 0o755 });
    Object.assign(process.env, {
      TERP_HOME: join(folder, "home"),
      TERP_CACHE: join(folder, "cache"),
      PATH: `${bin}:${kept["PATH"] ?? ""}`,
    });
    await putFluxDefinitions();
  });
  after(() => {
    for (const name of ["TERP_HOME", "TERP_CACHE", "PATH"]) {
      const value = kept[name];
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get folder() {
      return folder;
    },
    get home() {
      return join(folder, "home");
    },
  };
}

async function putFluxDefinitions(): Promise<void> {
  const spec = specOf("flux-crds");
  const go = await findGo();
  if (go === undefined) throw new Error("the test's own go wasn't found");
  const definitions = releaseManifests().filter(({ kind }) => kind === "CustomResourceDefinition");
  await store({
    folder: await buildFolder(spec, go),
    name: spec.name,
    version: spec.version,
    source: "build",
    fill: (directory) => {
      writeFileSync(join(directory, "flux-crds.yaml"), asYaml(definitions));
      return Promise.resolve();
    },
  });
}
