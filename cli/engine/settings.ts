import { parse } from "yaml";
import type { PlatformConfig } from "../../infra/config";
import { ConfigError, type ConfigPurpose, parseConfig } from "../../infra/config/parse";
import { CommandError, exitCodes } from "../exit";

type Content = Readonly<Record<string, unknown>>;

/** What a stack's settings file says of the project, by the settings' names without the project's. */
export function settingsOf(text: string, project: string): Content {
  const config = (parse(text) as { readonly config?: Content } | null)?.config ?? {};
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(config)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value]),
  );
}

/** Whether something of a setting is encrypted. */
export function isEncrypted(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(isEncrypted);
}

/**
 * A stack's settings, checked and with their defaults, from the text of its file: without the engine, and with what is
 * encrypted left so.
 *
 * @throws ConfigError with every fault there is.
 */
export function readConfig(
  text: string,
  { project, stack }: { project: string; stack: string },
  purpose?: ConfigPurpose,
): PlatformConfig {
  const own = settingsOf(text, project);
  const raw = {
    environment: stack,
    values: Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    secrets: Object.keys(own).filter((name) => isEncrypted(own[name])),
  };
  return parseConfig(raw, purpose);
}

/**
 * {@link readConfig} for a command: wrong settings are a wrong command. It is read before there is an engine, and so perhaps before there
 * is the stack that a remedy's `pulumi config` asks for.
 *
 * @throws CommandError with every fault there is.
 */
export function checkedConfig(
  text: string,
  names: { project: string; stack: string },
  purpose?: ConfigPurpose,
): PlatformConfig {
  try {
    return readConfig(text, names, purpose);
  } catch (error) {
    if (error instanceof ConfigError) {
      const isTyped = error.message.includes("pulumi config ");
      throw new CommandError(`${error.message}${isTyped ? withoutStack(names.stack) : ""}`, exitCodes.usage);
    }
    throw error;
  }
}

function withoutStack(stack: string): string {
  return (
    `\n\`pulumi config\` needs the stack. Where \`terp init\` or a first run hasn't made it yet, ` +
    `write the same in Pulumi.${stack}.yaml instead.\n`
  );
}
