/** Names that others refer to. */

/** external-dns' namespace, release and service account: identities in clouds are bound to it. */
export const externalDnsName = "external-dns";
/** The ConfigMap with what external-dns is told of Azure. */
export const azureConfigMap = "azure";
