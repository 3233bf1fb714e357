import { isIP } from "node:net";
import {
  AttributeTypeAndValue,
  AttributeValue,
  GeneralName,
  Name,
  RelativeDistinguishedName,
} from "@peculiar/asn1-x509";

/** Whom a certificate is about. */
export interface Subject {
  readonly commonName?: string;
  readonly country?: string;
  readonly emailAddress?: string;
  readonly locality?: string;
  readonly organization?: string;
  readonly organizationalUnit?: string;
  readonly postalCode?: string;
  readonly province?: string;
  readonly serialNumber?: string;
  readonly streetAddresses?: readonly string[];
}

/** The attribute types in the order in which the official plugin writes them. */
const attributes = [
  ["country", "2.5.4.6"],
  ["organization", "2.5.4.10"],
  ["organizationalUnit", "2.5.4.11"],
  ["locality", "2.5.4.7"],
  ["province", "2.5.4.8"],
  ["streetAddresses", "2.5.4.9"],
  ["postalCode", "2.5.4.17"],
  ["commonName", "2.5.4.3"],
  ["serialNumber", "2.5.4.5"],
  ["emailAddress", "1.2.840.113549.1.9.1"],
] as const;

/** The distinguished name of a subject; empty without one. */
export function distinguishedName(subject: Subject = {}): Name {
  const relatives = attributes.flatMap(([key, type]) => {
    const values = [subject[key] ?? []].flat().filter((value) => value !== "");
    if (values.length === 0) return [];
    return [new RelativeDistinguishedName(values.map((value) => attribute(type, value)))];
  });
  return new Name(relatives);
}

function attribute(type: string, value: string): AttributeTypeAndValue {
  const isPrintable = /^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value);
  const isEmail = type === "1.2.840.113549.1.9.1";
  const choice = isEmail
    ? { ia5String: value }
    : isPrintable
      ? { printableString: value }
      : { utf8String: value };
  return new AttributeTypeAndValue({ type, value: new AttributeValue(choice) });
}

/** Other names by which the subject of a certificate goes. */
export interface AlternativeNames {
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
  readonly uris?: readonly string[];
}

/** The alternative names, of which there may be none. @throws Error naming an address that is none */
export function alternativeNames(names: AlternativeNames): GeneralName[] {
  return [
    ...(names.dnsNames ?? []).map((dNSName) => new GeneralName({ dNSName })),
    ...(names.ipAddresses ?? []).map((address) => {
      if (isIP(address) === 0) throw new Error(`invalid IP address found in ip_addresses list: ${address}`);
      return new GeneralName({ iPAddress: address });
    }),
    ...(names.uris ?? []).map((uniformResourceIdentifier) => new GeneralName({ uniformResourceIdentifier })),
  ];
}
