import { createRequire } from "node:module";
import { join } from "node:path";
import type { dynamic } from "@pulumi/pulumi";

const methods = ["configure", "check", "diff", "create", "read", "update", "delete"] as const;

/**
 * Loads what a module of this project exports as `provider`. Runs in the plugin for dynamic providers, called by the code
 * that `providerFrom` puts into the state: this function's name and place must stay.
 *
 * @param modulePath Path from the project's folder, which is the working folder, without extension.
 */
export function loadProvider(modulePath: string): dynamic.ResourceProvider {
  const load = createRequire(join(process.cwd(), "package.json"));
  const { provider } = load(`./${modulePath}`) as { readonly provider?: dynamic.ResourceProvider };
  if (provider === undefined) throw new Error(`${modulePath}: expected an export named "provider", got none`);
  return withoutStacks(provider);
}

/**
 * The plugin prints the stack of whatever a provider throws, beside the message that the engine shows. An error that was
 * written for a person needs none; a mistake in the program keeps it.
 */
function withoutStacks(provider: dynamic.ResourceProvider): dynamic.ResourceProvider {
  type Call = (...given: readonly unknown[]) => Promise<unknown>;
  const calls = provider as unknown as Readonly<Record<string, Call | undefined>>;
  const wrapped: Record<string, Call> = {};
  for (const method of methods) {
    // A method that is absent must stay so: the plugin asks whether it is there.
    if (calls[method] === undefined) continue;
    wrapped[method] = async (...given) => {
      try {
        return await calls[method]?.(...given);
      } catch (error) {
        if (error instanceof Error && !isMistake(error)) error.stack = "";
        throw error;
      }
    };
  }
  return wrapped as unknown as dynamic.ResourceProvider;
}

function isMistake(error: Error): boolean {
  return [TypeError, RangeError, ReferenceError, SyntaxError].some((kind) => error instanceof kind);
}
