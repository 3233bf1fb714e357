import type { CheckFailure } from "../server/provider";
import type { PropertyMap, PropertyValue } from "../server/values";

/** An input of a kind. */
export interface Property {
  readonly type: "number" | "boolean" | "string" | "map" | "list";
  /** Value of the output when the input is absent. */
  readonly default?: PropertyValue;
  /** Whether a change keeps the object; else it makes a new one. @default false */
  readonly updatable?: boolean;
  /** Warned of when it is given: what to use instead. */
  readonly deprecated?: string;
}

/** What making an object gave. */
export interface Made {
  readonly id: string;
  /** The outputs beyond the inputs; secret ones wrapped. */
  readonly outputs: PropertyMap;
}

/** What an import gave. */
export interface Imported extends Made {
  /** The inputs that would have made the object. */
  readonly inputs: PropertyMap;
}

/**
 * A kind of resource that is made once from its inputs and random numbers and then lives in the state alone: a
 * password, a key, a certificate.
 */
export interface Kind {
  readonly properties: Readonly<Record<string, Property>>;
  /** Inputs that can't be left out. @default none */
  readonly required?: readonly string[];
  /** Outputs that aren't known before the object is made. */
  readonly computed: readonly string[];
  /** What a replacement's diff names beside the changed inputs. @default nothing */
  readonly renewed?: readonly string[];
  /** The state's version in the official plugin, which the bridge records. @default none */
  readonly schemaVersion?: string;
  /** Judges inputs beyond their types; unknown values are to be left alone. */
  validate?(inputs: PropertyMap): readonly Invalid[];
  /** Fills in defaults that depend on other inputs; the simple ones are there already. */
  complete?(inputs: PropertyMap): PropertyMap;
  /** Fails on inputs that can't be made, in a preview too. @throws Error */
  refuse?(inputs: PropertyMap): void;
  /** Makes an object. All inputs are in clear, with defaults. @throws Error */
  make(inputs: PropertyMap): Promise<Made>;
  /** Adopts what somebody made elsewhere; absent: can't be imported. @throws Error if the id isn't one */
  adopt?(id: string): Promise<Imported>;
  /** What time changes about an object that is there. @param inputs those that the object is to have, with defaults */
  age?(outputs: PropertyMap, inputs: PropertyMap): Aged;
}

/** What is wrong with an input. */
export interface Invalid {
  /** Its path, e.g. `allowedUses[0]`. */
  readonly property: string;
  /** The fault, in the official plugin's words. */
  readonly text: string;
}

/** How time has changed an object. */
export interface Aged {
  /** Outputs that are different now. */
  readonly outputs: PropertyMap;
  /** Outputs for whose sake the object must be made anew. */
  readonly replaces: readonly string[];
}

/** A failure of a check, in the words of the official plugins. */
export function checkFailure(name: string, { property, text }: Invalid): CheckFailure {
  return { reason: `${text}. Examine values at '${name}.${property}'.` };
}

/** The name that the official plugin's messages use for a property: `allowedUses` is `allowed_uses`. */
export function attributeName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
