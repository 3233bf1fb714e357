import type { ToolSpec } from "./tool";

const modules = "local/toolchain/go";
const kubernetes = "1.34.2";
const containerdVersion = "github.com/containerd/containerd/v2/version";

/** Kubernetes' programs print, and kubectl parses, what the linker writes here. */
function kubernetesStamps(): readonly string[] {
  const [major = "", minor = ""] = kubernetes.split(".");
  return ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].flatMap((target) =>
    Object.entries({
      gitVersion: `v${kubernetes}`,
      gitMajor: major,
      gitMinor: minor,
      gitTreeState: "clean",
      gitCommit: "module",
    }).map(([name, value]) => `-X ${target}.${name}=${value}`),
  );
}

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kubelet",
  "kube-proxy",
  "kubectl",
] as const;

/** What the embedded cluster's node runs. */
export const nodeCatalog: readonly ToolSpec[] = [
  {
    name: "kube",
    version: kubernetes,
    purpose: "Kubernetes: API server, controller manager, scheduler, kubelet, proxy and kubectl in one file",
    files: ["kube", ...kubernetesPrograms],
    build: {
      folder: `${modules}/kube`,
      module: "k8s.io/kubernetes",
      packages: ["."],
      links: Object.fromEntries(kubernetesPrograms.map((program) => [program, "kube"])),
      // Without gRPC's tracing pages the linker can leave out what nothing calls.
      tags: ["grpcnotrace"],
      linkerFlags: kubernetesStamps(),
      memory: 4,
    },
  },
  {
    name: "containerd",
    version: "2.4.2",
    purpose: "runs the node's containers",
    files: ["containerd", "containerd-shim-runc-v2", "ctr"],
    build: {
      folder: `${modules}/containerd`,
      module: "github.com/containerd/containerd/v2",
      packages: ["containerd", "containerd-shim-runc-v2", "ctr"].map(
        (program) => `github.com/containerd/containerd/v2/cmd/${program}`,
      ),
      linkerFlags: [
        `-X ${containerdVersion}.Package=github.com/containerd/containerd/v2`,
        `-X ${containerdVersion}.Version=v2.4.2`,
        `-X ${containerdVersion}.Revision=module`,
      ],
      memory: 2.5,
    },
  },
  {
    name: "etcd",
    version: "3.6.6",
    purpose: "Kubernetes' database",
    files: ["etcd"],
    build: {
      folder: `${modules}/etcd`,
      module: "go.etcd.io/etcd/server/v3",
      packages: ["go.etcd.io/etcd/server/v3"],
      rename: { server: "etcd" },
      memory: 2,
    },
  },
  {
    name: "coredns",
    version: "1.13.2",
    purpose: "the cluster's DNS",
    files: ["coredns"],
    build: {
      folder: `${modules}/coredns`,
      module: "github.com/coredns/coredns",
      packages: ["."],
      memory: 2.5,
    },
  },
  {
    name: "netpol",
    version: "0.1.0",
    purpose: "enforces network policies on the node",
    files: ["netpol"],
    build: { folder: "local/node/go/netpol", packages: ["."], memory: 2 },
  },
  {
    name: "runc",
    version: "1.5.2",
    purpose: "starts the node's containers",
    files: ["runc"],
    build: {
      folder: `${modules}/runc`,
      module: "github.com/opencontainers/runc",
      packages: ["github.com/opencontainers/runc"],
      tags: ["seccomp", "netgo", "osusergo"],
      linkerFlags: ["-X main.gitCommit=module", "-linkmode external", "-extldflags=-static"],
      cgo: true,
      memory: 1,
    },
  },
  {
    name: "cni",
    version: "1.9.1",
    purpose: "the pods' network interfaces",
    files: ["host-local", "loopback", "portmap", "ptp"],
    build: {
      folder: `${modules}/cni`,
      module: "github.com/containernetworking/plugins",
      packages: ["ipam/host-local", "main/loopback", "meta/portmap", "main/ptp"].map(
        (plugin) => `github.com/containernetworking/plugins/plugins/${plugin}`,
      ),
      linkerFlags: ["-X github.com/containernetworking/plugins/pkg/utils/buildversion.BuildVersion=v1.9.1"],
      memory: 1,
    },
  },
  {
    name: "pause",
    version: "0.1.0",
    purpose: "holds a pod's namespaces",
    files: ["pause"],
    build: { folder: "local/node/go/pause", packages: ["."], memory: 0.5 },
  },
];
