import { access, constants } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { command } from "./command";
import { withoutOurs } from "./onPath";

/** A Go that can build. */
export interface Go {
  /** The program, an absolute path. */
  readonly program: string;
  /** As in "1.26.1". */
  readonly version: string;
  /** What decides what it produces: its version and the machine it compiles for. */
  readonly identity: Readonly<Record<string, string>>;
}

/** What of `go env` changes what a build produces. */
const decisive = ["GOVERSION", "GOOS", "GOARCH", "GOAMD64", "GOARM64", "GOEXPERIMENT", "GOFIPS140"] as const;

/** Where Go's own installer puts it, for shells whose PATH was never extended. */
const usual = "/usr/local/go/bin";

/**
 * The environment of a Go command: ours where it decides the result, the user's for where modules and compiled
 * packages are kept and fetched from (`GOPROXY`, `GOSUMDB`, `GOMODCACHE`, `GOCACHE`, `GOPRIVATE` and the like).
 */
export function goEnvironment(
  environment: NodeJS.ProcessEnv,
  { cgo = false }: { readonly cgo?: boolean } = {},
): NodeJS.ProcessEnv {
  return {
    ...environment,
    // The one that is installed builds all: no other is fetched.
    GOTOOLCHAIN: "local",
    GOFLAGS: "",
    GO111MODULE: "on",
    GOWORK: "off",
    CGO_ENABLED: cgo ? "1" : "0",
  };
}

/** What programs have said of themselves in this process, by who was asked in what environment: a run asks half a dozen times. */
const said = new Map<string, Promise<Go | undefined>>();

async function askGo(program: string, environment: NodeJS.ProcessEnv): Promise<Go | undefined> {
  const { ok, stdout } = await command(program, ["env", "-json", ...decisive], {
    env: goEnvironment(environment),
    cwd: "/",
  });
  if (!ok) return undefined;
  const identity = JSON.parse(stdout) as Record<string, string>;
  return { program, identity, version: (identity["GOVERSION"] ?? "").replace(/^go/, "") };
}

/** Looks for Go on PATH and where its installer puts it. Nothing if there is none, or it doesn't run. */
export async function findGo(environment: NodeJS.ProcessEnv = process.env): Promise<Go | undefined> {
  const folders = [...withoutOurs(environment["PATH"] ?? "").split(delimiter), usual];
  for (const folder of folders.filter((each) => each.startsWith("/"))) {
    const program = join(folder, "go");
    if (
      !(await access(program, constants.X_OK).then(
        () => true,
        () => false,
      ))
    )
      continue;
    const question = JSON.stringify([program, environment]);
    const answer = said.get(question) ?? askGo(program, environment);
    said.set(question, answer);
    const go = await answer;
    if (go !== undefined) return go;
  }
  return undefined;
}
