import type { Fault } from "../../../infra/fault";
import { rangeFaults } from "../../../infra/range";
import { domainFaults } from "./domain";
import { imageFaults } from "./image";
import { sourceFaults } from "./source";
import { split, text } from "./cel";

/** What a tenant may claim in its own namespaces. */
export interface Claims {
  /**
   * Domains that it may claim host names of and below, e.g. `blue.example.org`.
   *
   * @default none
   */
  readonly domains?: readonly string[];
  /**
   * Beginnings of URLs, up to a slash, of the sources that it may add to its own repository, e.g.
   * `https://github.com/team-blue/`.
   *
   * @default none
   */
  readonly sources?: readonly string[];
  /**
   * Beginnings of images, up to a slash, e.g. `ghcr.io/team-blue/`, and whole images' names without a tag, that it may run.
   *
   * @default any image
   */
  readonly images?: readonly string[];
  /**
   * Ranges outside the cluster that it connects to, as CIDR, e.g. `192.0.2.0/24`. Its own network policies may name them.
   *
   * @default none
   */
  readonly ranges?: readonly string[];
}

/**
 * What a tenant with charts may claim: beside the rest, its own repository as their source.
 *
 * @param own What the URLs of its repositories begin with, where nobody else's do.
 */
export function withOwnRepository(claims: Claims, own: string | undefined): Claims {
  return own === undefined ? claims : { ...claims, sources: [...(claims.sources ?? []), own] };
}

/** The annotations of a tenant's namespace that say what may be claimed in it; no tenant can write them. */
export const claimNames: Readonly<Record<keyof Claims, string>> = {
  domains: "terp.dev/domains",
  sources: "terp.dev/sources",
  images: "terp.dev/images",
  ranges: "terp.dev/ranges",
};

const kinds = ["domains", "sources", "images", "ranges"] as const;

const faultsIn: Readonly<Record<keyof Claims, (path: string, value: string) => Fault[]>> = {
  domains: domainFaults,
  sources: sourceFaults,
  images: imageFaults,
  ranges: rangeFaults,
};

/**
 * The annotations for a tenant's namespaces. What isn't claimed has none; an empty list of images has one, for no image
 * isn't any image.
 */
export function claimAnnotations(claims: Claims): Record<string, string> {
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const values = claims[kind];
      if (values === undefined || (values.length === 0 && kind !== "images")) return [];
      return [[claimNames[kind], values.join(",")]];
    }),
  );
}

/**
 * Everything that is wrong with what a tenant may claim.
 *
 * @param path Where it stands, for the messages; empty if the message says so by itself.
 */
export function claimFaults(path: string, claims: Claims): Fault[] {
  const place = (kind: string): string => (path === "" ? kind : `${path}.${kind}`);
  const faults = kinds.flatMap((kind) =>
    (claims[kind] ?? []).flatMap((value, index) => faultsIn[kind](`${place(kind)}[${String(index)}]`, value)),
  );
  if (claims.images?.length === 0) {
    faults.push({
      path: place("images"),
      given: "an empty list",
      expected: "at least one image: without any, nothing could run",
      remedy: "name a registry up to a slash, or leave `images` out to allow any",
    });
  }
  return faults;
}

/** An expression for the values of a claim in the request's namespace. */
export function claimed(kind: keyof Claims): string {
  return split(`namespaceObject.metadata.?annotations[?${text(claimNames[kind])}].orValue("")`);
}

/** An expression: whether the request's namespace has a claim at all. */
export function isClaimed(kind: keyof Claims): string {
  return `namespaceObject.metadata.?annotations[?${text(claimNames[kind])}].hasValue()`;
}
