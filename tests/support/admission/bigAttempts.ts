import { withSpec, type Attempt } from "./attempt";

const many = <T>(count: number, make: (index: string) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(String(index)));
const backend = { service: { name: "web", port: { number: 80 } } };
const long = "x".repeat(200);

/** Large ones of what is admitted: an expression that costs too much denies too. */
export const bigAttempts: readonly Attempt[] = [
  {
    what: "change a ConfigMap of 900 kB",
    object: { apiVersion: "v1", kind: "ConfigMap", data: { a: "x".repeat(900_000) } },
    change: { data: { b: "y" } },
  },
  {
    what: "have a network policy of 500 ranges",
    object: withSpec(
      "networking.k8s.io/v1",
      "NetworkPolicy",
    )({
      podSelector: {},
      egress: many(500, () => ({ to: [{ ipBlock: { cidr: "192.0.2.0/25" } }] })),
    }),
  },
  {
    what: "have an Ingress of 200 hosts and 1000 paths",
    object: withSpec("networking.k8s.io/v1", "Ingress")(
      {
        rules: many(200, (host) => ({
          host: `h${host}.blue.test`,
          http: {
            paths: many(5, (path) => ({ path: `/${path}/${long}`, pathType: "Prefix", backend })),
          },
        })),
        tls: many(200, (host) => ({ hosts: [`h${host}.blue.test`], secretName: `tls-${host}` })),
      },
      { annotations: Object.fromEntries(many(200, (key) => [`example.nl/${key}`, long])) },
    ),
  },
  {
    what: "have a route of 16 rules with 8 matches of 16 headers each",
    object: withSpec(
      "gateway.networking.k8s.io/v1",
      "HTTPRoute",
    )({
      hostnames: many(16, (host) => `h${host}.blue.test`),
      rules: many(16, () => ({
        matches: many(8, () => ({
          path: { value: `/${long}` },
          headers: many(16, (name) => ({ name: `h${name}`, value: long })),
        })),
        filters: many(16, () => ({ type: "RequestHeaderModifier" })),
        backendRefs: many(16, () => ({ name: "web", port: 80, filters: [{ type: "URLRewrite" }] })),
      })),
    }),
  },
  {
    what: "have a certificate of 100 names",
    object: withSpec(
      "cert-manager.io/v1",
      "Certificate",
    )({
      secretName: "tls",
      dnsNames: many(100, (host) => `h${host}.${"x".repeat(60)}.blue.example.nl`),
      issuerRef: { name: "letsencrypt", kind: "ClusterIssuer" },
    }),
  },
  {
    what: "have a Deployment of 50 containers and 100 volumes",
    object: withSpec(
      "apps/v1",
      "Deployment",
    )({
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: {
          labels: { app: "web" },
          annotations: Object.fromEntries(many(200, (key) => [`example.nl/${key}`, long])),
        },
        spec: {
          containers: many(50, (name) => ({ name: `c${name}`, image: `registry.example.nl/blue/${long}:1` })),
          volumes: many(100, (name) => ({ name: `v${name}`, emptyDir: {} })),
          tolerations: many(50, (key) => ({ key: `example.nl/${key}`, operator: "Exists" })),
        },
      },
    }),
  },
  {
    what: "have a HelmRelease with values of 300 kB",
    object: withSpec(
      "helm.toolkit.fluxcd.io/v2",
      "HelmRelease",
    )({
      interval: "10m",
      serviceAccountName: "reconciler",
      chart: {
        spec: {
          chart: "app",
          sourceRef: { kind: "GitRepository", name: "app" },
          reconcileStrategy: "Revision",
        },
      },
      values: { list: many(3000, () => ({ text: "x".repeat(90) })) },
    }),
    change: { spec: { interval: "11m" } },
  },
];
