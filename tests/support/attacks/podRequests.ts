import { at, notRestricted, own, type ForbiddenRequest } from "./identities";

const pod = (spec: object, container: object = {}): unknown => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "attack" },
  spec: {
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "attack",
        image: "ghcr.io/stefanprodan/podinfo:6.9.2",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        ...container,
      },
    ],
    ...spec,
  },
});
const secure = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
/** Pods are made by Kubernetes for a workload, so nobody less than an administrator tries here: it may not either. */
const unsafePod = (what: string, spec: object, container: object = {}): ForbiddenRequest => ({
  what,
  as: "administrator",
  method: "POST",
  path: `${at("v1", "pods", own)}?dryRun=All`,
  body: pod(spec, container),
  because: notRestricted,
});

/** kubectl-mtb's profile 1, as far as it is about pods: https://github.com/kubernetes-sigs/multi-tenancy/tree/master/benchmarks */
export const podRequests: readonly ForbiddenRequest[] = [
  unsafePod("run a privileged container", {}, { securityContext: { privileged: true } }),
  unsafePod("add capabilities", {}, { securityContext: { ...secure, capabilities: { add: ["NET_ADMIN"] } } }),
  unsafePod(
    "let a process gain privileges",
    {},
    { securityContext: { ...secure, allowPrivilegeEscalation: true } },
  ),
  unsafePod("mount a folder of the node", { volumes: [{ name: "host", hostPath: { path: "/" } }] }),
  unsafePod("use the node's network", { hostNetwork: true }),
  unsafePod("see the node's processes", { hostPID: true }),
  unsafePod("use the node's shared memory", { hostIPC: true }),
  unsafePod("take a port of the node", {}, { ports: [{ containerPort: 80, hostPort: 80 }] }),
  unsafePod("run as root", { securityContext: { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } } }),
  unsafePod("run without a seccomp profile", {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "Unconfined" } },
  }),
  unsafePod("share the node's user ids", {
    hostUsers: true,
    securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] },
  }),
];
