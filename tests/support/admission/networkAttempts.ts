import { by, withSpec, type Attempt } from "./attempt";

const policy = withSpec("networking.k8s.io/v1", "NetworkPolicy");
const denied = by("networkpolicies");
const own = { namespaceSelector: { matchLabels: { "terp.dev/tenant": "blue" } } };
const pods = { podSelector: { matchLabels: { app: "web" } } };
const from = (...peers: unknown[]): unknown => ({ podSelector: {}, ingress: [{ from: peers }] });
const to = (...peers: unknown[]): unknown => ({ podSelector: {}, egress: [{ to: peers }] });
const block = (cidr: string): unknown => ({ ipBlock: { cidr } });
const selecting = (selector: unknown): unknown => ({ namespaceSelector: selector });
const everybody = 'an ingress rule without "from" lets in everybody';
const everywhere = 'an egress rule without "to" lets out to everywhere';
const stranger = 'write matchLabels: {"terp.dev/tenant": "blue"}';
const range = (cidr: string): string =>
  `range ${cidr} isn't within this tenant's ranges (192.0.2.0/24, 2001:db8::/64): name one within them`;

/** Network policies. */
export const networkAttempts: readonly Attempt[] = [
  { what: "deny everything", object: policy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }) },
  { what: "let in pods of the namespace", object: policy(from(pods)) },
  { what: "let in its own namespaces", object: policy(from(own)) },
  { what: "let in some pods of its own namespaces", object: policy(from({ ...own, ...pods })) },
  {
    what: "let in some of its own namespaces",
    object: policy(
      from(
        selecting({
          matchLabels: { "terp.dev/tenant": "blue" },
          matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["blue-app"] }],
        }),
      ),
    ),
  },
  { what: "let out to a part of its ranges", object: policy(to(block("192.0.2.128/25"))) },
  { what: "let out to a part of its IPv6 ranges", object: policy(to(block("2001:db8::1/128"))) },

  {
    what: "let in everybody",
    object: policy({ podSelector: {}, ingress: [{}] }),
    denied: denied(everybody),
  },
  {
    what: "let in everybody at a port",
    object: policy({ podSelector: {}, ingress: [{ from: [pods] }, { from: [], ports: [{ port: 80 }] }] }),
    denied: denied(everybody),
  },
  {
    what: "let out to everywhere",
    object: policy({ podSelector: {}, policyTypes: ["Egress"], egress: [{ ports: [{ port: 443 }] }] }),
    denied: denied(everywhere),
  },
  { what: "let in all namespaces", object: policy(from(selecting({}))), denied: denied(stranger) },
  {
    what: "let in another tenant",
    object: policy(from(selecting({ matchLabels: { "terp.dev/tenant": "red" } }))),
    denied: denied(stranger),
  },
  {
    what: "let in namespaces by another label",
    object: policy(from(selecting({ matchLabels: { "kubernetes.io/metadata.name": "red-app" } }))),
    denied: denied(stranger),
  },
  {
    what: "let in its tenant's label by an expression alone, which may have other values too",
    object: policy(
      from(
        selecting({
          matchExpressions: [{ key: "terp.dev/tenant", operator: "In", values: ["blue", "red"] }],
        }),
      ),
    ),
    denied: denied(stranger),
  },
  {
    what: "hide another tenant among its own peers",
    object: policy(to(pods, own, selecting({ matchLabels: { "terp.dev/tenant": "red" } }))),
    denied: denied(stranger),
  },
  {
    what: "let in pods of all namespaces",
    object: policy(from({ ...pods, namespaceSelector: {} })),
    denied: denied(stranger),
  },
  {
    what: "let out to every address",
    object: policy(to(block("0.0.0.0/0"))),
    denied: denied(range("0.0.0.0/0")),
  },
  {
    what: "let out to the metadata address",
    object: policy(to(block("169.254.169.254/32"))),
    denied: denied(range("169.254.169.254/32")),
  },
  {
    what: "let out to more than its range",
    object: policy(to(block("192.0.2.0/23"))),
    denied: denied(range("192.0.2.0/23")),
  },
  {
    what: "let in from every address, but for some",
    object: policy(from({ ipBlock: { cidr: "0.0.0.0/0", except: ["198.51.100.0/24"] } })),
    denied: denied(range("0.0.0.0/0")),
  },
  { what: "let out to every IPv6 address", object: policy(to(block("::/0"))), denied: denied(range("::/0")) },
  {
    what: "name any range where it has none",
    namespace: "red-app",
    object: policy(to(block("192.0.2.0/24"))),
    denied: denied("range 192.0.2.0/24 isn't within this tenant's ranges (none): name one within them"),
  },
  {
    what: "open a policy that was closed",
    object: policy({ podSelector: {} }),
    change: { spec: { ingress: [{}] } },
    denied: denied(everybody),
  },
  {
    what: "open a policy that it has deleted, and holds with a finalizer",
    object: policy({ podSelector: {} }, { finalizers: ["example.nl/held"], deleted: true }),
    change: { spec: { ingress: [{}] } },
    denied: denied(everybody),
  },
  {
    what: "let go of a policy that was admitted by other claims",
    object: policy(to(block("0.0.0.0/0")), { finalizers: ["example.nl/held"], deleted: true }),
    change: { metadata: { finalizers: null } },
  },
  {
    what: "delete a policy of its own",
    object: policy(from(pods)),
    change: null,
  },
];
