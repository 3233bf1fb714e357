import type { ArgocdArgs } from "../../../components/argocd/argocd";

/** The least that Argo CD is made of. */
export const argocdArgs: ArgocdArgs = {
  environment: "dev",
  podSecurityVersion: "v1.34",
  image: "argocd:1",
  redisImage: "redis:1",
  crds: { kind: "installed" },
  kinds: [],
  reconciler: "reconciler",
  poll: "30s",
  knownHosts: "git ssh-ed25519 AAAA\n",
};
