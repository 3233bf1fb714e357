import { at, control, own, victim, victimControl, type ForbiddenRequest } from "./identities";

const secret = (name: string, type: string, annotations = {}): unknown => ({
  metadata: { name, annotations },
  type,
});
const asGreen = { "Impersonate-User": `system:serviceaccount:${victimControl}:reconciler` };

/** Becoming somebody else. */
export const identityRequests: readonly ForbiddenRequest[] = [
  {
    what: "act as another tenant's reconciler",
    as: "reconciler",
    method: "GET",
    path: at("v1", "secrets", victim),
    headers: asGreen,
    because: /cannot impersonate resource/,
  },
  {
    what: "act as a member of another group",
    as: "robot",
    method: "GET",
    path: at("v1", "secrets", own),
    headers: { "Impersonate-User": "x", "Impersonate-Group": "blue-owners" },
    because: /cannot impersonate resource/,
  },
  {
    what: "act as an administrator",
    as: "reconciler",
    method: "GET",
    path: "/api/v1/nodes",
    headers: { "Impersonate-User": "x", "Impersonate-Group": "system:masters" },
    because: /cannot impersonate resource/,
  },
  {
    what: "ask for a token of its own accounts",
    as: "owner",
    method: "POST",
    path: `${at("v1", "serviceaccounts", own, "default")}/token`,
    body: { spec: {} },
  },
  {
    what: "ask for a token of its reconciler",
    as: "owner",
    method: "POST",
    path: `${at("v1", "serviceaccounts", control, "reconciler")}/token`,
    body: { spec: {} },
  },
  {
    what: "ask for a token of Flux",
    as: "reconciler",
    method: "POST",
    path: `${at("v1", "serviceaccounts", "flux-system", "kustomize-controller")}/token`,
    body: { spec: {} },
  },
  {
    what: "have a token written into a Secret",
    as: "owner",
    method: "POST",
    path: at("v1", "secrets", own),
    body: secret("token", "kubernetes.io/service-account-token", {
      "kubernetes.io/service-account.name": "default",
    }),
    because: /service-account-token/,
  },
  {
    what: "have one written by a robot",
    as: "robot",
    method: "POST",
    path: at("v1", "secrets", own),
    body: secret("token", "kubernetes.io/service-account-token", {
      "kubernetes.io/service-account.name": "default",
    }),
    because: /service-account-token/,
  },
  {
    what: "run a workload as its reconciler",
    as: "owner",
    method: "POST",
    path: `${at("apps/v1", "deployments", own)}?dryRun=All`,
    body: {
      metadata: { name: "r" },
      spec: {
        selector: { matchLabels: { a: "r" } },
        template: {
          metadata: { labels: { a: "r" } },
          spec: { serviceAccountName: "reconciler", containers: [{ name: "c", image: "x" }] },
        },
      },
    },
    because: /reconciler/,
  },
  {
    what: "borrow a cloud's identity",
    as: "owner",
    method: "POST",
    path: at("v1", "serviceaccounts", own),
    body: { metadata: { name: "cloud", annotations: { "azure.workload.identity/client-id": "x" } } },
    because: /azure\.workload\.identity/,
  },
  {
    what: "have a certificate signed",
    as: "owner",
    method: "POST",
    path: "/apis/certificates.k8s.io/v1/certificatesigningrequests",
    body: {},
  },
  {
    what: "ask who somebody is",
    as: "reconciler",
    method: "POST",
    path: "/apis/authentication.k8s.io/v1/tokenreviews",
    body: { spec: { token: "x" } },
  },
];
