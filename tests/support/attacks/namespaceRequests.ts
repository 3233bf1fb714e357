import { own, victim, type ForbiddenRequest } from "./identities";

const label = (namespace: string): unknown => ({ metadata: { labels: { "terp.dev/tenant": namespace } } });
const namespace = `/api/v1/namespaces/${own}`;

/** Ways to take a namespace over that Capsule's tests know, and some more. */
export const namespaceRequests: readonly ForbiddenRequest[] = [
  {
    what: "move its namespace to another tenant",
    as: "owner",
    method: "PATCH",
    path: namespace,
    body: label("team-green"),
  },
  {
    what: "do so through its status",
    as: "owner",
    method: "PATCH",
    path: `${namespace}/status`,
    body: label("team-green"),
  },
  {
    what: "do so by a JSON patch",
    as: "owner",
    method: "PATCH",
    type: "json-patch",
    path: namespace,
    body: [{ op: "replace", path: "/metadata/labels/terp.dev~1tenant", value: "team-green" }],
  },
  {
    what: "do so by server-side apply",
    as: "reconciler",
    method: "PATCH",
    type: "apply",
    path: `${namespace}?fieldManager=x&force=true`,
    body: {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: own, labels: { "terp.dev/tenant": "team-green" } },
    },
  },
  {
    what: "write its namespace anew",
    as: "owner",
    method: "PUT",
    path: namespace,
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: own } },
  },
  {
    what: "finalize its namespace",
    as: "owner",
    method: "PUT",
    path: `${namespace}/finalize`,
    body: { apiVersion: "v1", kind: "Namespace", metadata: { name: own }, spec: { finalizers: [] } },
  },
  { what: "delete its namespace", as: "owner", method: "DELETE", path: namespace },
  {
    what: "delete another tenant's namespace",
    as: "owner",
    method: "DELETE",
    path: `/api/v1/namespaces/${victim}`,
  },
  {
    what: "label another tenant's namespace",
    as: "reconciler",
    method: "PATCH",
    path: `/api/v1/namespaces/${victim}`,
    body: label("team-blue"),
  },
  {
    what: "make a namespace of its own",
    as: "owner",
    method: "POST",
    path: "/api/v1/namespaces",
    body: { metadata: { name: "team-blue-more", labels: { "terp.dev/tenant": "team-blue" } } },
  },
  {
    what: "make one that says who owns it",
    as: "reconciler",
    method: "POST",
    path: "/api/v1/namespaces",
    body: {
      metadata: {
        name: "team-blue-more",
        ownerReferences: [{ apiVersion: "v1", kind: "Namespace", name: own, uid: "0" }],
      },
    },
  },
  {
    what: "lower its namespace's pod security",
    as: "owner",
    method: "PATCH",
    path: namespace,
    body: { metadata: { labels: { "pod-security.kubernetes.io/enforce": "privileged" } } },
  },
  {
    what: "widen what its namespace may claim",
    as: "owner",
    method: "PATCH",
    path: namespace,
    body: { metadata: { annotations: { "terp.dev/domains": "green.example.org" } } },
  },
  {
    what: "let itself in where another tenant is reached",
    as: "reconciler",
    method: "PATCH",
    path: namespace,
    body: { metadata: { labels: { "reaches.terp.dev/team-green": "true" } } },
  },
  { what: "list all namespaces", as: "owner", method: "GET", path: "/api/v1/namespaces" },
];
