import { join } from "node:path";
import {
  apiServerArguments,
  controllerManagerArguments,
  etcdArguments,
  schedulerArguments,
} from "./arguments";
import { loginFile } from "./configuration";
import { encryptionFile } from "./pki";
import type { Program } from "./programs";
import { apiPort, podCidr, serviceCidr, type NodeLayout, type NodeSpec } from "./spec";
import type { Link } from "./subnet";

/** The names of the node's programs, in the order of their start. */
export const programNames = [
  "etcd",
  "containerd",
  "pull-proxy",
  "kube-apiserver",
  "kube-scheduler",
  "kube-controller-manager",
  "netpol",
  "kubelet",
  "kube-proxy",
] as const;

/** One of {@link programNames}. */
export type ProgramName = (typeof programNames)[number];

/** What the programs are made of. */
export interface Surroundings {
  readonly spec: NodeSpec;
  readonly layout: NodeLayout;
  readonly link: Link;
  /** Where the pull proxy listens at the host's address. */
  readonly proxyPort: number;
  /** The proxy and DNS settings of this machine that the pull proxy honours. */
  readonly hostProxy: Readonly<Record<string, string>>;
}

/** `HTTPS_PROXY` and the like, as far as they are set. */
export function hostProxySettings(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const names = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"];
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

/**
 * How often a Go program collects garbage: https://pkg.go.dev/runtime#hdr-Environment_Variables. Twice as often as by default takes little
 * more time and a third less memory. No limit of memory: how much there is to keep grows with the tenants, and beyond a limit a
 * program does little but collect.
 */
const lean = { GOGC: "50" };

/** Every program of the node with its command line. */
export function programsOf(surroundings: Surroundings): Readonly<Record<ProgramName, Program>> {
  const { spec, layout, link } = surroundings;
  const { tools } = spec;
  const pki = (file: string): string => join(layout.pki, file);
  const configured = (file: string): string => join(layout.configuration, file);
  const policyAgent = join(tools.netpol, "netpol");
  return {
    etcd: inNode({
      name: "etcd",
      command: join(tools.etcd, "etcd"),
      args: etcdArguments(layout),
      readsAtStart: [],
    }),
    containerd: containerd(surroundings),
    "pull-proxy": {
      name: "pull-proxy",
      command: policyAgent,
      args: [
        "proxy",
        `--listen=${link.hostAddress}:${String(surroundings.proxyPort)}`,
        `--from=${link.nodeAddress}`,
        ...allowedTargets(spec).map((target) => `--allow=${target}`),
      ],
      environment: { ...lean, ...surroundings.hostProxy },
      place: "host",
      readsAtStart: [],
    },
    "kube-apiserver": apiServer(surroundings),
    "kube-controller-manager": inNode({
      name: "kube-controller-manager",
      command: join(tools.kube, "kube-controller-manager"),
      args: controllerManagerArguments(layout),
      readsAtStart: [layout.kubeconfig("controller-manager"), pki("ca.crt")],
    }),
    "kube-scheduler": inNode({
      name: "kube-scheduler",
      command: join(tools.kube, "kube-scheduler"),
      args: schedulerArguments(layout),
      readsAtStart: [layout.kubeconfig("scheduler")],
    }),
    netpol: inNode({
      name: "netpol",
      command: policyAgent,
      args: [
        "agent",
        `--kubeconfig=${layout.kubeconfig("netpol")}`,
        `--node=${spec.name}`,
        `--socket=${layout.policySocket}`,
        ...policyArguments(link),
      ],
      readsAtStart: [layout.kubeconfig("netpol")],
    }),
    kubelet: inNode({
      name: "kubelet",
      command: join(tools.kube, "kubelet"),
      args: [
        `--config=${configured("kubelet.yaml")}`,
        `--kubeconfig=${layout.kubeconfig("kubelet")}`,
        `--root-dir=${layout.kubelet}`,
        `--cert-dir=${join(layout.kubelet, "pki")}`,
        `--hostname-override=${spec.name}`,
        `--node-ip=${link.nodeAddress}`,
      ],
      readsAtStart: [
        configured("kubelet.yaml"),
        layout.kubeconfig("kubelet"),
        pki("ca.crt"),
        pki("kubelet-serving.crt"),
      ],
    }),
    "kube-proxy": inNode({
      name: "kube-proxy",
      command: join(tools.kube, "kube-proxy"),
      args: [`--config=${configured("kube-proxy.yaml")}`],
      readsAtStart: [configured("kube-proxy.yaml"), layout.kubeconfig("kube-proxy")],
    }),
  };
}

/** A Go program in the node's namespaces. */
function inNode(program: Pick<Program, "name" | "command" | "args" | "readsAtStart">): Program {
  return { ...program, environment: lean, place: "node" };
}

function apiServer(surroundings: Surroundings): Program {
  const { spec, layout, link } = surroundings;
  const login = spec.login === undefined ? [] : [join(layout.configuration, loginFile)];
  const program = inNode({
    name: "kube-apiserver",
    command: join(spec.tools.kube, "kube-apiserver"),
    args: [...apiServerArguments(layout, link), ...login.map((file) => `--authentication-config=${file}`)],
    readsAtStart: [
      encryptionFile(layout),
      ...["ca", "apiserver", "apiserver-kubelet-client", "front-proxy-client", "front-proxy-ca"].map((name) =>
        join(layout.pki, `${name}.crt`),
      ),
      ...login,
    ],
  });
  if (login.length === 0) return program;
  // It asks the identity provider for its keys; everything else that it asks is in the node.
  const inside = ["127.0.0.1", link.nodeAddress, podCidr, serviceCidr, ".svc", ".cluster.local"].join();
  return {
    ...program,
    environment: { ...program.environment, HTTPS_PROXY: proxyOf(surroundings), NO_PROXY: inside },
  };
}

/** Where the node's programs reach what is outside: its network reaches nothing but this proxy of ours, which runs in the host's. */
function proxyOf({ link, proxyPort }: Surroundings): string {
  return `http://${link.hostAddress}:${String(proxyPort)}`;
}

function containerd(surroundings: Surroundings): Program {
  const { spec, layout } = surroundings;
  const file = join(layout.configuration, "containerd.toml");
  const proxy = proxyOf(surroundings);
  return {
    name: "containerd",
    command: join(spec.tools.containerd, "containerd"),
    args: ["--config", file],
    environment: {
      ...lean,
      // The shim is looked up here.
      PATH: `${spec.tools.containerd}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`,
      TMPDIR: layout.containerdState,
      HTTP_PROXY: proxy,
      HTTPS_PROXY: proxy,
    },
    place: "node",
    readsAtStart: [file],
  };
}

/** What the policy agent has to know of the node's network. */
export function policyArguments(link: Link): readonly string[] {
  return [
    `--node-address=${link.nodeAddress}`,
    `--host-address=${link.hostAddress}`,
    `--api-port=${String(apiPort)}`,
    `--pod-cidr=${podCidr}`,
    "--uplink=eth0",
  ];
}

/** The hosts of configured registries, which the pull proxy reaches even on this machine itself. */
function allowedTargets(spec: NodeSpec): readonly string[] {
  return Object.values(spec.registries ?? {}).map((url) => {
    const { hostname, port, protocol } = new URL(url);
    return `${hostname}:${port === "" ? (protocol === "http:" ? "80" : "443") : port}`;
  });
}
