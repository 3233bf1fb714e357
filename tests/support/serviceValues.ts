/** A service as small as it can be written. */
export const smallest = { image: { name: "registry.example.nl/blue/shop", tag: "1.4.2" } };

const images = {
  postgres: { name: "registry.example.nl/blue/postgres", tag: "18.1" },
  redis: { name: "registry.example.nl/blue/redis", tag: "8.2.3" },
};
const claim = {
  apiVersion: "database.example.nl/v1",
  kind: "Database",
  spec: { size: "small", secret: "shop-postgres" },
};
const host = "shop.blue.example.nl";
const gateway = { name: "blue", namespace: "gateway" };

/** Values that developers write, by what they are for. Together they have each value of the chart's at least once. */
export const services: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "as small as it can be": {},
  "by its digest, with a command": {
    image: {
      name: smallest.image.name,
      digest: `sha256:${"0".repeat(64)}`,
      pullPolicy: "Always",
      pullSecrets: ["registry"],
    },
    command: ["/bin/shop"],
    args: ["serve"],
    serviceAccount: "shop",
    user: null,
    readOnlyRootFilesystem: false,
    shutdown: { delaySeconds: 0, graceSeconds: 5 },
  },
  "with variables and files": {
    environment: { MODE: "production", COUNT: "1000000" },
    secrets: { TOKEN: { secret: "shop", key: "token" } },
    secretsFrom: ["more"],
    files: { "/etc/shop/settings.yaml": "a: 1\n", "/etc/other/settings.yaml": "b: 2\n" },
    secretFiles: { "/etc/keys": "keys" },
    temporary: ["/tmp", "/var/cache/shop"],
  },
  "with probes": {
    probes: {
      startup: { path: "/healthz", everySeconds: 1, failures: 60 },
      readiness: { command: ["/bin/shop", "ready"], timeoutSeconds: 5 },
      liveness: { tcp: true, port: 9000 },
    },
  },
  "with several pods": { replicas: 2 },
  "with as many pods as the load asks for": {
    autoscaling: { minimum: 2, maximum: 5, cpu: 70, memory: 80 },
    resources: {
      requests: { cpu: "100m", memory: "128Mi", "ephemeral-storage": "10Mi" },
      limits: { cpu: "1", memory: "256Mi", "ephemeral-storage": "1Gi" },
    },
  },
  "with a volume": { storage: { path: "/data", size: "1Gi", storageClass: "fast" } },
  "that listens nowhere": { port: null, command: ["/bin/worker"] },
  "behind the gateway": {
    route: {
      hosts: [host],
      gateway,
      annotations: { "example.nl/owner": "blue" },
      paths: [{ path: "/api", rewrite: "/" }, { path: "/" }],
    },
  },
  "behind an ingress controller": {
    route: {
      kind: "Ingress",
      hosts: [host, "other.blue.test"],
      class: "nginx",
      tlsSecret: "shop-tls",
      annotations: { "nginx.ingress.kubernetes.io/proxy-body-size": "8m" },
      paths: [{ path: "/api/v1.0", rewrite: "/" }, { path: "/" }],
    },
  },
  "with a Postgres and a Redis of the chart's": {
    images,
    postgres: { from: "statefulset", secret: "database", storage: { size: "1Gi" } },
    redis: { from: "statefulset", secret: "cache", maximumMemory: "64mb" },
    migration: { command: ["/bin/shop", "migrate"], seconds: 60 },
  },
  "with a Redis that keeps what it has": {
    images,
    redis: {
      from: "statefulset",
      secret: "cache",
      keys: { password: "redis-password" },
      storage: { size: "1Gi", storageClass: "fast" },
      resources: { limits: { memory: "256Mi" } },
    },
  },
  "with a Postgres and a Redis of operators'": {
    postgres: {
      from: "operator",
      storage: { size: "1Gi", storageClass: "fast" },
      instances: 2,
      database: "shop",
      username: "shopkeeper",
      image: images.postgres,
      resources: { requests: { memory: "256Mi" } },
    },
    redis: { from: "operator", secret: "cache", image: images.redis, storage: { size: "1Gi" } },
    migration: { command: ["/bin/shop", "migrate"] },
  },
  "with a Postgres and a Redis by claim": {
    postgres: {
      from: "claim",
      claim,
      secret: "shop-postgres",
      keys: { host: "endpoint", port: "5432", database: "database", username: "user", password: "pass" },
    },
    redis: { from: "claim", claim, secret: "shop-redis", keys: { host: "endpoint", port: "port" } },
  },
  "with a Postgres and a Redis that are there": {
    postgres: { from: "existing", secret: "database" },
    redis: { from: "existing", secret: "cache" },
    files: { "/etc/shop/settings.yaml": "a: 1\n" },
    migration: {
      command: ["/bin/shop", "migrate"],
      resources: { requests: { cpu: "10m", memory: "32Mi" } },
    },
  },
  "that says where its metrics and lines are": {
    metrics: { port: 9090, path: "/internal/metrics" },
    logs: { parser: "json", exclude: true },
    pod: { annotations: { "example.nl/team": "blue" }, labels: { "example.nl/team": "blue" } },
  },
  "with a network policy": {
    networkPolicy: { enabled: true, tenant: "blue", ranges: ["192.0.2.0/25"] },
  },
  "with what no value says": {
    pod: { overrides: { hostAliases: [{ ip: "192.0.2.1", hostnames: ["legacy"] }] } },
    container: { overrides: { stdin: true } },
    global: { any: "thing" },
  },
};
