import { argocdCommits } from "./argocdCommits";
import {
  byAdmission,
  byBoth,
  configMap,
  files,
  notIts,
  object,
  outside,
  type ForbiddenCommit,
  type Stolen,
} from "./commitParts";
import { fluxCommits } from "./fluxCommits";
import { control, own, victim, victimControl } from "./identities";

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

/** What a kustomization may not build on. Kustomize says so, whoever starts it. */
const outOfFolder =
  /security|not in or below|is not in|no such file|must (resolve|build)|absolute|symlink|cannot find|doesn't exist|out.of.bounds/i;

/**
 * Every change of a repository that must come to nothing, whichever engine applies it.
 *
 * @param stolen What is others', as whoever reads their repositories has it.
 */
export function commits(stolen: Stolen): readonly ForbiddenCommit[] {
  return [...sharedCommits(stolen), ...fluxCommits(stolen), ...argocdCommits(stolen)];
}

function sharedCommits(stolen: Stolen): readonly ForbiddenCommit[] {
  // Argo CD applies no Secret at all; what it leaves to Flux is in a folder of its own.
  const sealed = { flux: /decrypt|data key|identity/i, argocd: notIts.argocd };
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
      because: notIts,
    },
    {
      what: "build on a file outside of it",
      kustomization: { resources: ["../../../../../../../../etc/passwd"] },
      because: byBoth(outOfFolder),
    },
    {
      what: "make a ConfigMap of a file of the controller",
      kustomization: { configMapGenerator: [{ name: "attack", files: ["/proc/self/environ"] }] },
      because: byBoth(outOfFolder),
    },
    {
      what: "reach a file of the controller by a link",
      beside: { "link.txt": "->/proc/self/environ" },
      kustomization: { configMapGenerator: [{ name: "attack", files: ["link.txt"] }] },
      because: byBoth(outOfFolder),
    },
    {
      what: "have another tenant's key decrypted, though it holds its ciphertext",
      files: files(stolen.key),
      because: sealed,
    },
    {
      what: "have another tenant's Secret decrypted",
      files: files(stolen.secret.replace("name: greeting", "name: stolen")),
      because: sealed,
    },
    {
      what: "have itself applied as another account",
      files: files(child({ serviceAccountName: "default" })),
      because: byBoth(/reconciler/),
    },
    {
      what: "have itself applied without an account",
      files: files(child({ serviceAccountName: undefined })),
      because: byAdmission(/reconciler/),
    },
    {
      what: "have itself applied to another tenant's namespace",
      files: files(child({ targetNamespace: victim })),
      because: byAdmission(/targetNamespace|namespace/),
    },
    {
      what: "be decrypted with another's key",
      files: files(child({ decryption: { provider: "sops", secretRef: { name: "platform-age" } } })),
      because: byAdmission(/decryption|sops-age/),
    },
    {
      what: "depend on another tenant",
      files: files(child({ dependsOn: [{ name: "apps", namespace: victimControl }] })),
      because: byAdmission(/dependsOn|namespace/),
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
      because: byAdmission(/reconciler/),
    },
    {
      what: "fetch from another's bucket",
      files: files(
        object("source.toolkit.fluxcd.io/v1", "Bucket", {
          spec: { interval: "1m", bucketName: "a", endpoint: "s3.example.org", provider: "aws" },
        }),
      ),
      because: { flux: /forbidden|Bucket/ },
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
      because: byAdmission(/reconciler/),
    },
    {
      what: "take a host that isn't its own",
      files: files(
        object("networking.k8s.io/v1", "Ingress", { spec: { rules: [{ host: "green.example.org" }] } }),
      ),
      because: byBoth(/green\.example\.org/),
    },
    {
      what: "open its network",
      files: files(
        object("networking.k8s.io/v1", "NetworkPolicy", { spec: { podSelector: {}, ingress: [{}] } }),
      ),
      because: byAdmission(/lets in everybody/),
    },
    {
      what: "write under the platform's name for what it makes",
      files: files(
        object("networking.k8s.io/v1", "NetworkPolicy", {
          metadata: { name: "terp" },
          spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }] },
        }),
      ),
      because: byBoth(/has to name this tenant's own namespaces|is the platform's: leave it as it is/),
    },
  ];
}
