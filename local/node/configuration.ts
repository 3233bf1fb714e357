import { lstatSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { ownFolder, writeIfChanged } from "../files";
import { dnsAddress, pauseReference, podCidr, type NodeLayout, type NodeSpec } from "./spec";
import { podsGroup } from "./cgroups";
import { authenticationConfiguration } from "./login";
import type { Link } from "./subnet";

/** The file that tells the API server by whom people log in; read only where somebody does. */
export const loginFile = "authentication.yaml";

/** The files that the node's programs read, by their names in its configuration folder. */
export function configurationFiles(
  spec: NodeSpec,
  layout: NodeLayout,
  link: Link,
): Readonly<Record<string, string>> {
  return {
    "containerd.toml": containerdConfiguration(spec, layout),
    "cni/10-terp.conflist": JSON.stringify(networkConfiguration(spec, layout), undefined, 2),
    "kubelet.yaml": stringify(kubeletConfiguration(layout, link)),
    "kube-proxy.yaml": stringify(proxyConfiguration(spec, layout, link)),
    "resolv.conf": "# the node's pods ask the cluster's DNS only\n",
    ...registryFiles(spec.registries ?? {}),
    ...(spec.login && { [loginFile]: stringify(authenticationConfiguration(spec.login)) }),
  };
}

/** Writes the configuration files that have changed, and the folder of CNI plugins. */
export function writeConfiguration(spec: NodeSpec, layout: NodeLayout, link: Link): void {
  for (const [name, content] of Object.entries(configurationFiles(spec, layout, link))) {
    writeIfChanged(join(layout.configuration, name), content);
  }
  ownFolder(layout.programs);
  const plugins = {
    ptp: spec.tools.cni,
    "host-local": spec.tools.cni,
    portmap: spec.tools.cni,
    loopback: spec.tools.cni,
  };
  for (const [name, folder] of Object.entries(plugins))
    pointTo(join(layout.programs, name), join(folder, name));
  pointTo(join(layout.programs, policyPlugin), join(spec.tools.netpol, "netpol"));
}

/** The policy agent's name as a CNI plugin. */
const policyPlugin = "terp-netpol";

function pointTo(link: string, target: string): void {
  if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === target)
    return;
  rmSync(link, { force: true });
  symlinkSync(target, link);
}

/** containerd 2's configuration. */
export function containerdConfiguration(spec: NodeSpec, layout: NodeLayout): string {
  const text = JSON.stringify;
  return `version = 3
root = ${text(layout.containerd)}
state = ${text(layout.containerdState)}
temp = ${text(join(layout.containerdState, "tmp"))}
oom_score = 0
# Other file systems, and plugins from outside.
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.blockfile", "io.containerd.snapshotter.v1.erofs", "io.containerd.internal.v1.opt", "io.containerd.nri.v1.nri", "io.containerd.tracing.processor.v1.otlp", "io.containerd.internal.v1.tracing"]

[grpc]
  address = ${text(layout.containerdSocket)}

[ttrpc]
  address = ${text(`${layout.containerdSocket}.ttrpc`)}

[plugins."io.containerd.shim.v1.manager"]
  socket_dir = ${text(layout.shimSockets)}

[plugins."io.containerd.cri.v1.images"]
  snapshotter = "overlayfs"
  max_concurrent_downloads = 3
  [plugins."io.containerd.cri.v1.images".pinned_images]
    sandbox = ${text(pauseReference)}
  [plugins."io.containerd.cri.v1.images".registry]
    config_path = ${text(join(layout.configuration, "registries"))}

[plugins."io.containerd.grpc.v1.cri"]
  stream_server_address = "127.0.0.1"
  stream_server_port = "0"

[plugins."io.containerd.cri.v1.runtime"]
  disable_apparmor = true
  enable_selinux = false
  # Without the right to lower it, every sandbox would fail.
  restrict_oom_score_adj = true
  tolerate_missing_hugetlb_controller = true
  disable_hugetlb_controller = true
  # Each shim is asked each time: every second, as is the default, is a fifth of a core with fifty pods. Only how much processor a pod
  # uses on average is taken from it.
  stats_collect_period = "30s"
  netns_mounts_under_state_dir = true
  [plugins."io.containerd.cri.v1.runtime".cni]
    bin_dirs = [${text(layout.programs)}]
    conf_dir = ${text(join(layout.configuration, "cni"))}
  [plugins."io.containerd.cri.v1.runtime".containerd]
    default_runtime_name = "runc"
    [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runc.options]
        BinaryName = ${text(join(spec.tools.runc, "runc"))}
        Root = ${text(join(layout.containerdState, "runc"))}
        SystemdCgroup = false
`;
}

