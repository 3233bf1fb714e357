import { pick, shuffled, type Dice } from "./dice";

/** What a random text may and must hold. */
export interface TextRules {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  /** The special characters to choose from. @default !@#$%&*()-_=+[]{}<>:? */
  readonly overrideSpecial?: string;
}

const lowerCase = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

/**
 * Draws a text: first what each class must hold at least, then any allowed character, then all in random order.
 *
 * @throws Error if no class of characters is allowed, or the minimums need more than the length.
 */
export function drawText(rules: TextRules, dice: Dice): string {
  const special = rules.overrideSpecial ?? specialCharacters;
  const classes = [
    { characters: Array.from(lowerCase.toUpperCase()), allowed: rules.upper, minimum: rules.minUpper },
    { characters: Array.from(lowerCase), allowed: rules.lower, minimum: rules.minLower },
    { characters: Array.from(digits), allowed: rules.numeric, minimum: rules.minNumeric },
    { characters: Array.from(special), allowed: rules.special, minimum: rules.minSpecial },
  ];
  const anyOf = classes.filter(({ allowed }) => allowed).flatMap(({ characters }) => characters);
  const drawn: string[] = [];
  for (const { characters, minimum } of classes) {
    for (let count = 0; count < minimum; count++) drawn.push(pick(characters, dice));
  }
  if (drawn.length > rules.length)
    throw new Error("the minimums need more characters than the length allows");
  if (anyOf.length === 0) throw new Error("no class of characters is allowed");
  while (drawn.length < rules.length) drawn.push(pick(anyOf, dice));
  return shuffled(drawn, dice).join("");
}
