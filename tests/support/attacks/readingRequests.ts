import { at, control, own, victim, victimControl, type ForbiddenRequest } from "./identities";

const names = (resource: string): string[] =>
  [victim, control, victimControl, "flux-system", "git", "kube-system"].map((each) =>
    at("v1", resource, each),
  );

/** Others' secrets, logs, events, pods. */
export const readingRequests: readonly ForbiddenRequest[] = [
  ...names("secrets").map((path): ForbiddenRequest => ({
    what: `read ${path}`,
    as: "owner",
    method: "GET",
    path,
  })),
  ...names("events")
    .slice(0, 4)
    .map((path): ForbiddenRequest => ({ what: `read ${path}`, as: "developer", method: "GET", path })),
  ...names("pods")
    .slice(0, 4)
    .map((path): ForbiddenRequest => ({ what: `read ${path}`, as: "viewer", method: "GET", path })),
  ...names("configmaps")
    .slice(0, 4)
    .map((path): ForbiddenRequest => ({ what: `read ${path}`, as: "reconciler", method: "GET", path })),
  ...(["viewer", "developer", "owner", "robot"] as const).map((as): ForbiddenRequest => ({
    what: "follow another tenant's pushes",
    as,
    method: "GET",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", victimControl, "apps"),
  })),
  {
    what: "list what is applied by its control namespace",
    as: "owner",
    method: "GET",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control),
  },
  {
    what: "have it applied as somebody else",
    as: "owner",
    method: "PATCH",
    path: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", control, "apps"),
    body: { spec: { serviceAccountName: "default" } },
  },
  {
    what: "read its own key",
    as: "reconciler",
    method: "GET",
    path: at("v1", "secrets", control, "sops-age"),
  },
  {
    what: "read another tenant's logs",
    as: "developer",
    method: "GET",
    path: `${at("v1", "pods", victim, "any")}/log`,
  },
  { what: "read all pods of the cluster", as: "owner", method: "GET", path: "/api/v1/pods" },
  { what: "read all Secrets of the cluster", as: "reconciler", method: "GET", path: "/api/v1/secrets" },
  { what: "read Secrets as a developer", as: "developer", method: "GET", path: at("v1", "secrets", own) },
  { what: "read Secrets as a robot", as: "robot", method: "GET", path: at("v1", "secrets", own) },
  {
    what: "watch Secrets as a viewer",
    as: "viewer",
    method: "GET",
    path: `${at("v1", "secrets", own)}?watch=true&timeoutSeconds=1`,
  },
  { what: "read logs as a viewer", as: "viewer", method: "GET", path: `${at("v1", "pods", own, "any")}/log` },
  {
    what: "enter a container",
    as: "owner",
    method: "POST",
    path: `${at("v1", "pods", own, "any")}/exec?command=id&container=c`,
  },
  {
    what: "attach to a container",
    as: "developer",
    method: "POST",
    path: `${at("v1", "pods", own, "any")}/attach`,
  },
  {
    what: "forward a port of another tenant's",
    as: "developer",
    method: "POST",
    path: `${at("v1", "pods", victim, "any")}/portforward`,
  },
  {
    what: "reach another tenant through the API server",
    as: "owner",
    method: "GET",
    path: `${at("v1", "services", victim, "podinfo:80")}/proxy/`,
  },
  {
    what: "reach the node through the API server",
    as: "owner",
    method: "GET",
    path: "/api/v1/nodes/any/proxy/pods",
  },
  { what: "read nodes", as: "viewer", method: "GET", path: "/api/v1/nodes" },
  {
    what: "read the API server's metrics",
    as: "owner",
    method: "GET",
    path: "/metrics",
    because: /cannot get path/,
  },
  {
    what: "evict another tenant's pod",
    as: "owner",
    method: "POST",
    path: `${at("v1", "pods", victim, "any")}/eviction`,
    body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "any" } },
  },
];
