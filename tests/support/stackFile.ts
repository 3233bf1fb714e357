import { parse } from "yaml";
import type { RawConfig } from "../../infra/config";

/**
 * What a program gets of a stack's settings file, as Pulumi hands it over: objects as JSON, anything else as text, secrets
 * decrypted. An encrypted value is written `{ secure: "the text itself" }` here.
 */
export function rawConfig(text: string, environment: string): RawConfig {
  const { config = {} } = parse(text) as { config?: Record<string, unknown> };
  const own = Object.entries(config).flatMap(([name, value]) =>
    name.startsWith("terp:") ? [[name.slice("terp:".length), value] as const] : [],
  );
  return {
    environment,
    values: Object.fromEntries(own.map(([name, value]) => [name, asText(decrypted(value))])),
    secrets: own
      .filter(([, value]) => JSON.stringify(value) !== JSON.stringify(decrypted(value)))
      .map(([name]) => name),
  };
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function decrypted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decrypted);
  if (typeof value !== "object" || value === null) return value;
  const { secure } = value as { readonly secure?: unknown };
  if (secure !== undefined) return secure;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, decrypted(inner)]));
}

/** An example's text with something in each place where a person's own belongs; the secret `gitToken` is still to be set. */
export function filledIn(text: string): string {
  return text
    .replaceAll("00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-00000000000a")
    .replaceAll("192.0.2.0/24", "198.51.100.0/24")
    .replaceAll("yourorg", "example")
    .replaceAll(/: (dev|prd)\.example$/gm, ": $1.example.org");
}
