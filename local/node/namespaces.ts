import { existsSync, mkdirSync, readFileSync, rmSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isThere, ownFolder } from "../files";
import { attempt, run } from "./shell";
import { serviceCidr, type NodeLayout } from "./spec";
import type { Link } from "./subnet";

/**
 * Paths that the node's programs write whatever they are told. In the node's mount namespace they show folders of the
 * node, so that two nodes, or a kubelet of the machine's own, don't get into each other's way.
 */
export const overlaidPaths = ["/var/lib/kubelet", "/var/lib/cni", "/var/log/containers", "/run/containerd"];

/** The mount points of a `/proc/mounts` text at or below a folder, the deepest first. */
export function mountsBelow(mounts: string, folder: string): readonly string[] {
  const points = mounts
    .split("\n")
    .map((line) =>
      (line.split(" ")[1] ?? "").replace(/\\([0-7]{3})/g, (_, code: string) =>
        String.fromCharCode(parseInt(code, 8)),
      ),
    )
    .filter((point) => point === folder || point.startsWith(`${folder}/`));
  // A path that is mounted over twice is listed twice; the later mount is unmounted first.
  return points.reverse().sort((one, other) => other.length - one.length);
}

function mounted(path: string): boolean {
  return mountsBelow(readFileSync("/proc/mounts", "utf8"), path).includes(path);
}

function readyFile(layout: NodeLayout): string {
  return join(layout.namespaces, "ready");
}

/** Whether the node's namespaces are complete, with the link to the host. */
export function hasNamespaces(layout: NodeLayout): boolean {
  return (
    mounted(layout.networkNamespace) &&
    mounted(layout.mountNamespace) &&
    existsSync(readyFile(layout)) &&
    isThere(`/sys/class/net/${layout.hostInterface}`)
  );
}

/** Runs a command in the node's network namespace. */
export async function inNetwork(
  layout: NodeLayout,
  command: readonly string[],
  input?: string,
): Promise<string> {
  return await run(
    "nsenter",
    [`--net=${layout.networkNamespace}`, "--", ...command],
    input === undefined ? {} : { input },
  );
}

/**
 * Makes the node's network and mount namespaces, and the link to the host. What was left of former ones is removed first,
 * so no program of the node may run.
 *
 * @param prepare what has to be done in the network before it counts as made.
 */
export async function makeNamespaces(
  layout: NodeLayout,
  link: Link,
  prepare: () => Promise<unknown>,
): Promise<void> {
  await removeNamespaces(layout);
  ownFolder(layout.namespaces);
  // A namespace can only be kept on a mount that isn't shared with other mount namespaces.
  await run("mount", ["--bind", layout.namespaces, layout.namespaces]);
  await run("mount", ["--make-private", layout.namespaces]);
  for (const file of [layout.networkNamespace, layout.mountNamespace]) writeFileSync(file, "");
  await Promise.all([makeMountNamespace(layout), makeNetworkNamespace(layout, link)]);
  await prepare();
  writeFileSync(readyFile(layout), "");
}

async function makeMountNamespace(layout: NodeLayout): Promise<void> {
  const binds: string[] = [];
  for (const path of overlaidPaths) {
    mkdirSync(path, { recursive: true });
    binds.push(ownFolder(overlayOf(layout, path)), path);
  }
  // Mounts of the host show up in the node's namespace; the node's own stay in it, and go with it.
  const script =
    'set -e; mount --make-rshared /; while [ $# -gt 0 ]; do mount --bind "$1" "$2"; shift 2; done';
  await run("unshare", [
    `--mount=${layout.mountNamespace}`,
    "--propagation=slave",
    "--",
    "/bin/sh",
    "-c",
    script,
    "sh",
    ...binds,
  ]);
}

function overlayOf(layout: NodeLayout, path: string): string {
  return join(layout.overlays, path.slice(1).replaceAll("/", "-"));
}

async function makeNetworkNamespace(layout: NodeLayout, link: Link): Promise<void> {
  await run("unshare", [`--net=${layout.networkNamespace}`, "--", "true"]);
  const { hostInterface } = layout;
  await attempt("ip", ["link", "delete", hostInterface]);
  const namespace = layout.networkNamespace;
  await run("ip", ["link", "add", hostInterface, "type", "veth", "peer", "name", "eth0", "netns", namespace]);
  const inside = [
    "set -e",
    // Without IPv6 there is nothing that the policies, which are for IPv4, would not see.
    "for key in all default; do echo 1 >/proc/sys/net/ipv6/conf/$key/disable_ipv6 2>/dev/null || true; done",
    // A pod can't send from another's address: its own link is the only way back to it.
    "for key in all default; do echo 1 >/proc/sys/net/ipv4/conf/$key/rp_filter; done",
    "echo 1 >/proc/sys/net/ipv4/ip_forward",
    "ip link set lo up",
    `ip address add ${link.nodeAddress}/30 dev eth0`,
    "ip link set eth0 up",
    // The node's own programs need a route to a Service before it becomes one of its pods. There is no default route.
    `ip route add ${serviceCidr} dev lo src ${link.nodeAddress}`,
  ].join("\n");
  await inNetwork(layout, ["/bin/sh", "-s"], inside);
  await run("ip", ["address", "add", `${link.hostAddress}/30`, "dev", hostInterface]);
  await run("ip", ["link", "set", hostInterface, "up"]);
}

/** Removes the node's namespaces, with everything that is mounted in them. No program of the node may run. */
export async function removeNamespaces(layout: NodeLayout): Promise<void> {
  await attempt("ip", ["link", "delete", layout.hostInterface]);
  for (const point of mountsBelow(readFileSync("/proc/mounts", "utf8"), layout.namespaces)) {
    await run("umount", ["--lazy", point]);
  }
  rmSync(layout.namespaces, { recursive: true, force: true });
}

/** Removes the mount points on the host that {@link makeNamespaces} made. Only the last node may do so. */
export function removeMountPoints(): void {
  for (const path of overlaidPaths) {
    try {
      rmdirSync(path);
    } catch {
      // Something else's: it isn't empty, or isn't there.
    }
  }
}

/** What of IPv4 this machine uses already: its routes and addresses, without those of one interface. */
export async function takenRanges(except: string): Promise<readonly string[]> {
  const [routes, addresses] = await Promise.all([
    run("ip", ["-4", "-json", "route", "show", "table", "all"]),
    run("ip", ["-4", "-json", "address", "show"]),
  ]);
  return parseTaken(routes, addresses, except);
}

/** Reads the output of `ip -json route` and `ip -json address`. */
export function parseTaken(routes: string, addresses: string, except: string): readonly string[] {
  const parsedRoutes = JSON.parse(routes === "" ? "[]" : routes) as { dst?: string; dev?: string }[];
  const parsedAddresses = JSON.parse(addresses === "" ? "[]" : addresses) as {
    ifname?: string;
    addr_info?: { local?: string; prefixlen?: number }[];
  }[];
  return [
    ...parsedRoutes.filter(({ dev }) => dev !== except).map(({ dst }) => dst ?? ""),
    ...parsedAddresses
      .filter(({ ifname }) => ifname !== except)
      .flatMap(({ addr_info: list }) =>
        (list ?? []).map(({ local, prefixlen }) => `${local ?? ""}/${String(prefixlen ?? 32)}`),
      ),
  ];
}
