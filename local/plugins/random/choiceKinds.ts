import type { Invalid, Kind } from "../generated/kind";
import type { PropertyMap, PropertyValue } from "../server/values";
import { pick, shuffled, systemDice, type Dice } from "./dice";
import { adjectives, adverbs, animals } from "./words";

/** `random.RandomInteger`: a whole number from `min` to `max`, both included. */
export const randomInteger: Kind = {
  properties: {
    keepers: { type: "map" },
    max: { type: "number" },
    min: { type: "number" },
    seed: { type: "string" },
  },
  required: ["max", "min"],
  computed: ["id", "result"],
  validate: noSeed,
  refuse: (inputs) => {
    const { min, max } = bounds(inputs);
    if (max < min)
      throw new Error("The minimum (min) value needs to be smaller than or equal to maximum (max) value.");
  },
  make: (inputs) => {
    const { min, max } = bounds(inputs);
    const result = min + systemDice(max - min + 1);
    return Promise.resolve({ id: String(result), outputs: { id: String(result), result } });
  },
  adopt: (id) => {
    const [result = NaN, min = NaN, max = NaN, ...more] = id.split(",").map(Number);
    const valid = more.length === 0 && [result, min, max].every(Number.isInteger);
    if (!valid) throw new Error(`"${id}" is no random integer: expected result,min,max`);
    const outputs = { id: String(result), result };
    return Promise.resolve({ id: String(result), outputs, inputs: { min, max } });
  },
};

/** `random.RandomShuffle`: some of the inputs in random order; more than there are begin again with all of them. */
export const randomShuffle: Kind = {
  properties: {
    inputs: { type: "list" },
    keepers: { type: "map" },
    resultCount: { type: "number" },
    seed: { type: "string" },
  },
  required: ["inputs"],
  computed: ["id", "results"],
  validate: noSeed,
  make: ({ inputs, resultCount }) => {
    const items = inputs as PropertyValue[];
    const count = typeof resultCount === "number" && resultCount > 0 ? resultCount : items.length;
    return Promise.resolve({ id: "-", outputs: { id: "-", results: shuffledTo(items, count, systemDice) } });
  },
};

/** `random.RandomPet`: words that are easy to remember. They say nothing and keep no secret. */
export const randomPet: Kind = {
  properties: {
    keepers: { type: "map" },
    length: { type: "number", default: 2 },
    prefix: { type: "string" },
    separator: { type: "string", default: "-" },
  },
  computed: ["id"],
  make: ({ length, prefix, separator }) => {
    const words = petName(Number(length), systemDice);
    const start = typeof prefix === "string" && prefix !== "" ? [prefix] : [];
    const id = [...start, ...words].join(typeof separator === "string" ? separator : "-");
    return Promise.resolve({ id, outputs: { id } });
  },
};

/** A pet's name: adverbs, an adjective and an animal, as far as the number of words goes. */
export function petName(length: number, dice: Dice): readonly string[] {
  const animal = pick(animals, dice);
  if (length < 2) return [animal];
  const words = Array.from({ length: length - 2 }, () => pick(adverbs, dice));
  return [...words, pick(adjectives, dice), animal];
}

/** As many items as asked for: all in random order, then all again in another, and so on. */
export function shuffledTo<T>(items: readonly T[], count: number, dice: Dice): T[] {
  const result: T[] = [];
  while (items.length > 0 && result.length < count) result.push(...shuffled(items, dice));
  return result.slice(0, count);
}

function bounds(inputs: PropertyMap): { min: number; max: number } {
  return { min: Number(inputs["min"]), max: Number(inputs["max"]) };
}

/** What a seed leads to is the official plugin's secret; anything else drawn from it would be a surprise later. */
function noSeed({ seed }: PropertyMap): readonly Invalid[] {
  if (seed === undefined || seed === null || seed === "") return [];
  const text = "A seed isn't supported by this stand-in plugin, whose draws can't be repeated: leave it out";
  return [{ property: "seed", text }];
}
