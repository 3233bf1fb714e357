import { chmod, copyFile, link, readlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

import { withLock } from "./lock";
import { store, stored, toolLock } from "./store";
import type { Tool } from "./tool";

/** Loads TypeScript, and Pulumi's package without what the program doesn't need: of the project, or of the checkout that runs it. */
const findPreload = `#!/bin/sh
preload=./infra/preload.cjs
[ -e "$preload" ] || preload="$TERP_CHECKOUT/infra/preload.cjs"
`;

/** Ends the program that takes this script's place when the engine is gone, even if that was killed. */
const endWithEngine = `(while kill -0 $PPID && kill -0 $$; do sleep 1; done; kill $$) </dev/null >/dev/null 2>&1 &
`;

/**
 * Runs the dynamic providers of the program in the current folder. The engine's parts for languages come with it, except
 * this one where it was built from its module.
 */
const dynamicProvider = `${findPreload}${endWithEngine}exec node --require "$preload" -e '
const file = require.resolve("@pulumi/pulumi/cmd/dynamic-provider/index.js", {
  paths: [process.cwd(), process.env.TERP_CHECKOUT || process.cwd()],
});
process.argv.splice(1, 0, file);
require(file);
' -- "$@"
`;

/**
 * The last Node language host that can be built knows its options only as arguments, and the engine passes those of
 * Pulumi.yaml another way: without this, ts-node would check the program's types in each run.
 */
const languageHost = `${findPreload}${endWithEngine}exec "$(dirname "$0")/terp-language-host" -typescript=false -nodeargs="--require $preload" "$@"
`;

/**
 * The folder in which `pulumi` and its parts for TypeScript programs lie together: the engine looks beside itself first,
 * and warns about those that it finds on PATH.
 *
 * @param pulumi the engine.
 * @param language the part that runs TypeScript programs.
 * @returns an absolute path.
 */
export async function engineFolder(pulumi: Tool, language: Tool): Promise<string> {
  if (pulumi.source === "path") return dirname(await readlink(join(pulumi.directory, "pulumi")));
  const folder = `engine-4-${basename(pulumi.directory)}-${basename(language.directory)}`;
  const name = "pulumi";
  const tool =
    (await stored(folder)) ??
    (await withLock(
      [toolLock("engine")],
      async () =>
        (await stored(folder)) ??
        store({
          folder,
          name,
          version: pulumi.version,
          source: pulumi.source,
          fill: async (directory) => {
            await place(join(pulumi.directory, "pulumi"), join(directory, "pulumi"));
            const host = "pulumi-language-nodejs";
            await place(join(language.directory, host), join(directory, "terp-language-host"));
            await script(join(directory, host), languageHost);
            await script(join(directory, "pulumi-resource-pulumi-nodejs"), dynamicProvider);
          },
        }),
    ));
  return tool.directory;
}

async function script(file: string, text: string): Promise<void> {
  await writeFile(file, text);
  await chmod(file, 0o755);
}

/** Not a symbolic link: the engine follows those to find out where it is. */
async function place(source: string, target: string): Promise<void> {
  await link(source, target).catch(() => copyFile(source, target));
}