/** The pods' network: a link of its own for each pod, so that every packet passes the policies. */
export function networkConfiguration(spec: NodeSpec, layout: NodeLayout): unknown {
  return {
    cniVersion: "1.0.0",
    name: `terp-${spec.name}`,
    plugins: [
      {
        type: "ptp",
        ipMasq: false,
        mtu: 1500,
        ipam: {
          type: "host-local",
          dataDir: layout.cniState,
          ranges: [[{ subnet: podCidr }]],
          routes: [{ dst: "0.0.0.0/0" }],
        },
      },
      { type: "portmap", capabilities: { portMappings: true }, snat: true, backend: "nftables" },
      // Last: it returns when the pod's policies are in force.
      { type: policyPlugin, socket: layout.policySocket },
    ],
  };
}

/** The kubelet's configuration. */
export function kubeletConfiguration(layout: NodeLayout, link: Link): unknown {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: link.nodeAddress,
    port: 10250,
    readOnlyPort: 0,
    healthzBindAddress: "127.0.0.1",
    healthzPort: 10248,
    containerRuntimeEndpoint: `unix://${layout.containerdSocket}`,
    cgroupDriver: "cgroupfs",
    cgroupRoot: `/${podsGroup(layout.cgroup)}`,
    failCgroupV1: false,
    failSwapOn: false,
    localStorageCapacityIsolation: true,
    podLogsDir: layout.podLogs,
    containerLogMaxSize: "5Mi",
    // What a collector that was away finds: the newest whole, the others compressed.
    containerLogMaxFiles: 5,
    tlsCertFile: join(layout.pki, "kubelet-serving.crt"),
    tlsPrivateKeyFile: join(layout.pki, "kubelet-serving.key"),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: join(layout.pki, "ca.crt") },
    },
    authorization: { mode: "Webhook" },
    clusterDomain: "cluster.local",
    clusterDNS: [dnsAddress],
    resolvConf: join(layout.configuration, "resolv.conf"),
    registerNode: true,
    enableServer: true,
    // As many as AKS and GKE allow on a node; a tenant's first application is one.
    maxPods: 250,
    evictionHard: {
      "memory.available": "100Mi",
      "nodefs.available": "1%",
      "imagefs.available": "1%",
      "nodefs.inodesFree": "1%",
    },
    // Images that were built here can't be pulled again.
    imageGCHighThresholdPercent: 100,
    seccompDefault: true,
    serializeImagePulls: false,
    makeIPTablesUtilChains: false,
    nodeStatusUpdateFrequency: "5s",
    syncFrequency: "10s",
    // Asked for when a pod comes, and then once a minute. A watch of each Secret and ConfigMap, as is usual, has a second to begin in: on
    // a busy machine it doesn't, and the container starts seconds later.
    configMapAndSecretChangeDetectionStrategy: "Cache",
    volumePluginDir: join(layout.kubelet, "volume-plugins"),
    shutdownGracePeriod: "0s",
    oomScoreAdj: 0,
  };
}

/** kube-proxy's configuration. */
export function proxyConfiguration(spec: NodeSpec, layout: NodeLayout, link: Link): unknown {
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    bindAddress: link.nodeAddress,
    healthzBindAddress: "127.0.0.1:10256",
    metricsBindAddress: "127.0.0.1:10249",
    clientConnection: { kubeconfig: layout.kubeconfig("kube-proxy"), qps: 50, burst: 100 },
    clusterCIDR: podCidr,
    hostnameOverride: spec.name,
    mode: "nftables",
    // The kernel's settings for connections are the machine's; they aren't touched.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
    nftables: { minSyncPeriod: "100ms" },
    oomScoreAdj: 0,
  };
}

/** containerd's files that say where a registry's images are pulled from. */
function registryFiles(registries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(registries).map(([host, url]) => [
      `registries/${host}/hosts.toml`,
      `server = ${JSON.stringify(url)}\n\n[host.${JSON.stringify(url)}]\n  capabilities = ["pull", "resolve"]\n`,
    ]),
  );
}
