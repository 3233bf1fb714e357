import { parseAllDocuments } from "yaml";
import { recipientsWithin } from "../../infra/keys/age";

/** A Secret as SOPS sealed it: what can be told without a key. */
export interface SealedSecret {
  readonly name: string;
  /** Who can read it: age recipients. */
  readonly readers: readonly string[];
}

interface Manifest {
  readonly kind?: unknown;
  readonly metadata?: { readonly name?: unknown };
  readonly sops?: { readonly age?: readonly { readonly recipient?: unknown }[] };
}

/** The sealed Secrets in a file; none if it holds something else, or isn't YAML. */
export function sealedSecretsIn(text: string): readonly SealedSecret[] {
  return documentsIn(text).flatMap((manifest) => {
    const name = manifest.metadata?.name;
    if (manifest.kind !== "Secret" || typeof name !== "string" || manifest.sops === undefined) return [];
    const ages = Array.isArray(manifest.sops.age) ? manifest.sops.age : [];
    return [
      {
        name,
        readers: ages
          .map((each) => (each as { readonly recipient?: unknown }).recipient)
          .filter((each): each is string => typeof each === "string"),
      },
    ];
  });
}

/** The age recipients that a `.sops.yaml` encrypts to; none if it isn't YAML. */
export function recipientsInRules(text: string): readonly string[] {
  const found = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value === "string") {
      for (const recipient of recipientsWithin(value)) found.add(recipient);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(visit);
  };
  documentsIn(text).forEach(visit);
  return [...found];
}

function documentsIn(text: string): readonly Manifest[] {
  try {
    return parseAllDocuments(text)
      .filter((document) => document.errors.length === 0)
      .map((document) => document.toJS() as unknown)
      .filter((each): each is Manifest => typeof each === "object" && each !== null);
  } catch {
    return [];
  }
}
