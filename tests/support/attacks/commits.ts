import { control, own, victim, victimControl } from "./identities";

/** What is put into a tenant's repository. */
export interface ForbiddenCommit {
  /** What it is, as the end of "a repository can't". */
  readonly what: string;
  /** Files beside the kustomization, by their names; one that begins with `->` is a link to what follows. */
  readonly files: Readonly<Record<string, unknown>>;
  /** What the kustomization says instead of naming the files. */
  readonly kustomization?: Readonly<Record<string, unknown>>;
  /** What Flux says of it. */
  readonly because: RegExp;
}

const configMap = (namespace: string): unknown => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "attack", namespace },
});

const object = (apiVersion: string, kind: string, more: object = {}): unknown => ({
  apiVersion,
  kind,
  metadata: { name: "attack" },
  ...more,
});

const child = (spec: object): unknown =>
  object("kustomize.toolkit.fluxcd.io/v1", "Kustomization", {
    spec: {
      interval: "10m",
      prune: true,
      path: "./",
      serviceAccountName: "reconciler",
      sourceRef: { kind: "GitRepository", name: "attack" },
      ...spec,
    },
  });

const forbidden = /forbidden|cannot (patch|create|get)/;
const files = (content: unknown): Readonly<Record<string, unknown>> => ({ "attack.yaml": content });

/** Something for a namespace that the kustomization mustn't set. */
const outside = (what: string, content: unknown): ForbiddenCommit => ({
  what,
  files: files(content),
  kustomization: { namespace: undefined },
  because: forbidden,
});

/** A ConfigMap of what the controller gets from an address. */
export const fetching = (what: string, url: string): ForbiddenCommit => ({
  what,
  files: {},
  kustomization: { configMapGenerator: [{ name: "attack", files: [`stolen=${url}`] }] },
  because: /proxyconnect tcp: dial tcp 127\.0\.0\.1:9|connection refused/,
});

/** What is another tenant's, as far as an attacker could know of it. */
export interface Stolen {
  /** Its key as the platform repository has it, and one of its sealed Secrets. */
  readonly key: string;
  readonly secret: string;
  /** The URLs of what source-controller keeps of it: the folder, the newest file, and that by the pod's address. */
  readonly artifacts: string;
  readonly artifact: string;
  readonly byAddress: string;
}

/**
 * Every change of a repository that must come to nothing.
 *
 * @param stolen Files of others, as whoever reads their repositories has them.
 */
export function commits(stolen: Stolen): readonly ForbiddenCommit[] {
  return [
    outside("write into another tenant's namespace", configMap(victim)),
    outside("write into its control namespace", configMap(control)),
    outside("write into another's control namespace", configMap(victimControl)),
    outside("write into Flux's namespace", configMap("flux-system")),
    outside("make a namespace", object("v1", "Namespace")),
    {
      what: "bind a cluster role",
      files: files(
        object("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", {
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
          subjects: [{ kind: "Group", name: "blue-owners", apiGroup: "rbac.authorization.k8s.io" }],
        }),
      ),
      because: forbidden,
    },
    {
      what: "build on a base from elsewhere",
      files: {},
      kustomization: { resources: ["https://github.com/stefanprodan/podinfo//kustomize"] },
      because: /proxyconnect tcp: dial tcp 127\.0\.0\.1:9/,
    },
    fetching("list what Flux keeps of another tenant", `${stolen.artifacts}/`),
    fetching("read what Flux keeps of another tenant", stolen.artifact),
    fetching("read it by an address", stolen.byAddress),
    fetching("ask the controller about itself", "http://127.0.0.1:8080/metrics"),
    fetching("ask the cloud who the node is", "http://169.254.169.254/latest/meta-data/"),
    fetching("ask somebody outside", "https://192.0.2.1/"),
    {
      what: "build on a file outside of it",
      files: {},
      kustomization: { resources: ["../../../../../../../../etc/passwd"] },
      because: /security|not in or below|no such file|must (resolve|build)/i,
    },
    {
      what: "make a ConfigMap of a file of the controller",
      files: {},
      kustomization: { configMapGenerator: [{ name: "attack", files: ["/proc/self/environ"] }] },
      because: /security|not in or below|is not in|absolute/i,
    },
    {
      what: "reach a file of the controller by a link",
      files: { "link.txt": "->/proc/self/environ" },
      kustomization: { configMapGenerator: [{ name: "attack", files: ["link.txt"] }] },
      because: /no such file|security|not in or below|symlink|cannot find|doesn't exist/i,
    },
    {
      what: "have another tenant's key decrypted, though it holds its ciphertext",
      files: { "attack.yaml": stolen.key },
      because: /decrypt|data key|identity/i,
    },
    {
      what: "have another tenant's Secret decrypted",
      files: { "attack.yaml": stolen.secret.replace("name: greeting", "name: stolen") },
      because: /decrypt|data key|identity/i,
    },
    {
      what: "have itself applied as another account",
      files: files(child({ serviceAccountName: "default" })),
      because: /reconciler/,
    },
    {
      what: "have itself applied without an account",
      files: files(child({ serviceAccountName: undefined })),
      because: /reconciler/,
    },
    {
      what: "have itself applied to another tenant's namespace",
      files: files(child({ targetNamespace: victim })),
      because: /targetNamespace|namespace/,
    },
    {
      what: "be decrypted with another's key",
      files: files(child({ decryption: { provider: "sops", secretRef: { name: "platform-age" } } })),
      because: /decryption|sops-age/,
    },
    {
      what: "depend on another tenant",
      files: files(child({ dependsOn: [{ name: "apps", namespace: victimControl }] })),
      because: /dependsOn|namespace/,
    },
    {
      what: "install a chart as another account",
      files: files(
        object("helm.toolkit.fluxcd.io/v2", "HelmRelease", {
          spec: {
            interval: "10m",
            serviceAccountName: "platform-reconciler",
            chartRef: { kind: "OCIRepository", name: "attack" },
          },
        }),
      ),
      because: /reconciler/,
    },
    {
      what: "fetch from another's bucket",
      files: files(
        object("source.toolkit.fluxcd.io/v1", "Bucket", {
          spec: { interval: "1m", bucketName: "a", endpoint: "s3.example.org", provider: "aws" },
        }),
      ),
      because: /forbidden|Bucket/,
    },
    {
      what: "run a workload with a token of its reconciler",
      files: files(
        object("apps/v1", "Deployment", {
          metadata: { name: "attack", namespace: own },
          spec: {
            selector: { matchLabels: { app: "attack" } },
            template: {
              metadata: { labels: { app: "attack" } },
              spec: { serviceAccountName: "reconciler", containers: [{ name: "a", image: "x:1" }] },
            },
          },
        }),
      ),
      because: /reconciler/,
    },
    {
      what: "take a host that isn't its own",
      files: files(
        object("networking.k8s.io/v1", "Ingress", { spec: { rules: [{ host: "green.example.org" }] } }),
      ),
      because: /green\.example\.org/,
    },
    {
      what: "open its network",
      files: files(
        object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, ingress: [{}] } }),
      ),
      because: /lets in everybody/,
    },
    {
      what: "write under the platform's name for what it makes",
      files: files(
        object("networking.k8s.io/v1", "NetworkPolicy", {
          metadata: { name: "terp" },
          spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
        }),
      ),
      because: /has to name this tenant's own namespaces|is the platform's: leave it as it is/,
    },
  ];
}
