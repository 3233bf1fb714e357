const domains = "this tenant's domains (blue.example.nl, blue.test)";

/** Of one that is somebody else's. */
export function stranger(host: string): string {
  return `host "${host}" isn't below ${domains}: use a name below one of them`;
}

/** Of a kind that names none. */
export function noHost(kind: string): string {
  return `${kind} without a host name takes every host: name a host below ${domains}`;
}
