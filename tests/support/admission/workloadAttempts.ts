import { by, type Attempt, type Written } from "./attempt";
import { controller, developer } from "./world";

const workloads = by("workloads");
const labels = { app: "web" };
const container = { name: "web", image: "registry.example.nl/blue/web:1" };

interface Pod {
  readonly spec?: Record<string, unknown>;
  readonly annotations?: Record<string, string>;
  readonly labels?: Record<string, string>;
}

const template = (pod: Pod): Record<string, unknown> => ({
  metadata: { labels: { ...labels, ...pod.labels }, annotations: pod.annotations ?? {} },
  spec: { containers: [container], ...pod.spec },
});
const pod = (of: Pod = {}): Written => ({ apiVersion: "v1", kind: "Pod", ...template(of) });
const app =
  (kind: string, more: Record<string, unknown> = {}) =>
  (of: Pod = {}): Written => ({
    apiVersion: "apps/v1",
    kind,
    spec: { selector: { matchLabels: labels }, template: template(of), ...more },
  });
const deployment = app("Deployment");
const replicaSet = app("ReplicaSet");
const daemonSet = app("DaemonSet");
const statefulSet = app("StatefulSet");
const job = (of: Pod = {}): Written => {
  const made = template({ ...of, spec: { restartPolicy: "Never", ...of.spec } });
  return { apiVersion: "batch/v1", kind: "Job", spec: { template: made } };
};
const cronJob = (of: Pod = {}, metadata: Record<string, unknown> = {}): Written => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  spec: { schedule: "0 0 * * *", jobTemplate: { metadata, spec: job(of)["spec"] } },
});
const replicationController = (of: Pod = {}): Written => ({
  apiVersion: "v1",
  kind: "ReplicationController",
  spec: { selector: labels, template: template(of) },
});

