/** Names that Flux's parts and those who use them share. */

/** Flux's own namespace. */
export const fluxNamespace = "flux-system";
/** What fetches Git repositories. */
export const sourceController = "source-controller";
/** What applies them. */
export const kustomizeController = "kustomize-controller";

/** What installs charts. */
export const helmController = "helm-controller";
/** What takes a Git host's word that something was pushed. */
export const notificationController = "notification-controller";
/** The Service behind which that listens. */
export const webhookService = "webhook-receiver";
/** The port of its pods for that. */
export const webhookPort = 9292;

/** The account that a tenant's Kustomization runs as, in the tenant's control namespace. */
export const reconcilerAccount = "reconciler";
/** The account that the platform repository's Kustomization runs as, in Flux's namespace. */
export const platformReconcilerAccount = "platform-reconciler";
/** The account of a Kustomization that names none: each namespace has it, and nobody gives it rights. */
export const accountWithoutRights = "default";

/** The Secret with a tenant's age key, in its control namespace. */
export const tenantKeySecret = "sops-age";
/**
 * The Secret with the platform's age key, in Flux's namespace. Not named as the tenants' are: the account that
 * applies the platform repository may write Secrets of that name, and must not reach this one.
 */
export const platformKeySecret = "platform-age";
/** The key of an age Secret's data. Flux looks for names that end in `.agekey`. */
export const ageKeyField = "age.agekey";
/** The Secret with what a GitRepository authenticates with. */
export const gitAccessSecret = "git-access";
/** The same for a tenant's own repository, in those of its namespaces that take charts from it. */
export const ownRepositorySecret = "repository-access";
/** The Secret with the token by which a Receiver knows its Git host. */
export const webhookSecret = "webhook-token";
/** The only Secret or ConfigMap from which a tenant's HelmRelease may take values: Flux can read by name alone. */
export const helmValuesName = "helm-values";
/** What the platform repository's own marker is called: a ConfigMap that says which environment's keys are applied. */
export const platformMarker = "terp-platform";
