import type { ForbiddenCommit, Stolen } from "./commitParts";

/** A ConfigMap of what the controller gets from an address. */
export const fetching = (what: string, url: string): ForbiddenCommit => ({
  what,
  kustomization: { configMapGenerator: [{ name: "attack", files: [`stolen=${url}`] }] },
  because: { flux: /proxyconnect tcp: dial tcp 127\.0\.0\.1:9|connection refused/ },
});

/** What kustomize-controller could be brought to, and Argo CD's repo server not. */
export function fluxCommits(stolen: Stolen): readonly ForbiddenCommit[] {
  return [
    {
      what: "build on a base from elsewhere",
      kustomization: { resources: ["https://github.com/stefanprodan/podinfo//kustomize"] },
      because: { flux: /proxyconnect tcp: dial tcp 127\.0\.0\.1:9/ },
    },
    fetching("list what Flux keeps of another tenant", `${stolen.artifacts}/`),
    fetching("read what Flux keeps of another tenant", stolen.artifact),
    fetching("read it by an address", stolen.byAddress),
    fetching("ask the controller about itself", "http://127.0.0.1:8080/metrics"),
    fetching("ask the cloud who the node is", "http://169.254.169.254/latest/meta-data/"),
    fetching("ask somebody outside", "https://192.0.2.1/"),
  ];
}