const image = (name: string): Pod => ({ spec: { containers: [{ name: "web", image: name }] } });
const claims = "this tenant's images (registry.example.nl/blue/, docker.io/library/nginx, docker.io/blue/)";
const stranger = (name: string) => workloads(`image "${name}" isn't among ${claims}: use one of them`);
const flux = workloads("service account reconciler is Flux's, not a pod's");
const mark = 'labels and annotations of terp.dev are the platform\'s: leave out "terp.dev/tenant"';
const marks = { "terp.dev/tenant": "red" };
const toleration = (key: string) => workloads(`a toleration of "${key}" is for the cluster's own pods`);
const ephemeral = (metadata: Record<string, unknown>): Record<string, unknown> => ({
  name: "data",
  ephemeral: {
    volumeClaimTemplate: {
      metadata,
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    },
  },
});
const restart = {
  spec: { template: { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": "now" } } } },
};

const kinds: readonly (readonly [string, (of?: Pod) => Written])[] = [
  ["Pod", pod],
  ["Deployment", deployment],
  ["ReplicaSet", replicaSet],
  ["StatefulSet", statefulSet],
  ["DaemonSet", daemonSet],
  ["Job", job],
  ["CronJob", cronJob],
  ["ReplicationController", replicationController],
];

/** Pods, and what makes them. */
export const workloadAttempts: readonly Attempt[] = [
  ...kinds.map(([kind, make]): Attempt => ({ what: `run a ${kind}`, object: make() })),
  ...[
    "nginx",
    "nginx:1.29",
    "docker.io/library/nginx",
    "index.docker.io/nginx@sha256:" + "0".repeat(64),
    "blue/app:1",
  ].map((name): Attempt => ({ what: `run ${name}`, object: pod(image(name)) })),
  {
    what: "run any image where none is named",
    namespace: "red-app",
    object: pod(image("quay.io/any/thing")),
  },
  {
    what: "use volumes, tolerations and a token for another audience",
    object: deployment({
      spec: {
        tolerations: [{ key: "node.kubernetes.io/not-ready", operator: "Exists" }],
        volumes: [
          { name: "a", emptyDir: {} },
          ephemeral({ labels: { app: "web" } }),
          { name: "b", projected: { sources: [{ serviceAccountToken: { path: "t", audience: "vault" } }] } },
        ],
        priorityClassName: "",
        serviceAccountName: "default",
      },
    }),
  },
  {
    what: "have an old ReplicaSet emptied by Kubernetes, whose image isn't admitted any more",
    object: { ...replicaSet(image("gone.example/x")), metadata: {} },
    change: { spec: { replicas: 0 } },
    as: controller("deployment-controller"),
  },
  {
    what: "label a pod that is on a node",
    object: pod({ spec: { nodeName: "one" } }),
    change: { metadata: { labels: { more: "x" } } },
  },

  ...kinds.map(([kind, make]): Attempt => ({
    what: `run a ${kind} as Flux`,
    object: make({ spec: { serviceAccountName: "reconciler" } }),
    denied: flux,
  })),
  {
    what: "run as Flux by the account's old name",
    object: deployment({ spec: { serviceAccount: "reconciler" } }),
    denied: flux,
  },
  ...kinds.map(([kind, make]): Attempt => ({
    what: `run a ${kind} of any image`,
    object: make(image("evil.example/x")),
    denied: stranger("evil.example/x"),
  })),
  ...[
    "registry.example.nl/blue-evil/x",
    "registry.example.nl:443/blue/x",
    "registry.example.nl.evil.example/blue/x",
    "nginx-evil",
    "library/httpd",
    "evil/nginx",
    "docker.io/httpd",
    "localhost/blue/x",
    "EVIL/blue/x",
    "3f57d9401f8d",
    `sha256:${"a".repeat(64)}`,
  ].map((name): Attempt => ({ what: `run ${name}`, object: pod(image(name)), denied: stranger(name) })),
  {
    what: "run any image at the start of a pod",
    object: deployment({ spec: { initContainers: [{ name: "x", image: "evil.example/x" }] } }),
    denied: stranger("evil.example/x"),
  },
  {
    what: "run any image in a running pod",
    object: pod(),
    part: "ephemeralcontainers",
    change: { spec: { ephemeralContainers: [{ name: "x", image: "evil.example/x" }] } },
    denied: stranger("evil.example/x"),
  },
  {
    what: "change a pod's image to any",
    object: pod({ spec: { automountServiceAccountToken: false } }),
    change: {
      spec: { containers: [{ ...container, imagePullPolicy: "IfNotPresent", image: "evil.example/x" }] },
    },
    denied: stranger("evil.example/x"),
  },
  {
    what: "read any image as a volume",
    object: deployment({ spec: { volumes: [{ name: "x", image: { reference: "evil.example/x" } }] } }),
    denied: stranger("evil.example/x"),
  },
  {
    what: "have Kubernetes run what no template was admitted for",
    object: pod({ spec: { serviceAccountName: "reconciler" } }),
    as: controller("statefulset-controller"),
    denied: flux,
  },
  {
    what: "push aside other tenants' pods",
    object: deployment({ spec: { priorityClassName: "system-node-critical" } }),
    denied: workloads('priorityClassName "system-node-critical" is for the cluster\'s own pods'),
  },
  {
    what: "choose a node past the scheduler",
    object: pod({ spec: { nodeName: "control-plane" } }),
    denied: workloads('nodeName "control-plane" goes around the scheduler'),
  },
  {
    what: "choose a node past the scheduler in a template",
    object: deployment({ spec: { nodeName: "control-plane" } }),
    denied: workloads('nodeName "control-plane" goes around the scheduler'),
  },
  ...(
    [
      ["", { operator: "Exists" }],
      [
        "node-role.kubernetes.io/control-plane",
        { key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
      ],
      ["CriticalAddonsOnly", { key: "CriticalAddonsOnly", operator: "Exists" }],
    ] as const
  ).map(([key, entry]): Attempt => ({
    what: `run where "${key}" keeps pods away`,
    object: daemonSet({ spec: { tolerations: [entry] } }),
    denied: toleration(key),
  })),
  {
    what: "mount what a driver gives it",
    object: deployment({ spec: { volumes: [{ name: "x", csi: { driver: "secrets-store.csi.k8s.io" } }] } }),
    denied: workloads("a csi volume in a pod may be anybody's data"),
  },
  { what: "have Kubernetes mark its pods", object: deployment({ labels: marks }), denied: workloads(mark) },
  { what: "have Kubernetes annotate its pods", object: job({ annotations: marks }), denied: workloads(mark) },
  { what: "have Kubernetes mark its Jobs", object: cronJob({}, { labels: marks }), denied: workloads(mark) },
  {
    what: "have Kubernetes mark its volume claims",
    object: app("StatefulSet", {
      volumeClaimTemplates: [
        {
          metadata: { name: "data", labels: marks },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    })(),
    denied: workloads(mark),
  },
  {
    what: "have Kubernetes mark its pods' own volume claims",
    object: pod({ spec: { volumes: [ephemeral({ labels: marks })] } }),
    denied: workloads(mark),
  },
  {
    what: "join a network of the nodes",
    object: deployment({ annotations: { "k8s.v1.cni.cncf.io/networks": "host" } }),
    denied: workloads("annotation k8s.v1.cni.cncf.io/networks could give a pod a network"),
  },
  {
    what: "take another pod's address",
    object: pod({ annotations: { "cni.projectcalico.org/floatingIPs": '["192.0.2.1"]' } }),
    denied: workloads("annotation cni.projectcalico.org/floatingIPs could give a pod a network"),
  },
  {
    what: "hold up a node's upgrade for a year",
    object: deployment({ spec: { terminationGracePeriodSeconds: 31_536_000 } }),
    denied: workloads("terminationGracePeriodSeconds 31536000 would hold up a node's upgrade"),
  },

  { what: "restart as a developer", object: deployment(), change: restart, as: developer },
  {
    what: "change an image as a developer",
    object: deployment(),
    change: { spec: { template: { spec: { containers: [{ ...container, command: ["sh"] }] } } } },
    as: developer,
    denied: by("restarts")(
      /dora may restart Deployment a[0-9]+, with: kubectl rollout restart; change it in the repository, or ask an owner/,
    ),
  },
  {
    what: "change more than the restart as a developer",
    object: statefulSet(),
    change: { ...restart, metadata: { labels: { x: "y" } } },
    as: developer,
    denied: by("restarts")("dora may restart StatefulSet"),
  },
  {
    what: "annotate pods as a developer",
    object: daemonSet(),
    change: { spec: { template: { metadata: { annotations: { x: "y" } } } } },
    as: developer,
    denied: by("restarts")("dora may restart DaemonSet"),
  },
  {
    what: "hand a workload to another owner as a developer",
    object: deployment(),
    change: {
      metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "x" }] },
    },
    as: developer,
    denied: by("restarts")("dora may restart Deployment"),
  },
];
