import { createHash, type KeyObject } from "node:crypto";
import { type Invalid, type Kind, attributeName } from "../generated/kind";
import { secret, type PropertyMap } from "../server/values";
import {
  algorithmOf,
  makeKey,
  privatePem,
  privatePkcs8Pem,
  publicDer,
  publicPem,
  readPrivateKey,
  type KeyChoice,
} from "./keys";
import { opensshPrivateKey, opensshPublicKey } from "./openssh";

const algorithms = ["RSA", "ECDSA", "ED25519"];
const curves = ["P224", "P256", "P384", "P521"];
const computed = [
  ...["id", "privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8", "publicKeyFingerprintMd5"],
  ...["publicKeyFingerprintSha256", "publicKeyOpenssh", "publicKeyPem"],
];

/** `tls.PrivateKey`. Its id is the hash of its public key. */
export const privateKey: Kind = {
  properties: {
    algorithm: { type: "string" },
    ecdsaCurve: { type: "string", default: "P224" },
    rsaBits: { type: "number", default: 2048 },
  },
  required: ["algorithm"],
  computed,
  renewed: computed,
  schemaVersion: "1",
  validate: (inputs) => [...oneOf(inputs, "algorithm", algorithms), ...oneOf(inputs, "ecdsaCurve", curves)],
  make: async (inputs) => {
    const key = await makeKey(inputs as unknown as KeyChoice);
    const outputs = {
      ...publicOutputs(key),
      privateKeyOpenssh: secret(opensshPrivateKey(key) ?? ""),
      privateKeyPem: secret(privatePem(key)),
      privateKeyPemPkcs8: secret(privatePkcs8Pem(key)),
    };
    return { id: outputs.id, outputs };
  },
};

/** `tls.getPublicKey`: what can be said of a private key's public one. @throws Error if there is no key in PEM */
export function getPublicKey(inputs: PropertyMap): PropertyMap {
  const pem = inputs["privateKeyPem"];
  if (typeof pem !== "string") {
    throw new Error(
      "tls.getPublicKey: privateKeyPem is missing; this stand-in plugin doesn't read privateKeyOpenssh",
    );
  }
  const key = readPrivateKey(pem);
  return { ...publicOutputs(key), algorithm: algorithmOf(key), privateKeyPem: secret(pem) };
}

function publicOutputs(key: KeyObject) {
  const openssh = opensshPublicKey(key);
  return {
    id: createHash("sha1").update(publicDer(key)).digest("hex"),
    publicKeyFingerprintMd5: openssh?.fingerprintMd5 ?? "",
    publicKeyFingerprintSha256: openssh?.fingerprintSha256 ?? "",
    publicKeyOpenssh: openssh?.publicKey ?? "",
    publicKeyPem: publicPem(key),
  };
}

function oneOf(inputs: PropertyMap, property: string, allowed: readonly string[]): readonly Invalid[] {
  const value = inputs[property];
  if (typeof value !== "string" || allowed.includes(value)) return [];
  return [{ property, text: mismatch(attributeName(property), allowed, value) }];
}

/** The official plugin's words for a value that isn't one of those allowed. */
export function mismatch(attribute: string, allowed: readonly string[], value: string): string {
  const list = allowed.map((item) => `"${item}"`).join(" ");
  return `Invalid Attribute Value Match. Attribute ${attribute} value must be one of: [${list}], got: "${value}"`;
}
