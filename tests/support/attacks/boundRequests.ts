import { at, own, type ForbiddenRequest } from "./identities";

const rbac = "rbac.authorization.k8s.io/v1";

const binding = {
  metadata: { name: "more" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
  subjects: [{ kind: "Group", name: "blue-owners", apiGroup: "rbac.authorization.k8s.io" }],
};

/** What bounds a tenant. */
export const boundRequests: readonly ForbiddenRequest[] = [
  {
    what: "raise its quota",
    as: "owner",
    method: "PATCH",
    path: at("v1", "resourcequotas", own, "terp"),
    body: { spec: { hard: { pods: "1000" } } },
  },
  {
    what: "delete its quota",
    as: "reconciler",
    method: "DELETE",
    path: at("v1", "resourcequotas", own, "terp"),
  },
  {
    what: "forge its quota's use",
    as: "owner",
    method: "PATCH",
    path: `${at("v1", "resourcequotas", own, "terp")}/status`,
    body: { status: { used: { pods: "0" } } },
  },
  { what: "delete its limits", as: "owner", method: "DELETE", path: at("v1", "limitranges", own, "terp") },
  {
    what: "raise its limits",
    as: "reconciler",
    method: "PATCH",
    path: at("v1", "limitranges", own, "terp"),
    body: { spec: { limits: [] } },
  },
  {
    what: "delete the platform's network policy",
    as: "owner",
    method: "DELETE",
    path: at("networking.k8s.io/v1", "networkpolicies", own, "terp"),
    because: /is the platform's: leave it as it is/,
  },
  {
    what: "delete all network policies at once",
    as: "reconciler",
    method: "DELETE",
    path: at("networking.k8s.io/v1", "networkpolicies", own),
  },
  {
    what: "open the platform's network policy",
    as: "owner",
    method: "PATCH",
    path: at("networking.k8s.io/v1", "networkpolicies", own, "terp"),
    body: { spec: { ingress: [{}] } },
    because: /is the platform's|lets in everybody/,
  },
  {
    what: "add a network policy that lets everybody in",
    as: "owner",
    method: "POST",
    path: at("networking.k8s.io/v1", "networkpolicies", own),
    body: { metadata: { name: "open" }, spec: { podSelector: {}, ingress: [{}] } },
    because: /lets in everybody/,
  },
  {
    what: "add one that lets it out to everywhere",
    as: "reconciler",
    method: "POST",
    path: at("networking.k8s.io/v1", "networkpolicies", own),
    body: {
      metadata: { name: "out" },
      spec: {
        podSelector: {},
        policyTypes: ["Egress"],
        egress: [{ to: [{ ipBlock: { cidr: "0.0.0.0/0" } }] }],
      },
    },
    because: /isn't within this tenant's ranges/,
  },
  { what: "bind a role", as: "owner", method: "POST", path: at(rbac, "rolebindings", own), body: binding },
  {
    what: "change who is bound",
    as: "owner",
    method: "PATCH",
    path: at(rbac, "rolebindings", own, "terp-owner"),
    body: { subjects: [] },
  },
  {
    what: "make a role",
    as: "reconciler",
    method: "POST",
    path: at(rbac, "roles", own),
    body: { metadata: { name: "more" }, rules: [] },
  },
  {
    what: "bind a cluster role",
    as: "owner",
    method: "POST",
    path: `/apis/${rbac}/clusterrolebindings`,
    body: binding,
  },
  {
    what: "widen the tenants' role",
    as: "reconciler",
    method: "PATCH",
    path: `/apis/${rbac}/clusterroles/terp-tenant`,
    body: { rules: [] },
  },
  {
    what: "label an object as the platform's",
    as: "owner",
    method: "POST",
    path: at("v1", "configmaps", own),
    body: { metadata: { name: "early", labels: { "terp.dev/environment": "local" } } },
    because:
      /say whose an object is and are set by the platform alone|are the platform's: leave "terp.dev\/environment" as it is/,
  },
  {
    what: "take a policy of admission away",
    as: "owner",
    method: "DELETE",
    path: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/terp-tenant-hosts",
  },
  {
    what: "add a webhook that sees every request",
    as: "owner",
    method: "POST",
    path: "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
    body: { metadata: { name: "spy" } },
  },
  {
    what: "define a kind",
    as: "reconciler",
    method: "POST",
    path: "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
    body: {},
  },
  {
    what: "make a priority for its pods",
    as: "owner",
    method: "POST",
    path: "/apis/scheduling.k8s.io/v1/priorityclasses",
    body: { metadata: { name: "first" }, value: 1000000000 },
  },
  {
    what: "make a volume of a node's folder",
    as: "owner",
    method: "POST",
    path: "/api/v1/persistentvolumes",
    body: { metadata: { name: "host" } },
  },
  {
    what: "taint a node",
    as: "reconciler",
    method: "PATCH",
    path: "/api/v1/nodes/any",
    body: { spec: { unschedulable: true } },
  },
];
