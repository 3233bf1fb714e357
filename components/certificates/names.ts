/** Names that others refer to. */

/** Under which the key that the private CA's follows from is stored. */
export const privateCaKeyName = "private-ca";
/** Where cert-manager runs. */
export const certManagerNamespace = "cert-manager";
/** The ClusterIssuer by which hosts get their certificates. */
export const issuerName = "terp";
/** The Secret from which cert-manager takes the private CA. */
export const privateCaSecret = "terp-private-ca";
