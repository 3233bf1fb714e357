/** Names that Argo CD's parts and those who use it share. */

/** Argo CD's own namespace, with the Applications and projects of all tenants. */
export const argocdNamespace = "argocd";
/** The group of its API. */
export const argocdGroup = "argoproj.io";
/** The API version of Argo CD's kinds. */
export const argocdApi = `${argocdGroup}/v1alpha1`;
/** What compares repositories with the cluster, and applies them. */
export const applicationController = "argocd-application-controller";
/** What fetches repositories and makes manifests of what is in them. */
export const repoServer = "argocd-repo-server";
/** What makes Applications of files in repositories. */
export const applicationSetController = "argocd-applicationset-controller";
/** What shows people their applications. */
export const argocdServer = "argocd-server";
/** Argo CD's own Secret; its programs know it by this name. */
export const argocdOwnSecret = "argocd-secret";
/** Argo CD's cache. */
export const argocdRedis = "argocd-redis";

/** The ClusterRole by which the controller acts as a tenant's reconciler; bound in the tenant's control namespace alone. */
export const impersonatorRole = "terp-argocd-impersonator";
/** The ClusterRole by which the controller deletes what an Application applied; bound in namespaces of tenants with services alone. */
export const removerRole = "terp-argocd-remover";
/** The field manager of what Argo CD applies: https://argo-cd.readthedocs.io/en/release-3.2/user-guide/sync-options/#server-side-apply */
export const argocdFieldManager = "argocd-controller";
/** The cluster that Argo CD is in, by its own name for it. */
export const ownCluster = "https://kubernetes.default.svc";

/** Where the parts listen. */
export const argocdPorts = {
  redis: 6379,
  repoServer: 8081,
  repoServerHealth: 8084,
  server: 8080,
  controllerHealth: 8082,
  applicationSetMetrics: 8080,
} as const;

/** The Secret with what a tenant's repository is read by, beside Argo CD. */
export function repositoryAccessSecret(tenant: string): string {
  return `repository-${tenant}`;
}

/** The Secret with what the repository of a tenant's services is read by, beside Argo CD. */
export function servicesAccessSecret(tenant: string): string {
  return `services-${tenant}`;
}

/** The ApplicationSet that makes a tenant's services; no tenant's Application is called so. */
export function servicesSetName(tenant: string): string {
  return `${tenant}.services`;
}

/** The host name of Argo CD's pages, below the platform's domain. */
export function argocdHost(domain: string): string {
  return `argocd.${domain}`;
}

/** The project and the root Application of what the platform's own operators run; no tenant is called so. */
export const operatorsProject = "platform";
/** What that project's Applications are applied as, in Argo CD's namespace. */
export const operatorsAccount = "platform-operators";
/** What the names of the operators' own namespaces begin with; no tenant's does. */
export const operatorsPrefix = "terp-operators-";
/** The ClusterRole of that account. */
export const operatorsRole = "terp-argocd-operators";
