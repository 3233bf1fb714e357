import { annotated, by, withSpec, type Attempt } from "./attempt";
import { noHost, stranger } from "./hostRefusals";

const httpRoute = withSpec("gateway.networking.k8s.io/v1", "HTTPRoute");
const grpcRoute = withSpec("gateway.networking.k8s.io/v1", "GRPCRoute");
const tlsRoute = withSpec("gateway.networking.k8s.io/v1", "TLSRoute");
const gateway = withSpec("gateway.networking.k8s.io/v1", "Gateway");
const certificate = withSpec("cert-manager.io/v1", "Certificate");
const endpoint = withSpec("externaldns.k8s.io/v1alpha1", "DNSEndpoint");

const hosts = by("hosts");
const routes = by("routes");
const certificates = by("certificates");

const to = (...backendRefs: unknown[]): unknown => ({
  hostnames: ["web.blue.example.nl"],
  rules: [{ backendRefs }],
});
const web = { name: "web", port: 80 };
const matching = (...matches: unknown[]): unknown => ({
  hostnames: ["web.blue.example.nl"],
  rules: [{ matches, backendRefs: [web] }],
});
const filtering = (...filters: unknown[]): unknown => ({
  hostnames: ["web.blue.example.nl"],
  rules: [{ filters, backendRefs: [web] }],
});
const issuerRef = { name: "letsencrypt", kind: "ClusterIssuer" };
const cert = (more: Record<string, unknown> = {}): Attempt["object"] =>
  certificate({ secretName: "tls", dnsNames: ["web.blue.example.nl"], issuerRef, ...more });

