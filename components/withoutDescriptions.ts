import type { Manifest } from "./manifest";

/**
 * A definition of kinds without what its schema says for people: most of it, which each run would read and write. `kubectl explain`
 * has none of it then.
 */
export function withoutDescriptions(manifest: Manifest): Manifest {
  return lean(manifest) as Manifest;
}

/** A schema without what is only for people: a text. A property called `description` has a schema there. */
function lean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, inner]) => key !== "description" || typeof inner !== "string")
      .map(([key, inner]) => [key, lean(inner)]),
  );
}
