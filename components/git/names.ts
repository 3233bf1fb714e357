/** Names that the Git host's parts and those who use it share. */

/** The Git host's own namespace. */
export const gitNamespace = "git";
/** Name of the Git host's Deployment, Service and the like, and of the administrator's account. */
export const giteaName = "gitea";
/** The administrator's account at the Git host. */
export const giteaAdministrator = "terp";
/** The organisation and the repository that hold what must survive: the tenants' encrypted keys. */
export const platformOrganisation = "platform";
export const platformRepository = "platform";
/** Its place at the Git host. */
export const platformPlace = { organisation: platformOrganisation, repository: platformRepository } as const;
/** The repository of a tenant, in an organisation named as the tenant. */
export const tenantRepository = "apps";
/** The repository with a tenant's services, a small file each, beside that. */
export const servicesRepository = "services";
/** Under which the key is stored that the deploy keys of tenants' own repositories follow from. */
export const deployKeysName = "deploy-keys";
/** The branch that is applied. */
export const defaultBranch = "main";

/** Ports of the Git host: of the pod, of the Service inside the cluster, and of the node for those outside. */
export const gitPorts = {
  http: { pod: 3000, service: 80, node: 30080 },
  ssh: { pod: 2222, service: 22, node: 30022 },
} as const;

/** The Git host's name inside the cluster. */
export const gitServiceHost = `${giteaName}.${gitNamespace}.svc.cluster.local`;
