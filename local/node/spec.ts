import { createHash } from "node:crypto";
import { join } from "node:path";
import { images } from "../../infra/versions";
import { logFolders } from "./logFolders";
import type { NodeLogin } from "./login";

/** An image that was built here, as an OCI archive. */
export interface NodeImage {
  /** The name under which workloads ask for it, with its tag. */
  readonly reference: string;
  /** The archive's absolute path. */
  readonly archive: string;
  /** The digest of the image's manifest: an image of this name and digest isn't imported again. */
  readonly digest: string;
}

/** Folders (absolute) in which the node's programs lie under their upstream names. */
export interface NodeTools {
  /** `kube-apiserver`, `kube-controller-manager`, `kube-scheduler`, `kubelet`, `kube-proxy`. */
  readonly kube: string;
  readonly etcd: string;
  /** `containerd`, `containerd-shim-runc-v2`, `ctr`. */
  readonly containerd: string;
  readonly runc: string;
  /** `ptp`, `host-local`, `portmap`, `loopback`. */
  readonly cni: string;
  /** Our policy agent, which is also the pull proxy and a CNI plugin. */
  readonly netpol: string;
}

/** What one embedded node is made of. Two nodes of different names can run beside each other. */
export interface NodeSpec {
  /** Lower-case letters, digits and dashes. Names of interfaces, cgroups and the Kubernetes node follow from it. */
  readonly name: string;
  /** The node's data: etcd, images, certificates, logs. Survives a reboot; {@link removeNode} deletes it. */
  readonly directory: string;
  /** Sockets, process ids and mounts: a short path on a file system that a reboot empties. */
  readonly runDirectory: string;
  readonly tools: NodeTools;
  /** Images to import: {@link pauseReference} and {@link dnsReference} must be among them, or be pullable. */
  readonly images: readonly NodeImage[];
  /**
   * Where images of a registry are pulled from instead, as `{ "docker.io": "https://mirror.example" }`. An `http:` URL
   * pulls without TLS. Default: from the registries themselves.
   */
  readonly registries?: Readonly<Record<string, string>>;
  /** By whom people log in. Default: nobody does. */
  readonly login?: NodeLogin | undefined;
}

/** How to reach a running node. */
export interface NodeAccess {
  /** An administrator's kubeconfig, as YAML. A secret. */
  readonly kubeconfig: string;
  /** The same kubeconfig's path. */
  readonly kubeconfigPath: string;
  /** The API server's URL. */
  readonly server: string;
  /** The node's end of the link: API server and NodePorts. */
  readonly nodeAddress: string;
  /** The host's end of the link: what pods see as the source of traffic from this machine. */
  readonly hostAddress: string;
}

/** Whether a node runs, with what is wrong if it should and doesn't. */
export interface NodeState {
  readonly state: "absent" | "running" | "broken";
  /** Sentences without a full stop: "etcd isn't running". Empty unless broken. */
  readonly faults: readonly string[];
}

/** Pods inside a node, four addresses for each that it may have; the same in each node, because the host has no route to them. */
export const podCidr = "10.244.0.0/22";
/** Services inside a node. */
export const serviceCidr = "10.96.0.0/16";
/** The Service of the API server. */
export const apiServiceAddress = "10.96.0.1";
/** The Service of the cluster's DNS. */
export const dnsAddress = "10.96.0.10";
/** Where the API server listens at the node's address. */
export const apiPort = 6443;
/** Where the pull proxy listens at the host's address of the link. */
export const proxyPort = 3128;

/** Every file and name that follows from a spec. */
export interface NodeLayout {
  readonly record: string;
  readonly pki: string;
  readonly configuration: string;
  readonly logs: string;
  readonly etcd: string;
  readonly containerd: string;
  readonly kubelet: string;
  readonly podLogs: string;
  /** What the node's programs see at paths that can't be configured. */
  readonly overlays: string;
  readonly kubeconfig: (user: string) => string;
  readonly pids: string;
  readonly owner: string;
  readonly namespaces: string;
  readonly networkNamespace: string;
  readonly mountNamespace: string;
  readonly containerdState: string;
  readonly containerdSocket: string;
  readonly etcdSocket: string;
  readonly shimSockets: string;
  readonly policySocket: string;
  readonly cniState: string;
  /** The CNI plugins. */
  readonly programs: string;
  /** The host's end of the link; at most 15 characters. */
  readonly hostInterface: string;
  /** The cgroup of everything the node runs, relative to a hierarchy's root. */
  readonly cgroup: string;
}

const longestShimFolder = 42;

/**
 * The files and names of a node.
 *
 * @throws if the run folder is too long for the sockets in it.
 */
export function layoutOf(spec: Pick<NodeSpec, "name" | "directory" | "runDirectory">): NodeLayout {
  const { name, directory, runDirectory } = spec;
  if (join(runDirectory, "s").length > longestShimFolder) {
    throw new Error(
      `node "${name}": the run folder "${runDirectory}" is too long for the sockets in it: expected at most ${String(longestShimFolder - 2)} characters`,
    );
  }
  const configuration = join(directory, "etc");
  const namespaces = join(runDirectory, "ns");
  return {
    record: join(directory, "node.json"),
    pki: join(directory, "pki"),
    configuration,
    logs: join(directory, "log"),
    etcd: join(directory, "etcd"),
    containerd: join(directory, "containerd"),
    kubelet: join(directory, "kubelet"),
    podLogs: logFolders(directory).pods,
    overlays: join(directory, "overlays"),
    kubeconfig: (user) => join(directory, `${user}.kubeconfig`),
    pids: join(runDirectory, "pids"),
    owner: join(runDirectory, "owner.json"),
    namespaces,
    networkNamespace: join(namespaces, "net"),
    mountNamespace: join(namespaces, "mnt"),
    containerdState: join(runDirectory, "c"),
    containerdSocket: join(runDirectory, "containerd.sock"),
    etcdSocket: join(runDirectory, "etcd.sock"),
    shimSockets: join(runDirectory, "s"),
    policySocket: join(runDirectory, "netpol.sock"),
    cniState: join(runDirectory, "cni"),
    programs: join(directory, "bin"),
    hostInterface: `tp-${createHash("sha256").update(name).digest("hex").slice(0, 8)}`,
    cgroup: `terp-${name}`,
  };
}

/** The pod sandbox's image. It is never collected as garbage. */
export const pauseReference = images.pause;
/** The image of the cluster's DNS. */
export const dnsReference = images.coredns;
