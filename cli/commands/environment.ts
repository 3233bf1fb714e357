import { paths } from "../../local/paths";
import { embeddedKubeconfig } from "../cluster/access";
import { backendVariables, needsOf } from "../engine/stack";
import { toolchain } from "../lazy";
import { progressFor } from "../ui/terminal";
import { writeKubeconfig } from "./kubeconfig";

/** Text as one word of a POSIX shell. */
export function quote(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What differs from the environment that the command was started in; null for what must not be set. */
export function differences(
  wanted: Readonly<Record<string, string | undefined>>,
  present: Readonly<Record<string, string | undefined>>,
): Record<string, string | null> {
  const entries = Object.entries(wanted).filter(([name, value]) => present[name] !== value);
  return Object.fromEntries(entries.map(([name, value]) => [name, value ?? null]));
}

/** Prints lines for a shell, after which a plain `pulumi up --stack …` works. They name files of secrets, and hold none. */
export async function environment(options: {
  readonly stack: string;
  readonly json?: boolean;
}): Promise<void> {
  const needs = await needsOf(options.stack);
  const wanted = await toolchain().ensureEnvironment(options.stack, {
    localState: needs.embedded,
    plugins: needs.plugins,
    progress: progressFor(),
  });
  const kubeconfig = await embeddedKubeconfig(options.stack);
  const reach =
    kubeconfig === undefined ? {} : { KUBECONFIG: writeKubeconfig(paths(options.stack), kubeconfig) };
  const changes = differences(
    { ...wanted, ...(await backendVariables(options.stack, needs)), ...reach },
    process.env,
  );
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(changes, undefined, 2)}\n`);
    return;
  }
  const lines = Object.entries(changes).map(([name, value]) =>
    value === null ? `unset ${name}\n` : `export ${name}=${quote(value)}\n`,
  );
  process.stdout.write(lines.join(""));
}
