import type { SystemPackage } from "../toolchain/systemPackages";

/** What the node needs of the system besides its own programs. */
export const packagesForNode: readonly SystemPackage[] = [
  { name: "nftables", purpose: "Services and network policies of the embedded cluster", commands: ["nft"] },
  { name: "iproute2", purpose: "the network of the embedded cluster", commands: ["ip"] },
  {
    name: "util-linux",
    purpose: "the namespaces of the embedded cluster",
    commands: ["nsenter", "unshare"],
  },
  { name: "mount", purpose: "the mounts of the embedded cluster", commands: ["mount", "umount"] },
];
