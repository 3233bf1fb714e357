const fault = (path: string, given: string, expected: string, remedy: string): string =>
  `the values don't fit together\n\n${path}\n  given     ${given}\n  expected  ${expected}\n  remedy    ${remedy}`;

/** Values of the developers' chart that are wrong in one way, and what is said of them; for a release of another name. */
export const refusedServices: readonly (readonly [
  what: string,
  values: object,
  says: string,
  release?: string,
])[] = [
  ["no image", { image: undefined }, "- at '': missing property 'image'"],
  ["a value that doesn't exist", { replica: 2 }, "- at '': additional properties 'replica' not allowed"],
  ["a port as a text", { port: "80" }, "- at '/port': got string, want null or integer"],
  [
    "a number as a variable",
    { environment: { COUNT: 1000000 } },
    "- at '/environment/COUNT': got number, want string",
  ],
  [
    "a quantity that is none",
    { resources: { limits: { memory: "lots" } } },
    "- at '/resources/limits/memory': 'lots' does not match pattern '^[0-9]+(\\\\.[0-9]+)?(m|[kMGT]i?)?$'",
  ],
  ["root", { user: 0 }, "- at '/user': minimum: got 0, want 1"],
  ["a route without hosts", { route: { gateway: { name: "b" } } }, "- at '/route': missing property 'hosts'"],
  [
    "a host that is none",
    { route: { hosts: ["shop"], kind: "Ingress" } },
    "- at '/route/hosts/0': 'shop' does not match pattern '^(\\\\*\\\\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+$'",
  ],
  [
    "a database from nowhere",
    { postgres: { from: "mysql" } },
    "- at '/postgres/from': value must be one of 'operator', 'claim', 'statefulset', 'existing'",
  ],
  ["a migration of nothing", { migration: {} }, "- at '/migration': missing property 'command'"],
  [
    "an empty storage class",
    { storage: { path: "/d", size: "1Gi", storageClass: "" } },
    "- at '/storage/storageClass': '' does not match pattern '^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$'",
  ],
  [
    "a release that no Service can be called as",
    {},
    fault(
      "the release's name",
      '"1shop"',
      "a letter, then letters, digits and dashes, 41 at most: a Service is called so",
      'name it for example "shop"',
    ),
    "1shop",
  ],
  [
    "an image of no version",
    { image: { name: "ghcr.io/blue/shop" } },
    fault("image", "neither a tag nor a digest", "one of them, or both", 'write for example tag: "1.4.2"'),
  ],
  [
    "an image of any version",
    { image: { name: "ghcr.io/blue/shop", tag: "latest" } },
    fault(
      "image.tag",
      '"latest"',
      "a tag that names one build",
      'write the tag that your pipeline gives the image, for example "1.4.2"',
    ),
  ],
  [
    "a probe that asks nothing",
    { probes: { liveness: { everySeconds: 5 } } },
    fault(
      "probes.liveness",
      "none of them",
      "one of path, command and tcp",
      "write for example path: /healthz",
    ),
  ],
  [
    "a probe that asks two things",
    { probes: { liveness: { path: "/", tcp: true } } },
    fault(
      "probes.liveness",
      "path and tcp",
      "one of path, command and tcp",
      "write for example path: /healthz",
    ),
  ],
  [
    "a probe of a port that isn't there",
    { port: null, probes: { readiness: { path: "/" } } },
    fault(
      "probes.readiness",
      "path, and the service has no port",
      "a port, or a command",
      "write port: below it, or command: in its place",
    ),
  ],
  [
    "a route to nowhere",
    { port: null, route: { kind: "Ingress", hosts: ["a.blue.test"] } },
    fault(
      "route",
      "a route to a service without a port",
      "a port",
      "write port: with the number that the service listens at",
    ),
  ],
  [
    "a route by no gateway",
    { route: { hosts: ["a.blue.test"] } },
    fault(
      "route.gateway",
      "nothing",
      "the Gateway that the route attaches to",
      "write gateway: { name: … } with your tenant's name, or kind: Ingress",
    ),
  ],
  [
    "more pods at least than at most",
    { autoscaling: { minimum: 3, maximum: 2, cpu: 70 } },
    fault(
      "autoscaling.minimum",
      "3",
      "at most autoscaling.maximum, which is 2",
      "lower the one or raise the other",
    ),
  ],
  [
    "a number of pods that follows nothing",
    { autoscaling: { minimum: 1, maximum: 2 } },
    fault(
      "autoscaling",
      "neither cpu nor memory",
      "what the number of pods follows",
      "write for example cpu: 70",
    ),
  ],
  [
    "a volume for two pods",
    { replicas: 2, storage: { path: "/data", size: "1Gi" } },
    fault(
      "storage",
      "a volume for several pods",
      "one pod: a volume can't be at two nodes",
      "write replicas: 1 and leave out autoscaling, or keep the data in a database",
    ),
  ],
  [
    "a Redis without a password",
    { redis: { from: "statefulset" } },
    fault(
      "redis.secret",
      "nothing",
      "a value: redis.from is statefulset",
      "write the name of a Secret, for example secret: database",
    ),
  ],
  [
    "a Postgres without a volume",
    { postgres: { from: "statefulset", secret: "database" } },
    fault(
      "postgres.storage",
      "nothing",
      "a value: postgres.from is statefulset",
      "write for example storage: { size: 5Gi }",
    ),
  ],
  [
    "a claim of nothing",
    { postgres: { from: "claim", secret: "database" } },
    fault(
      "postgres.claim",
      "nothing",
      "a value: postgres.from is claim",
      "write claim: with apiVersion, kind and spec",
    ),
  ],
  [
    "an operator's Redis without an image",
    { redis: { from: "operator", secret: "cache" } },
    fault(
      "redis.image",
      "nothing",
      "a value: redis.from is operator",
      "write image: with the name and the tag of an image that the operator knows",
    ),
  ],
];
