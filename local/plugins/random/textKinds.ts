import { type Invalid, type Kind, type Made, type Property, attributeName } from "../generated/kind";
import { secret, type PropertyMap } from "../server/values";
import { systemDice } from "./dice";
import { bcryptHash } from "./hash";
import { drawText, type TextRules } from "./text";

const classes = ["special", "upper", "lower", "numeric"] as const;
const minimums = ["minUpper", "minLower", "minNumeric", "minSpecial"] as const;
const flag: Property = { type: "boolean", default: true };
const minimum: Property = { type: "number", default: 0 };

const properties = {
  keepers: { type: "map" },
  length: { type: "number" },
  lower: flag,
  upper: flag,
  special: flag,
  numeric: { type: "boolean" },
  number: { type: "boolean", deprecated: "**NOTE**: This is deprecated, use `numeric` instead." },
  minLower: minimum,
  minUpper: minimum,
  minNumeric: minimum,
  minSpecial: minimum,
  overrideSpecial: { type: "string" },
} satisfies Record<string, Property>;

/** What passwords and strings have in common. */
const text = {
  properties,
  required: ["length"],
  validate,
  complete: (inputs) => {
    const numeric = inputs["numeric"] ?? inputs["number"] ?? true;
    return { ...inputs, numeric, number: inputs["number"] ?? numeric };
  },
  refuse: ({ number, numeric }) => {
    if (number === numeric) return;
    const fault = "Number and numeric are both configured with different values";
    throw new Error(`1 error occurred:\n\t* : ${fault} - Number is deprecated, use numeric instead`);
  },
} satisfies Partial<Kind>;

/** `random.RandomPassword`: the text is secret, its id says nothing. */
export const randomPassword: Kind = {
  ...text,
  computed: ["result", "bcryptHash"],
  schemaVersion: "3",
  make: async (inputs) => await password(drawText(rules(inputs), systemDice)),
  adopt: async (id) => ({ ...(await password(id)), inputs: inputsOf(id) }),
};

/** `random.RandomString`: the text is its id, and no secret. */
export const randomString: Kind = {
  ...text,
  computed: ["result"],
  schemaVersion: "2",
  make: (inputs) => Promise.resolve(plain(drawText(rules(inputs), systemDice))),
  adopt: (id) => Promise.resolve({ ...plain(id), inputs: inputsOf(id) }),
};

async function password(result: string): Promise<Made> {
  const outputs = { id: "none", result: secret(result), bcryptHash: secret(await bcryptHash(result)) };
  return { id: "none", outputs };
}

function plain(result: string): Made {
  return { id: result, outputs: { id: result, result } };
}

function rules(inputs: PropertyMap): TextRules {
  return inputs as unknown as TextRules;
}

function inputsOf(value: string): PropertyMap {
  const length = Array.from(value).length;
  return { length, lower: true, number: true, numeric: true, special: true, upper: true };
}

function validate(inputs: PropertyMap): readonly Invalid[] {
  return [...validateLength(inputs), ...validateClasses(inputs)];
}

function validateLength({ length, ...inputs }: PropertyMap): readonly Invalid[] {
  if (typeof length !== "number") return [];
  const invalid = (what: string): Invalid => ({
    property: "length",
    text: `Invalid Attribute Value. Attribute length value must be at least ${what}, got: ${String(length)}`,
  });
  if (length < 1) return [invalid("1")];
  const given = minimums.map((name) => inputs[name] ?? 0);
  if (!given.every((value) => typeof value === "number")) return [];
  if (length >= given.reduce((sum, value) => sum + value, 0)) return [];
  const names = ["minUpper", "minLower", "minNumeric", "minSpecial"].map(attributeName);
  return [invalid(`sum of ${names.join(" + ")}`)];
}

function validateClasses(inputs: PropertyMap): readonly Invalid[] {
  if (!classes.every((name) => inputs[name] === false)) return [];
  const choice = `At least one attribute out of [${classes.join(",")}] must be specified as true`;
  return [{ property: "numeric", text: `Invalid Attribute Combination. ${choice}` }];
}
