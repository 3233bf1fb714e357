import { argocdNamespace, operatorsPrefix, operatorsProject, ownCluster } from "./names";

/** The folder of an environment in the platform repository that the root Application reads. */
export function operatorsFolder(environment: string): string {
  return `environments/${environment}/apps`;
}

/**
 * What that folder starts with.
 *
 * @param repository The platform repository's SSH URL.
 * @param branch The branch that is applied.
 */
export function operatorsScaffold(
  environment: string,
  repository: string,
  branch: string,
): Record<string, string> {
  const folder = operatorsFolder(environment);
  return {
    [`${folder}/README.md`]: `# What the operators of \`${environment}\` run beside the tenants

Argo CD applies the files in this folder, by its Application \`${operatorsProject}\`: namespaces, and Applications for what is in them.
Whatever leaves it leaves the cluster. Terp wrote it once and doesn't write here again.

- A namespace's name begins with \`${operatorsPrefix}\`. It has the label \`pod-security.kubernetes.io/enforce: restricted\`, and the
  annotation \`argocd.argoproj.io/sync-wave: "-1"\`, so that it is there before the Applications.
- An Application is of the project \`${operatorsProject}\`, goes to such a namespace, takes another folder of this repository, and has no
  finalizers:

\`\`\`yaml
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: ${operatorsPrefix}example
  namespace: ${argocdNamespace}
spec:
  project: ${operatorsProject}
  source:
    repoURL: ${repository}
    targetRevision: ${branch}
    path: environments/${environment}/example
  destination:
    server: ${ownCluster}
    namespace: ${operatorsPrefix}example
  syncPolicy:
    automated: { prune: true, selfHeal: true }
    syncOptions: [ServerSideApply=true]
\`\`\`

To remove one, remove its file and its namespace's: what is in a namespace goes with it. The last object of this folder stays, for an
empty folder is taken for an accident.
`,
    [`${folder}/namespaces.yaml`]: `apiVersion: v1
kind: Namespace
metadata:
  name: ${operatorsPrefix}example
  annotations:
    argocd.argoproj.io/sync-wave: "-1"
  labels:
    pod-security.kubernetes.io/enforce: restricted
`,
  };
}
