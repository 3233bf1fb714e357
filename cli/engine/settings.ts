import { parse } from "yaml";
import { ConfigError, parseConfig, type PlatformConfig } from "../../infra/config";
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
): PlatformConfig {
  const own = settingsOf(text, project);
  return parseConfig({
    environment: stack,
    values: Object.fromEntries(
      Object.entries(own).map(([name, value]) => [
        name,
        typeof value === "string" ? value : JSON.stringify(value),
      ]),
    ),
    secrets: Object.keys(own).filter((name) => isEncrypted(own[name])),
  });
}

/**
 * {@link readConfig} for a command: wrong settings are a wrong command.
 *
 * @throws CommandError with every fault there is.
 */
export function checkedConfig(text: string, names: { project: string; stack: string }): PlatformConfig {
  try {
    return readConfig(text, names);
  } catch (error) {
    if (error instanceof ConfigError) throw new CommandError(error.message, exitCodes.usage);
    throw error;
  }
}
