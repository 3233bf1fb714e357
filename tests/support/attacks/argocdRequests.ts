import { operatorsAccount } from "../../../components/argocd/names";
import { at, own, victim, victimControl, type ForbiddenRequest } from "./identities";

const argo = "argoproj.io/v1alpha1";
const application = (name: string): unknown => ({
  apiVersion: argo,
  kind: "Application",
  metadata: { name },
  spec: { project: "team-green", destination: { name: "in-cluster", namespace: victim } },
});

/** As the account of one of Argo CD's parts, as far as an administrator may act as it. */
const asPart = (
  part: string,
  { what, ...request }: Omit<ForbiddenRequest, "as" | "headers">,
): ForbiddenRequest => ({
  what: `${what} by the account of ${part}`,
  as: "administrator",
  headers: { "Impersonate-User": `system:serviceaccount:argocd:argocd-${part}` },
  ...request,
});

/** What Argo CD has that isn't a tenant's, and what its parts couldn't do if they were taken over. */
export const argocdRequests: readonly ForbiddenRequest[] = [
  ...(["owner", "reconciler"] as const).flatMap((as): ForbiddenRequest[] => [
    { what: "see Applications", as, method: "GET", path: at(argo, "applications", "argocd") },
    {
      what: "make an Application beside the platform's",
      as,
      method: "POST",
      path: at(argo, "applications", "argocd"),
      body: application("attack"),
    },
    {
      what: "make an Application of its own",
      as,
      method: "POST",
      path: at(argo, "applications", own),
      body: application("attack"),
    },
    {
      what: "turn its Application to another tenant's namespace",
      as,
      method: "PATCH",
      path: at(argo, "applications", "argocd", "team-blue"),
      body: { spec: { destination: { namespace: victim } } },
    },
    {
      what: "have its differences overlooked",
      as,
      method: "PATCH",
      path: at(argo, "applications", "argocd", "team-blue"),
      body: { spec: { ignoreDifferences: [{ kind: "ResourceQuota", jsonPointers: ["/spec"] }] } },
    },
    {
      what: "change whom Argo CD acts as for it",
      as,
      method: "PATCH",
      path: at(argo, "appprojects", "argocd", "team-blue"),
      body: {
        spec: { destinationServiceAccounts: [{ defaultServiceAccount: `${victimControl}:reconciler` }] },
      },
    },
    {
      what: "read what Argo CD reads repositories by",
      as,
      method: "GET",
      path: at("v1", "secrets", "argocd"),
    },
    {
      what: "have Argo CD leave its settings",
      as,
      method: "PATCH",
      path: at("v1", "configmaps", "argocd", "argocd-cm"),
      body: { data: { "resource.inclusions": "" } },
    },
    {
      what: "ask for a token of Argo CD",
      as,
      method: "POST",
      path: `${at("v1", "serviceaccounts", "argocd", "argocd-application-controller")}/token`,
      body: { spec: {} },
    },
    {
      what: "ask for a token of the platform's operators",
      as,
      method: "POST",
      path: `${at("v1", "serviceaccounts", "argocd", operatorsAccount)}/token`,
      body: { spec: {} },
    },
  ]),
  {
    what: "act as the platform's operators",
    as: "reconciler",
    method: "GET",
    path: at(argo, "applications", "argocd"),
    headers: { "Impersonate-User": `system:serviceaccount:argocd:${operatorsAccount}` },
  },
  ...[
    { what: "read every Secret", method: "GET", path: "/api/v1/secrets" },
    { what: "read a tenant's key", method: "GET", path: at("v1", "secrets", victimControl, "sops-age") },
    { what: "read a tenant's Secrets", method: "GET", path: at("v1", "secrets", victim) },
    {
      what: "write as itself",
      method: "POST",
      path: at("v1", "configmaps", victim),
      body: { metadata: { name: "attack" } },
    },
    {
      what: "delete a project",
      method: "DELETE",
      path: at(argo, "appprojects", "argocd", "team-blue"),
    },
  ].map((request) => asPart("application-controller", request)),
  ...[
    { what: "see Applications", method: "GET", path: at(argo, "applications", "argocd") },
    { what: "read how repositories are read", method: "GET", path: at("v1", "secrets", "argocd") },
  ].map((request) => asPart("repo-server", request)),
];
