import { isIPv4, isIPv6 } from "node:net";
import type { Fault } from "./fault";

/** A range of addresses: those that have the same first bits. */
interface Range {
  readonly family: 4 | 6;
  readonly address: bigint;
  readonly bits: number;
}

/** Addresses that nobody's pods may reach, whatever is claimed. */
const forbidden: readonly (readonly [cidr: string, what: string])[] = [
  ["0.0.0.0/8", "the machine itself"],
  ["127.0.0.0/8", "the machine itself"],
  ["169.254.0.0/16", "where clouds hand out a machine's credentials"],
  ["168.63.129.16/32", "where Azure hands out a machine's settings"],
  ["100.100.100.200/32", "where a cloud hands out a machine's credentials"],
  ["::1/128", "the machine itself"],
  ["fe80::/10", "what is next to the machine"],
  ["fd00:ec2::254/128", "where AWS hands out a machine's credentials"],
  ["fd20:ce::254/128", "where Google hands out a machine's credentials"],
  ["::ffff:0:0/96", "IPv4 in disguise"],
  ["64:ff9b::/96", "IPv4 in disguise"],
];

/** Everything that is wrong with a range of addresses that network policies open to somebody's pods. */
export function rangeFaults(path: string, cidr: string): Fault[] {
  const fault = (expected: string, remedy: string): Fault[] => [
    { path, given: JSON.stringify(cidr), expected, remedy },
  ];
  const range = rangeOf(cidr);
  if (range === undefined) {
    const remedy =
      isIPv4(cidr) || isIPv6(cidr)
        ? `write "${cidr}/${isIPv4(cidr) ? "32" : "128"}"`
        : 'write for example "192.0.2.0/24"';
    return fault("a range as CIDR: an address, a slash and a number of bits", remedy);
  }
  const first = firstOf(range);
  if (first !== range.address) {
    const remedy = `write "${formatted({ ...range, address: first })}"`;
    return fault(`a range's first address before the slash`, remedy);
  }
  if (range.bits === 0) {
    return fault("less than every address", "name the ranges that the tenant connects to");
  }
  for (const [other, what] of forbidden) {
    if (overlap(range, rangeOf(other))) {
      return fault(
        `a range without ${other}, which is ${what}`,
        "name smaller ranges that leave it out, or none",
      );
    }
  }
  return [];
}

function rangeOf(cidr: string): Range | undefined {
  const [address = "", bits = "", ...more] = cidr.split("/");
  if (more.length > 0 || !/^(0|[1-9][0-9]{0,2})$/.test(bits)) return undefined;
  if (isIPv4(address) && Number(bits) <= 32) {
    return { family: 4, address: fromParts(address.split("."), 10, 8n), bits: Number(bits) };
  }
  // A zone belongs to a machine and not to a range; IPv4 inside IPv6 is written in its own way.
  if (isIPv6(address) && !/[%.]/.test(address) && Number(bits) <= 128) {
    return { family: 6, address: fromParts(partsOf(address), 16, 16n), bits: Number(bits) };
  }
  return undefined;
}

/** The eight parts of an IPv6 address, of which `::` leaves some out. */
function partsOf(address: string): string[] {
  const [before = "", after] = address.split("::");
  const parts = (side: string): string[] => (side === "" ? [] : side.split(":"));
  if (after === undefined) return parts(before);
  const missing = 8 - parts(before).length - parts(after).length;
  return [...parts(before), ...Array<string>(missing).fill("0"), ...parts(after)];
}

function fromParts(parts: readonly string[], base: number, bits: bigint): bigint {
  return parts.reduce((sum, part) => (sum << bits) + BigInt(parseInt(part, base)), 0n);
}

function hostBits({ family, bits }: Range): bigint {
  return BigInt((family === 4 ? 32 : 128) - bits);
}

function firstOf(range: Range): bigint {
  const host = hostBits(range);
  return (range.address >> host) << host;
}

function overlap(one: Range, other: Range | undefined): boolean {
  if (other?.family !== one.family) return false;
  const host = hostBits(one.bits < other.bits ? one : other);
  return one.address >> host === other.address >> host;
}

function formatted({ family, address, bits }: Range): string {
  const part = (index: number, size: number): bigint =>
    (address >> BigInt(index * size)) & ((1n << BigInt(size)) - 1n);
  if (family === 4) return `${[3, 2, 1, 0].map((index) => String(part(index, 8))).join(".")}/${String(bits)}`;
  const long = [7, 6, 5, 4, 3, 2, 1, 0].map((index) => part(index, 16).toString(16)).join(":");
  // The URL standard shortens an address as RFC 5952 does.
  return `${new URL(`http://[${long}]`).hostname.slice(1, -1)}/${String(bits)}`;
}
