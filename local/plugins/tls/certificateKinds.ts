import { type Invalid, type Kind, type Property, attributeName } from "../generated/kind";
import type { PropertyMap } from "../server/values";
import type { CertificateTerms, Issued } from "./certificates";
import { algorithmOf, readPrivateKey } from "./keys";
import type { AlternativeNames, Subject } from "./names";
import { mismatch } from "./privateKeyKind";
import { isReadyForRenewal } from "./renewal";
import { allUses } from "./uses";

const names = {
  dnsNames: { type: "list" },
  ipAddresses: { type: "list" },
  subject: { type: "map" },
  uris: { type: "list" },
} satisfies Record<string, Property>;

const terms = {
  allowedUses: { type: "list" },
  earlyRenewalHours: { type: "number", default: 0, updatable: true },
  isCaCertificate: { type: "boolean", default: false },
  maxPathLength: { type: "number" },
  setSubjectKeyId: { type: "boolean", default: false },
  validityPeriodHours: { type: "number" },
} satisfies Record<string, Property>;

const validity = ["id", "certPem", "readyForRenewal", "validityEndTime", "validityStartTime"];

type Named = AlternativeNames & { readonly subject?: Subject };

/** `tls.CertRequest`. Its id is the hash of the request. */
export const certRequest: Kind = {
  properties: { ...names, privateKeyPem: { type: "string" } },
  required: ["privateKeyPem"],
  computed: ["id", "certRequestPem", "keyAlgorithm"],
  make: async (inputs) => {
    const { makeRequest } = await import("./certificates.js");
    const privateKeyPem = text(inputs, "privateKeyPem");
    const { pem, hash } = makeRequest(privateKeyPem, inputs);
    const keyAlgorithm = algorithmOf(readPrivateKey(privateKeyPem));
    return { id: hash, outputs: { id: hash, certRequestPem: pem, keyAlgorithm } };
  },
};

/** `tls.SelfSignedCert`. Its id is the serial number in decimal. */
export const selfSignedCert: Kind = {
  properties: {
    ...names,
    ...terms,
    privateKeyPem: { type: "string" },
    setAuthorityKeyId: { type: "boolean", default: false },
  },
  required: ["allowedUses", "privateKeyPem", "validityPeriodHours"],
  computed: [...validity, "keyAlgorithm"],
  validate,
  make: async (inputs) => {
    const { selfSign } = await import("./certificates.js");
    const privateKeyPem = text(inputs, "privateKeyPem");
    const keyAlgorithm = algorithmOf(readPrivateKey(privateKeyPem));
    const issued = selfSign(privateKeyPem, inputs as unknown as CertificateTerms & Named, new Date());
    return made(issued, inputs, { keyAlgorithm });
  },
  age,
};

/** `tls.LocallySignedCert`. Its id is the serial number in decimal. */
export const locallySignedCert: Kind = {
  properties: {
    ...terms,
    caCertPem: { type: "string" },
    caPrivateKeyPem: { type: "string" },
    certRequestPem: { type: "string" },
  },
  required: ["allowedUses", "caCertPem", "caPrivateKeyPem", "certRequestPem", "validityPeriodHours"],
  computed: [...validity, "caKeyAlgorithm"],
  validate,
  make: async (inputs) => {
    const { signRequest } = await import("./certificates.js");
    const privateKeyPem = text(inputs, "caPrivateKeyPem");
    const authority = {
      privateKeyPem,
      certPem: text(inputs, "caCertPem"),
      requestPem: text(inputs, "certRequestPem"),
    };
    const caKeyAlgorithm = algorithmOf(readPrivateKey(privateKeyPem));
    const issued = signRequest(authority, inputs as unknown as CertificateTerms, new Date());
    return made(issued, inputs, { caKeyAlgorithm });
  },
  age,
};

function made(issued: Issued, inputs: PropertyMap, more: PropertyMap) {
  const validityEndTime = issued.notAfter.toISOString();
  const outputs = {
    id: issued.serial,
    certPem: issued.certPem,
    validityStartTime: issued.notBefore.toISOString(),
    validityEndTime,
    readyForRenewal: isReady(validityEndTime, inputs),
    ...more,
  };
  return { id: issued.serial, outputs };
}

/** A certificate that is due is made anew by every update until it is renewed for long enough. */
function age(outputs: PropertyMap, inputs: PropertyMap) {
  const ready = isReady(outputs["validityEndTime"], inputs);
  return { outputs: { readyForRenewal: ready }, replaces: ready ? ["readyForRenewal"] : [] };
}

function isReady(validityEndTime: unknown, inputs: PropertyMap): boolean {
  const hours = inputs["earlyRenewalHours"];
  const earlyHours = typeof hours === "number" ? hours : 0;
  return isReadyForRenewal({ end: new Date(String(validityEndTime)), earlyHours, now: new Date() });
}

function validate({ allowedUses, ...numbers }: PropertyMap): readonly Invalid[] {
  const uses = Array.isArray(allowedUses) ? allowedUses : [];
  const unknownUses = uses.flatMap((use, index) => {
    if (typeof use !== "string" || allUses.includes(use)) return [];
    const place = `[${String(index)}]`;
    return [{ property: `allowedUses${place}`, text: mismatch(`allowed_uses${place}`, allUses, use) }];
  });
  const negative = ["earlyRenewalHours", "validityPeriodHours"].flatMap((property) => {
    const value = numbers[property];
    if (typeof value !== "number" || value >= 0) return [];
    const expected = `Attribute ${attributeName(property)} value must be at least 0, got: ${String(value)}`;
    return [{ property, text: `Invalid Attribute Value. ${expected}` }];
  });
  return [...unknownUses, ...negative];
}

function text(inputs: PropertyMap, key: string): string {
  const value = inputs[key];
  if (typeof value !== "string") throw new Error(`${key} is missing: expected a text in PEM`);
  return value;
}
