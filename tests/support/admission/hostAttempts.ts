import { annotated, by, withSpec, type Attempt } from "./attempt";
import { noHost, stranger } from "./hostRefusals";

const ingress = withSpec("networking.k8s.io/v1", "Ingress");
const service = withSpec("v1", "Service");

const hosts = by("hosts");
const ingresses = by("ingresses");

const backend = { service: { name: "web", port: { number: 80 } } };
const path = (value = "/", more: unknown = backend): unknown => ({
  path: value,
  pathType: "ImplementationSpecific",
  backend: more,
});
const rule = (host?: string, paths: unknown = [path()]): unknown => ({ host, http: { paths } });
const forHost = (host: string, annotations: Record<string, string> = {}): Attempt["object"] =>
  ingress({ rules: [rule(host)] }, annotated(annotations));
const nginx = (name: string, value: string): Attempt["object"] =>
  forHost("web.blue.example.nl", { [`nginx.ingress.kubernetes.io/${name}`]: value });
const traefik = (name: string, value: string): Attempt["object"] =>
  forHost("web.blue.example.nl", { [`traefik.ingress.kubernetes.io/${name}`]: value });

/** Host names of Ingresses and Services, and what else an Ingress says. */
export const hostAttempts: readonly Attempt[] = [
  { what: "claim a host below its domain", object: forHost("web.blue.example.nl") },
  { what: "claim its domain itself", object: forHost("blue.test") },
  { what: "claim a wildcard of its domain", object: forHost("*.blue.example.nl") },
  {
    what: "use TLS for its host, with usual settings",
    object: ingress(
      { rules: [rule("web.blue.test")], tls: [{ hosts: ["web.blue.test"], secretName: "tls" }] },
      annotated({
        "cert-manager.io/cluster-issuer": "letsencrypt",
        "nginx.ingress.kubernetes.io/rewrite-target": "/$2",
        "nginx.ingress.kubernetes.io/proxy-body-size": "8m",
        "traefik.ingress.kubernetes.io/router.tls": "true",
      }),
    ),
  },
  {
    what: "use a regular expression in a path",
    object: ingress({ rules: [rule("blue.test", [path("/a(/|$)(.*)")])] }),
  },
  {
    what: "name a Service below its domain",
    object: service(
      { ports: [{ port: 80 }] },
      annotated({ "external-dns.alpha.kubernetes.io/hostname": "a.blue.test, b.blue.test" }),
    ),
  },

  {
    what: "claim another's host",
    object: forHost("www.example.nl"),
    denied: hosts(stranger("www.example.nl")),
  },
  {
    what: "claim a host that only ends like its domain",
    object: forHost("notblue.example.nl"),
    denied: hosts(stranger("notblue.example.nl")),
  },
  {
    what: "claim what its domain is below of",
    object: forHost("*.example.nl"),
    denied: hosts(stranger("*.example.nl")),
  },
  {
    what: "claim a host where it has no domain",
    namespace: "red-app",
    object: forHost("web.blue.example.nl"),
    denied: hosts(
      `host "web.blue.example.nl" isn't below this tenant's domains (none): use a name below one of them, or ask the operators for the domain`,
    ),
  },
  {
    what: "claim another's host beside its own",
    object: ingress({ rules: [rule("blue.test"), rule("red.test")] }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "claim every host by a rule without one",
    object: ingress({ rules: [rule()] }),
    denied: hosts(noHost("Ingress")),
  },
  {
    what: "claim every host by a default backend",
    object: ingress({ defaultBackend: backend, rules: [rule("blue.test")] }),
    denied: ingresses("spec.defaultBackend takes every host that nobody else has"),
  },
  {
    what: "bring a certificate for another's host",
    object: ingress({ rules: [rule("blue.test")], tls: [{ hosts: ["red.test"], secretName: "tls" }] }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "bring a certificate for every host",
    object: ingress({ rules: [rule("blue.test")], tls: [{ secretName: "tls" }] }),
    denied: hosts(noHost("Ingress")),
  },
  {
    what: "take another's host by a change",
    object: forHost("blue.test"),
    change: { spec: { rules: [rule("red.test")] } },
    denied: hosts(stranger("red.test")),
  },
  {
    what: "take another's DNS name for an Ingress",
    object: forHost("blue.test", { "external-dns.alpha.kubernetes.io/hostname": "blue.test,red.test" }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "take another's DNS name for a Service",
    object: service(
      { clusterIP: "None", ports: [{ port: 80 }] },
      annotated({ "external-dns.alpha.kubernetes.io/internal-hostname": "red.test" }),
    ),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "have another's name put into its certificate",
    object: forHost("blue.test", { "cert-manager.io/alt-names": "blue.test,red.test" }),
    denied: hosts(stranger("red.test")),
  },
  ...(
    [
      ["server-snippet", "location / { return 200; }"],
      ["configuration-snippet", "x"],
      ["auth-snippet", "x"],
      ["stream-snippet", "x"],
      ["modsecurity-snippet", "x"],
      ["server-alias", "red.test"],
      ["from-to-www-redirect", "true"],
      ["auth-url", "http://169.254.169.254/"],
      ["auth-tls-secret", "red-app/ca"],
      ["auth-proxy-set-headers", "red-app/headers"],
      ["custom-headers", "red-app/headers"],
      ["proxy-ssl-secret", "red-app/tls"],
      ["mirror-target", "http://169.254.169.254/"],
      ["upstream-vhost", "red.test"],
      ["a-new-one", "x"],
    ] as const
  ).map(([name, value]): Attempt => ({
    what: `set nginx's ${name}`,
    object: nginx(name, value),
    denied: ingresses(
      `annotation nginx.ingress.kubernetes.io/${name} could reach beyond this Ingress's own hosts: leave it out`,
    ),
  })),
  {
    what: "end a setting of nginx by an annotation's value",
    object: nginx("rewrite-target", "/;}\nserver{"),
    denied: ingresses(
      "annotation nginx.ingress.kubernetes.io/rewrite-target has a character in it that ends a setting",
    ),
  },
  {
    what: "log in with another namespace's passwords",
    object: nginx("auth-secret", "red-app/users"),
    denied: ingresses("annotation nginx.ingress.kubernetes.io/auth-secret names another namespace"),
  },
  {
    what: "use Traefik's middlewares of others",
    object: traefik("router.middlewares", "red-app-auth@kubernetescrd"),
    denied: ingresses("annotation traefik.ingress.kubernetes.io/router.middlewares could reach beyond"),
  },
  {
    what: "serve at Traefik's internal address",
    object: traefik("router.entrypoints", "traefik"),
    denied: ingresses("annotation traefik.ingress.kubernetes.io/router.entrypoints could reach beyond"),
  },
  {
    what: "take another's host by Azure's gateway",
    object: forHost("blue.test", { "appgw.ingress.kubernetes.io/hostname-extension": "red.test" }),
    denied: ingresses("annotation appgw.ingress.kubernetes.io/hostname-extension could reach beyond"),
  },
  {
    what: "end Traefik's rule by a path",
    object: ingress({ rules: [rule("blue.test", [path("/`)||Host(`red.test")])] }),
    denied: ingresses("a path has a character in it that ends a setting of the ingress controller"),
  },
  {
    what: "serve what isn't a Service",
    object: ingress({
      rules: [
        rule("blue.test", [
          path("/", { resource: { apiGroup: "traefik.io", kind: "TraefikService", name: "x" } }),
        ]),
      ],
    }),
    denied: ingresses("a backend that isn't a Service may be anybody's"),
  },
];