/** Routes, Gateways, certificates and names in DNS. */
export const routeAttempts: readonly Attempt[] = [
  { what: "route its hosts", object: httpRoute(to(web)) },
  { what: "route gRPC of its hosts", object: grpcRoute(to(web)) },
  {
    what: "redirect, mirror and match",
    object: httpRoute({
      hostnames: ["*.blue.test"],
      rules: [
        {
          matches: [
            { path: { type: "Exact", value: "/x" }, headers: [{ name: "a", value: "b c" }], method: "GET" },
          ],
          filters: [
            { type: "RequestRedirect", requestRedirect: { hostname: "elsewhere.example" } },
            { type: "RequestMirror", requestMirror: { backendRef: web } },
          ],
          backendRefs: [{ ...web, namespace: "blue-app", kind: "Service", group: "" }],
        },
      ],
    }),
  },
  {
    what: "have a Gateway for its hosts",
    object: gateway({
      gatewayClassName: "traefik",
      listeners: [
        { name: "web", hostname: "*.blue.test", port: 443, tls: { certificateRefs: [{ name: "tls" }] } },
      ],
    }),
  },
  { what: "have a certificate for its hosts", object: cert({ commonName: "blue.test" }) },
  { what: "have DNS names below its domain", object: endpoint({ endpoints: [{ dnsName: "db.blue.test" }] }) },

  {
    what: "route every host",
    object: httpRoute({ rules: [{ backendRefs: [web] }] }),
    denied: hosts(noHost("HTTPRoute")),
  },
  {
    what: "route another's host",
    object: httpRoute({ hostnames: ["red.test"], rules: [] }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "route another's host beside its own",
    object: grpcRoute({ hostnames: ["blue.test", "red.test"], rules: [] }),
    denied: hosts(stranger("red.test")),
  },
  { what: "route TLS of every host", object: tlsRoute({ rules: [] }), denied: hosts(noHost("TLSRoute")) },
  {
    what: "name another's host for a route in DNS",
    object: httpRoute(to(web), annotated({ "external-dns.alpha.kubernetes.io/hostname": "red.test" })),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "route to another namespace",
    object: httpRoute(to({ ...web, namespace: "red-app" })),
    denied: routes("a backend has to be a Service of namespace blue-app"),
  },
  {
    what: "route to Traefik's own API",
    object: httpRoute(to({ group: "traefik.io", kind: "TraefikService", name: "api@internal" })),
    denied: routes("a backend has to be a Service of namespace blue-app"),
  },
  {
    what: "mirror to another namespace",
    object: httpRoute(
      filtering({ type: "RequestMirror", requestMirror: { backendRef: { ...web, namespace: "red-app" } } }),
    ),
    denied: routes("a mirror has to be a Service of namespace blue-app"),
  },
  {
    what: "hide a mirror in a backend",
    object: httpRoute(
      to({
        ...web,
        filters: [
          { type: "RequestMirror", requestMirror: { backendRef: { name: "x", namespace: "red-app" } } },
        ],
      }),
    ),
    denied: routes("a mirror has to be a Service of namespace blue-app"),
  },
  {
    what: "filter by an extension of the gateway's",
    object: httpRoute(
      filtering({ type: "ExtensionRef", extensionRef: { group: "x", kind: "y", name: "z" } }),
    ),
    denied: routes("a filter has to be one of RequestHeaderModifier"),
  },
  ...(
    [
      ["header", { headers: [{ name: "x", value: "`) || Host(`red.test" }] }],
      ["header's name", { headers: [{ name: "x`", value: "y" }] }],
      ["query", { queryParams: [{ name: "x", value: "`) || Host(`red.test" }] }],
      ["path", { path: { type: "RegularExpression", value: "/`) || Host(`red.test" } }],
    ] as const
  ).map(([place, match]): Attempt => ({
    what: `end the gateway's rule by a ${place}`,
    object: httpRoute(matching({ path: { value: "/" } }, match)),
    denied: routes("a match has a backtick in it"),
  })),
  {
    what: "end the gateway's rule by a method of gRPC",
    object: grpcRoute(matching({ method: { service: "`) || Host(`red.test", method: "x" } })),
    denied: routes("a match has a backtick in it"),
  },
  {
    what: "have a Gateway for every host",
    object: gateway({ listeners: [{ name: "web", port: 80 }] }),
    denied: hosts(noHost("Gateway")),
  },
  {
    what: "have a Gateway for another's host",
    object: gateway({ listeners: [{ name: "web", port: 80, hostname: "red.test" }] }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "have a Gateway at an address of its choice",
    object: gateway({ addresses: [{ value: "192.0.2.1" }], listeners: [] }),
    denied: routes(
      "a tenant's Gateway has listeners with certificates of namespace blue-app and nothing else",
    ),
  },
  {
    what: "have a Gateway with another's certificate",
    object: gateway({
      listeners: [
        { hostname: "blue.test", tls: { certificateRefs: [{ name: "tls", namespace: "red-app" }] } },
      ],
    }),
    denied: routes(
      "a tenant's Gateway has listeners with certificates of namespace blue-app and nothing else",
    ),
  },
  {
    what: "have a certificate for another's host",
    object: cert({ dnsNames: ["blue.test", "red.test"] }),
    denied: hosts(stranger("red.test")),
  },
  {
    what: "have a certificate with another's common name",
    object: cert({ commonName: "red.test" }),
    denied: hosts(stranger("red.test")),
  },
  ...(
    [
      { ipAddresses: ["192.0.2.1"] },
      { uris: ["spiffe://cluster.local/ns/red-app/sa/default"] },
      { emailAddresses: ["a@red.test"] },
      { literalSubject: "CN=red.test" },
    ] as const
  ).map((more): Attempt => ({
    what: `have a certificate with ${Object.keys(more).join()}`,
    object: cert(more),
    denied: certificates("a certificate here is for host names only: leave out ipAddresses"),
  })),
  {
    what: "have an authority's certificate",
    object: cert({ isCA: true }),
    denied: certificates("a tenant's certificate can't issue others"),
  },
  {
    what: "have a certificate that signs others",
    object: cert({ usages: ["digital signature", "cert sign"] }),
    denied: certificates("a tenant's certificate can't issue others"),
  },
  {
    what: "choose an issuer of its own",
    object: cert({ issuerRef: { name: "own" } }),
    denied: certificates(`issuerRef Issuer "own" isn't one of the operators'`),
  },
  {
    what: "choose an issuer of another group",
    object: cert({ issuerRef: { ...issuerRef, group: "awspca.cert-manager.io" } }),
    denied: certificates(`issuerRef ClusterIssuer "letsencrypt" isn't one of the operators'`),
  },
  {
    what: "have another's DNS name",
    object: endpoint({ endpoints: [{ dnsName: "blue.test" }, { dnsName: "www.red.test" }] }),
    denied: hosts(stranger("www.red.test")),
  },
];
