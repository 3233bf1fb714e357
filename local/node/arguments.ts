import { join } from "node:path";
import { encryptionFile } from "./pki";
import { apiPort, serviceCidr, type NodeLayout } from "./spec";
import type { Link } from "./subnet";

const unusedControllers = [
  "node-ipam-controller",
  "node-route-controller",
  "service-lb-controller",
  "taint-eviction-controller",
  "cloud-node-lifecycle-controller",
  // On a small cluster it has the kubelet ask for each Secret at each look at a pod.
  "ttl-controller",
  "persistentvolume-expander-controller",
  "resourceclaim-controller",
  "device-taint-eviction-controller",
];

const throttle = [
  // One caller with everything to do after a start; the defaults are for clusters with many.
  "--kube-api-qps=200",
  "--kube-api-burst=400",
];

/** What the programs that act through the API server have in common. */
function actingArguments(kubeconfig: string): string[] {
  return [
    ...["kubeconfig", "authentication-kubeconfig", "authorization-kubeconfig"].map(
      (flag) => `--${flag}=${kubeconfig}`,
    ),
    "--bind-address=127.0.0.1",
    "--leader-elect=false",
    "--profiling=false",
    ...throttle,
  ];
}

/** The scheduler. */
export function schedulerArguments(layout: NodeLayout): string[] {
  return actingArguments(layout.kubeconfig("scheduler"));
}

/** The controller manager. */
export function controllerManagerArguments(layout: NodeLayout): string[] {
  const pki = (file: string): string => join(layout.pki, file);
  const authority = pki("ca.crt");
  return [
    ...actingArguments(layout.kubeconfig("controller-manager")),
    "--use-service-account-credentials=true",
    `--root-ca-file=${authority}`,
    `--client-ca-file=${authority}`,
    `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
    `--service-account-private-key-file=${pki("sa.key")}`,
    `--cluster-signing-cert-file=${authority}`,
    `--cluster-signing-key-file=${pki("ca.key")}`,
    `--flex-volume-plugin-dir=${join(layout.kubelet, "volume-plugins")}`,
    "--allocate-node-cidrs=false",
    // A quota that is older than a kind it counts hears of that kind only then: until then objects of the kind are refused.
    "--resource-quota-sync-period=10s",
    `--service-cluster-ip-range=${serviceCidr}`,
    // One node: nothing is routed, attached or moved to another, and a node that comes back keeps its pods.
    `--controllers=*,${unusedControllers.map((name) => `-${name}`).join(",")}`,
  ];
}

/** etcd: nobody but who may enter its folder can connect. */
export function etcdArguments(layout: NodeLayout): string[] {
  const client = `unix://${layout.etcdSocket}`;
  const peer = `unix://${layout.etcdSocket}.peer`;
  return [
    "--name=node",
    `--data-dir=${layout.etcd}`,
    `--listen-client-urls=${client}`,
    // Nobody else is to connect, so what is advertised only has to look like an address.
    "--advertise-client-urls=http://127.0.0.1:2379",
    `--listen-peer-urls=${peer}`,
    "--initial-advertise-peer-urls=http://127.0.0.1:2380",
    "--initial-cluster=node=http://127.0.0.1:2380",
    "--auto-compaction-mode=periodic",
    "--auto-compaction-retention=10m",
    "--max-wals=2",
    "--log-level=warn",
  ];
}

/** The API server. */
export function apiServerArguments(layout: NodeLayout, link: Link): string[] {
  const pki = (file: string): string => join(layout.pki, file);
  return [
    `--etcd-servers=unix://${layout.etcdSocket}`,
    `--encryption-provider-config=${encryptionFile(layout)}`,
    `--bind-address=${link.nodeAddress}`,
    `--advertise-address=${link.nodeAddress}`,
    `--secure-port=${String(apiPort)}`,
    `--service-cluster-ip-range=${serviceCidr}`,
    "--allow-privileged=true",
    "--anonymous-auth=false",
    "--profiling=false",
    "--event-ttl=30m",
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction,PodSecurity",
    `--client-ca-file=${pki("ca.crt")}`,
    `--tls-cert-file=${pki("apiserver.crt")}`,
    `--tls-private-key-file=${pki("apiserver.key")}`,
    `--kubelet-client-certificate=${pki("apiserver-kubelet-client.crt")}`,
    `--kubelet-client-key=${pki("apiserver-kubelet-client.key")}`,
    `--kubelet-certificate-authority=${pki("ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
    `--service-account-key-file=${pki("sa.pub")}`,
    `--service-account-signing-key-file=${pki("sa.key")}`,
    `--requestheader-client-ca-file=${pki("front-proxy-ca.crt")}`,
    "--requestheader-allowed-names=front-proxy-client",
    "--requestheader-username-headers=X-Remote-User",
    "--requestheader-group-headers=X-Remote-Group",
    "--requestheader-extra-headers-prefix=X-Remote-Extra-",
    `--proxy-client-cert-file=${pki("front-proxy-client.crt")}`,
    `--proxy-client-key-file=${pki("front-proxy-client.key")}`,
    "--enable-bootstrap-token-auth=false",
  ];
}
