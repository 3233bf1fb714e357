/** The parts of a resource's URN that people and rules need. */
export interface UrnParts {
  /** The last type token, e.g. `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** The types of its parents, outermost first. */
  readonly parentTypes: readonly string[];
  readonly name: string;
}

/**
 * Takes a URN (`urn:pulumi:stack::project::parentType$type::name`) apart.
 *
 * @throws if it isn't one.
 */
export function parseUrn(urn: string): UrnParts {
  const [head, , types, ...name] = urn.split("::");
  if (head?.startsWith("urn:pulumi:") !== true || types === undefined || name.length === 0) {
    throw new Error(`URN of a resource: got "${urn}", expected urn:pulumi:stack::project::type::name`);
  }
  const chain = types.split("$");
  return { type: chain.at(-1) ?? types, parentTypes: chain.slice(0, -1), name: name.join("::") };
}

/** A resource in a person's words, e.g. `Deployment source-controller`. */
export function describeUrn(urn: string): string {
  const { type, name } = parseUrn(urn);
  return `${type.split(":").at(-1) ?? type} ${name}`;
}
