const argo = "argoproj.io/v1alpha1";

/** A ConfigMap in a namespace. */
export function configMap(namespace: string): object {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "attack", namespace },
    data: { from: "team-blue" },
  };
}

/** What an Application says that an administrator makes, in place of a tenant who found a way to. */
export interface MadeApplication {
  readonly name: string;
  readonly repository: string;
  readonly project?: string;
  readonly namespace?: string;
  /** The folder in the repository. */
  readonly path: string;
}

/** An Application. */
export function madeApplication(made: MadeApplication): object {
  return {
    apiVersion: argo,
    kind: "Application",
    metadata: { name: made.name },
    spec: {
      project: made.project ?? "team-blue",
      source: { repoURL: made.repository, targetRevision: "main", path: made.path },
      destination: {
        server: "https://kubernetes.default.svc",
        namespace: made.namespace ?? "team-blue-app",
      },
      syncPolicy: { automated: {} },
    },
  };
}

/** What is wrong with such an Application, and what Argo CD says of it. */
export const madeAttempts = [
  {
    what: "another tenant's repository",
    changes: { name: "other-repository" },
    isOwn: false,
    said: /repo .* is not permitted in project 'team-blue'/,
  },
  {
    what: "another tenant's namespace",
    changes: { name: "other-namespace", namespace: "team-red-app" },
    isOwn: true,
    said: /team-red-app.* (is not permitted|do not match any of the allowed destinations) in project 'team-blue'/,
  },
  {
    what: "the project that Argo CD brings",
    changes: { name: "other-project", project: "default" },
    isOwn: true,
    said: /not permitted in project 'default'/,
  },
] as const;
