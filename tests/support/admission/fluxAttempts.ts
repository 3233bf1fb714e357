import { by, labelled, type Attempt } from "./attempt";
import { chartAttempts } from "./chartAttempts";
import { chart, charts, git, helm, kustomization, oci, release } from "./fluxObjects";
import { account } from "./world";

const sources = by("sources");
const reconcilers = by("reconcilers");
const allowed =
  "this tenant's sources (https://git.example.nl/blue/, ssh://git@git.example.nl/blue/, oci://registry.example.nl/blue/): use one below them";
const other = (namespace: string): string =>
  `namespace "${namespace}" isn't this object's own (blue-app): leave it out`;
const terp = 'labels and annotations of terp.dev are the platform\'s: leave out "terp.dev/tenant"';

/** A source's URL that is denied. */
function fetching(
  url: string,
  says: string,
  kind: (more: Record<string, unknown>) => Attempt["object"] = git,
): Attempt {
  return { what: `fetch ${url}`, object: kind({ url }), denied: sources(says) };
}

/** Flux's sources, and what applies them. */
export const fluxAttempts: readonly Attempt[] = [
  { what: "fetch a repository below its sources", object: git({ secretRef: { name: "git-access" } }) },
  { what: "fetch by SSH as git", object: git({ url: "ssh://git@git.example.nl/blue/app.git" }) },
  {
    what: "fetch from a host written in upper case",
    object: git({ url: "https://GIT.example.nl/blue/app" }),
  },
  { what: "fetch images of manifests", object: oci({ provider: "generic" }) },
  { what: "fetch charts", object: helm() },
  {
    what: "fetch charts from a registry",
    object: helm({ type: "oci", url: "oci://registry.example.nl/blue/charts" }),
  },
  { what: "have a Kustomization", object: kustomization({ targetNamespace: "blue-app", timeout: "5m" }) },
  {
    what: "decrypt with its own key",
    object: kustomization({ decryption: { provider: "sops", secretRef: { name: "sops-age" } } }),
  },
  {
    what: "have a HelmRelease",
    object: release({
      values: { replicas: 2 },
      valuesFrom: [{ kind: "Secret", name: "helm-values" }],
      dependsOn: [{ name: "db" }],
      install: { timeout: "5m", createNamespace: false },
    }),
  },
  {
    what: "suspend what was admitted by other claims",
    object: git({ url: "https://elsewhere.example/x" }),
    change: { spec: { url: "https://git.example.nl/blue/app", suspend: true } },
  },
  {
    what: "have its source looked after by Flux, though its claims have changed",
    object: git({ url: "https://elsewhere.example/x" }),
    change: { metadata: { finalizers: ["finalizers.fluxcd.io"] } },
    as: account("flux-system", "source-controller"),
  },
  {
    what: "have its own helm-controller make a HelmChart of its HelmRelease",
    object: chart,
    as: account("terp-tenant-blue", "helm-controller"),
  },
  {
    what: "have Flux look after that HelmChart",
    object: chart,
    change: { spec: { interval: "2m" } },
    as: account("flux-system", "source-controller"),
  },
  {
    what: "have a HelmRelease of an image of a chart",
    object: release({ chart: undefined, chartRef: { kind: "OCIRepository", name: "app" } }),
  },

  fetching("https://git.example.nl/red/app", `url "https://git.example.nl/red/app" isn't below ${allowed}`),
  fetching("https://git.example.nl/blue-evil/app", `isn't below ${allowed}`),
  fetching("https://git.example.nl.evil.example/blue/app", `isn't below ${allowed}`),
  fetching("https://git.example.nl:444/blue/app", `isn't below ${allowed}`),
  fetching("https://git.example.nl/Blue/app", `isn't below ${allowed}`),
  fetching("http://git.example.nl/blue/app", "isn't a plain address: write https://, ssh:// or oci://"),
  fetching("https://git.example.nl/blue/../red/app", "isn't a plain address"),
  fetching("https://git.example.nl/blue/%2e%2e/red/app", "isn't a plain address"),
  fetching("https://git.example.nl/blue/./app", "isn't a plain address"),
  fetching("https://git.example.nl/blue//app", "isn't a plain address"),
  fetching("https://git.example.nl@evil.example/blue/app", "isn't a plain address"),
  fetching("https://git@evil.example/blue/app", "isn't a plain address"),
  fetching("https://user:pass@git.example.nl/blue/app", "isn't a plain address"),
  fetching("ssh://root@git.example.nl/blue/app", "isn't a plain address"),
  fetching("https://git.example.nl/blue/app?x=/", "isn't a plain address"),
  fetching("https://git.example.nl/blue/app#x", "isn't a plain address"),
  fetching("oci://registry.example.nl/red/app", `isn't below ${allowed}`, oci),
  fetching("https://charts.example/", `isn't below ${allowed}`, helm),
  {
    what: "fetch anything where it has no source",
    namespace: "red-app",
    object: git(),
    denied: sources(`isn't below this tenant's sources (none): use one below them`),
  },
  {
    what: "change where its source comes from",
    object: git(),
    change: { spec: { url: "https://evil.example/blue/app" } },
    denied: sources(`isn't below ${allowed}`),
  },
  {
    what: "fetch with the platform's identity",
    object: oci({ provider: "azure" }),
    denied: sources('provider "azure" would log in as the platform'),
  },
  {
    what: "fetch as a service account",
    object: oci({ serviceAccountName: "default" }),
    denied: sources('serviceAccountName "default" would log in as an account'),
  },
  ...(
    [
      ["proxySecretRef", git({ proxySecretRef: { name: "proxy" } })],
      ["insecure", oci({ insecure: true })],
      ["passCredentials", helm({ passCredentials: true })],
    ] as const
  ).map(([field, object]): Attempt => ({
    what: `fetch with ${field}`,
    object,
    denied: sources("leave out proxySecretRef, insecure and passCredentials"),
  })),
  {
    what: "fetch submodules from anywhere",
    object: git({ recurseSubmodules: true }),
    denied: sources("submodules may lie anywhere: leave out recurseSubmodules"),
  },
  {
    what: "let other namespaces use its charts' repository",
    object: helm({ accessFrom: { namespaceSelectors: [{}] } }),
    denied: sources("a source is for its own namespace"),
  },
  {
    what: "keep Flux busy with a source",
    object: git({ interval: "100ms" }),
    denied: sources("write intervals of at least 30s"),
  },
  {
    what: "hold Flux with a source for two hours",
    object: git({ timeout: "120m" }),
    denied: sources("write timeouts of at most 1h"),
  },

  ...[undefined, "default", "owner"].map((serviceAccountName): Attempt => ({
    what: `apply as ${serviceAccountName ?? "no account"}`,
    object: kustomization({ serviceAccountName }),
    denied: reconcilers(
      `serviceAccountName "${serviceAccountName ?? ""}" has no rights here: write reconciler`,
    ),
  })),
  {
    what: "release as an account of its own",
    object: release({ serviceAccountName: "own" }),
    denied: reconcilers('serviceAccountName "own" has no rights here'),
  },
  {
    what: "apply to another cluster",
    object: kustomization({ kubeConfig: { secretRef: { name: "x" } } }),
    denied: reconcilers("kubeConfig leads to another cluster"),
  },
  {
    what: "release to another cluster",
    object: release({ kubeConfig: { secretRef: { name: "x" } } }),
    denied: reconcilers("kubeConfig leads to another cluster"),
  },
  ...(
    [
      [
        "apply another namespace's source",
        kustomization({ sourceRef: { kind: "GitRepository", name: "x", namespace: "red-app" } }),
      ],
      ["apply into another namespace", kustomization({ targetNamespace: "red-app" })],
      ["wait for another namespace", kustomization({ dependsOn: [{ name: "x", namespace: "red-app" }] })],
      [
        "look at another namespace",
        kustomization({ healthChecks: [{ kind: "Secret", name: "x", namespace: "red-app" }] }),
      ],
      ["release into another namespace", release({ targetNamespace: "red-app" })],
      ["keep a release in another namespace", release({ storageNamespace: "red-app" })],
      ["release after another namespace's", release({ dependsOn: [{ name: "x", namespace: "red-app" }] })],
      [
        "release another namespace's chart",
        release({ chart: { spec: { chart: "x", sourceRef: { ...charts, namespace: "red-app" } } } }),
      ],
      [
        "release another namespace's image of a chart",
        release({ chart: undefined, chartRef: { kind: "OCIRepository", name: "x", namespace: "red-app" } }),
      ],
    ] as const
  ).map(([what, object]): Attempt => ({ what, object, denied: reconcilers(other("red-app")) })),
  {
    what: "decrypt with any other key",
    object: kustomization({ decryption: { provider: "sops", secretRef: { name: "platform-age" } } }),
    denied: reconcilers("decryption is with a key of the tenant's own: write secretRef: {name: sops-age}"),
  },
  {
    what: "decrypt with Flux's own identity",
    object: kustomization({ decryption: { provider: "sops" } }),
    denied: reconcilers("decryption is with a key of the tenant's own"),
  },
  {
    what: "decrypt as a service account",
    object: kustomization({
      decryption: { provider: "sops", secretRef: { name: "sops-age" }, serviceAccountName: "x" },
    }),
    denied: reconcilers("decryption is with a key of the tenant's own"),
  },
  {
    what: "take values from any Secret",
    object: release({
      valuesFrom: [
        { kind: "Secret", name: "helm-values" },
        { kind: "Secret", name: "sops-age" },
      ],
    }),
    denied: reconcilers('valuesFrom "sops-age" can\'t be read by Flux'),
  },
  {
    what: "make a namespace with a release",
    object: release({ install: { createNamespace: true } }),
    denied: reconcilers("install.createNamespace isn't a tenant's to ask for"),
  },
  {
    what: "mark what it applies",
    object: kustomization({ commonMetadata: { labels: { "terp.dev/tenant": "red" } } }),
    denied: reconcilers(terp),
  },
  {
    what: "mark what it releases",
    object: release({ commonMetadata: { annotations: { "terp.dev/tenant": "red" } } }),
    denied: reconcilers(terp),
  },
  {
    what: "mark the chart that Flux makes",
    object: release({
      chart: {
        metadata: { labels: { "terp.dev/tenant": "red" } },
        spec: { chart: "x", sourceRef: charts, reconcileStrategy: "Revision" },
      },
    }),
    denied: reconcilers(terp),
  },
  {
    what: "keep Flux busy with a Kustomization",
    object: kustomization({ retryInterval: "1s" }),
    denied: reconcilers("write intervals of at least 30s"),
  },
  {
    what: "hold Flux with a release for a day",
    object: release({ install: { timeout: "24h" } }),
    denied: reconcilers("write timeouts of at most 1h"),
  },
  {
    what: "hold Flux with a Kustomization for its interval",
    object: kustomization({ interval: "24h", wait: true }),
    denied: reconcilers("without a timeout a Kustomization with wait: true holds Flux"),
  },
  {
    what: "mark a Kustomization itself",
    object: kustomization({}, labelled({ "check.terp.dev/x": "y" })),
    denied: by("owned")("labels and annotations of terp.dev, and what bounds pods, are the platform's"),
  },
  ...chartAttempts,
  {
    what: "make a HelmChart by itself",
    object: chart,
    denied: by("kinds")("HelmChart isn't a tenant's to write: write a HelmRelease with spec.chart"),
  },
];
