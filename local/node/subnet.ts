/** One end-to-end link between the host and a node. */
export interface Link {
  /** The /30, as `10.203.4.0/30`. */
  readonly subnet: string;
  readonly hostAddress: string;
  readonly nodeAddress: string;
}

/** Ranges in which links are made, in order of preference: private ones that few networks use. */
const pools = ["10.203.0.0/16", "172.27.0.0/16", "192.168.203.0/24"];

/** An IPv4 range as its first and last address. */
interface Range {
  readonly first: number;
  readonly last: number;
}

function toNumber(address: string): number {
  return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

function toAddress(value: number): string {
  return [24, 16, 8, 0].map((shift) => String(Math.floor(value / 2 ** shift) % 256)).join(".");
}

/** A CIDR's range; a plain address is a range of one, `default` and anything that isn't IPv4 is no range. */
export function rangeOf(cidr: string): Range | undefined {
  const match = /^(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?$/.exec(cidr);
  if (match === null) return undefined;
  const size = 2 ** (32 - Number(match[2] ?? 32));
  const first = Math.floor(toNumber(match[1] ?? "") / size) * size;
  return { first, last: first + size - 1 };
}

function overlap(one: Range, other: Range): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** The two addresses of a /30. */
export function linkOf(subnet: string): Link {
  const range = rangeOf(subnet);
  if (range === undefined || range.last - range.first !== 3) {
    throw new Error(`"${subnet}" is not an IPv4 /30`);
  }
  return { subnet, hostAddress: toAddress(range.first + 1), nodeAddress: toAddress(range.first + 2) };
}

/** Whether a link can be made beside these routes. */
export function isFree(subnet: string, taken: readonly string[]): boolean {
  const range = rangeOf(subnet);
  if (range === undefined) return false;
  return taken.every((cidr) => {
    const other = rangeOf(cidr);
    return other === undefined || !overlap(range, other);
  });
}

/**
 * A /30 that collides with nothing.
 *
 * @param preference any whole number: which /30 of a pool is tried first, so that different nodes start apart.
 * @param taken CIDRs and addresses that are in use; what isn't IPv4 (`default`) is ignored.
 * @throws if every pool is taken.
 */
export function chooseLink(preference: number, taken: readonly string[]): Link {
  for (const pool of pools) {
    const range = rangeOf(pool);
    if (range === undefined) continue;
    const count = (range.last - range.first + 1) / 4;
    for (let step = 0; step < count; step++) {
      const index = (((preference + step) % count) + count) % count;
      const subnet = `${toAddress(range.first + index * 4)}/30`;
      if (isFree(subnet, taken)) return linkOf(subnet);
    }
  }
  throw new Error(
    `no room for the link to the embedded node: this machine has routes over all of ${pools.join(", ")}; free a /30 in one of them`,
  );
}
