import { randomBytes, randomUUID } from "node:crypto";
import { type Invalid, type Kind, type Made, attributeName } from "../generated/kind";
import { secret, type PropertyMap } from "../server/values";
import { formatUuid, timedUuid } from "./uuid";

/** `random.RandomId`: the bytes in several notations, none of them secret. */
export const randomId: Kind = {
  properties: { keepers: { type: "map" }, byteLength: { type: "number" }, prefix: { type: "string" } },
  required: ["byteLength"],
  computed: ["b64Std", "b64Url", "dec", "hex", "id"],
  validate: (inputs) => atLeastOne(inputs, "byteLength"),
  make: (inputs) => Promise.resolve(idOf(randomBytes(Number(inputs["byteLength"])), prefixOf(inputs))),
  adopt: (id) => {
    const comma = id.lastIndexOf(",");
    const prefix = comma < 0 ? {} : { prefix: id.slice(0, comma) };
    const bytes = Buffer.from(id.slice(comma + 1), "base64url");
    if (bytes.length === 0) throw new Error(`"${id}" is no random id: expected [prefix,]base64url`);
    return Promise.resolve({
      ...idOf(bytes, prefix.prefix ?? ""),
      inputs: { byteLength: bytes.length, ...prefix },
    });
  },
};

/** `random.RandomBytes`: secret bytes. */
export const randomBytesKind: Kind = {
  properties: { keepers: { type: "map" }, length: { type: "number" } },
  required: ["length"],
  computed: ["base64", "hex"],
  validate: (inputs) => atLeastOne(inputs, "length"),
  make: (inputs) => Promise.resolve(bytesOf(randomBytes(Number(inputs["length"])))),
  adopt: (id) => {
    const bytes = Buffer.from(id, "base64");
    if (bytes.toString("base64") !== id) throw new Error("the id to import isn't base64 of random bytes");
    return Promise.resolve({ ...bytesOf(bytes), inputs: { length: bytes.length } });
  },
};

/** `random.RandomUuid`: 16 random bytes in the notation of a UUID, of no version. */
export const randomUuid = uuidKind(() => formatUuid(randomBytes(16)));

/** `random.RandomUuid4`: a UUID of version 4 (RFC 9562), random but for its version. */
export const randomUuid4 = uuidKind(() => randomUUID());

/** `random.RandomUuid7`: a UUID of version 7 (RFC 9562), which begins with the time. */
export const randomUuid7 = uuidKind(() => timedUuid(Date.now(), randomBytes(10)));

function uuidKind(draw: () => string): Kind {
  return {
    properties: { keepers: { type: "map" } },
    computed: ["result"],
    make: () => Promise.resolve(uuidOf(draw())),
    adopt: (id) => {
      if (!/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id)) throw new Error(`"${id}" is no UUID`);
      return Promise.resolve({ ...uuidOf(id.toLowerCase()), inputs: {} });
    },
  };
}

function uuidOf(result: string): Made {
  return { id: result, outputs: { id: result, result } };
}

function idOf(bytes: Buffer, prefix: string): Made {
  const id = bytes.toString("base64url");
  const notations = {
    b64Url: prefix + id,
    b64Std: prefix + bytes.toString("base64"),
    hex: prefix + bytes.toString("hex"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
  };
  return { id, outputs: { id, ...notations } };
}

/** The official plugin uses the bytes themselves as the id, so they are in the state in clear. */
function bytesOf(bytes: Buffer): Made {
  const base64 = bytes.toString("base64");
  return { id: base64, outputs: { base64: secret(base64), hex: secret(bytes.toString("hex")) } };
}

function prefixOf({ prefix }: PropertyMap): string {
  return typeof prefix === "string" ? prefix : "";
}

function atLeastOne(inputs: PropertyMap, property: string): readonly Invalid[] {
  const value = inputs[property];
  if (typeof value !== "number" || value >= 1) return [];
  const expected = `Attribute ${attributeName(property)} value must be at least 1, got: ${String(value)}`;
  return [{ property, text: `Invalid Attribute Value. ${expected}` }];
}
