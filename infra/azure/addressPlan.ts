/** A range of IPv4 addresses. */
export interface Range {
  /** Its first address as a number. */
  readonly first: number;
  /** Length of its prefix. */
  readonly prefix: number;
}

/** Where an environment's network has what. */
export interface AddressPlan {
  /** The whole network. */
  readonly network: string;
  /** Nodes and inner load balancers: the first half. */
  readonly nodes: string;
  /** The private endpoints of stores: 32 addresses at the start of the second half. */
  readonly endpoints: string;
  /** The cluster's own DNS server: the tenth address of the services' range, as Azure has it. */
  readonly dnsServer: string;
  /** How many nodes have an address, with those that an upgrade adds for a while. */
  readonly mostNodes: number;
}

/** Azure keeps five addresses of each subnet for itself (its documentation on virtual networks). */
const keptBySubnet = 5;

/** A node's share of pods' addresses is a `/24` (AKS' documentation on Azure CNI overlay). */
const nodePrefix = 24;

/** What services' addresses mustn't touch (AKS' documentation on Azure CNI overlay). */
export const reservedRanges: readonly string[] = [
  "169.254.0.0/16",
  "172.30.0.0/16",
  "172.31.0.0/16",
  "192.0.2.0/24",
];

/**
 * Divides an environment's network.
 *
 * @param ranges the network's own range, from `/16` to `/22`, and those of pods and services.
 */
export function addressPlan(ranges: {
  readonly range: string;
  readonly pods: string;
  readonly services: string;
}): AddressPlan {
  const { first, prefix } = rangeOf(ranges.range);
  const half = 2 ** (31 - prefix);
  return {
    network: ranges.range,
    nodes: textOf({ first, prefix: prefix + 1 }),
    endpoints: textOf({ first: first + half, prefix: 27 }),
    dnsServer: addressText(rangeOf(ranges.services).first + 10),
    mostNodes: Math.min(half - keptBySubnet, 2 ** Math.max(0, nodePrefix - rangeOf(ranges.pods).prefix)),
  };
}

/** A range from its text, e.g. `10.64.0.0/16`. */
export function rangeOf(text: string): Range {
  const [address = "", prefix = ""] = text.split("/");
  return {
    first: address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0),
    prefix: Number(prefix),
  };
}

/** The range that has this address and begins where a range of its size can. */
export function alignedRange(text: string): string {
  const { first, prefix } = rangeOf(text);
  const size = 2 ** (32 - prefix);
  return textOf({ first: Math.floor(first / size) * size, prefix });
}

/** Whether two ranges have an address in common. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [rangeOf(one), rangeOf(other)];
  return a.first < b.first + 2 ** (32 - b.prefix) && b.first < a.first + 2 ** (32 - a.prefix);
}

function textOf({ first, prefix }: Range): string {
  return `${addressText(first)}/${String(prefix)}`;
}

function addressText(address: number): string {
  return [2 ** 24, 2 ** 16, 2 ** 8, 1].map((unit) => String(Math.floor(address / unit) % 256)).join(".");
}
