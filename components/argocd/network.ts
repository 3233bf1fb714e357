import { giteaName, gitNamespace } from "../git/names";
import { gatewayNamespace } from "../gateway/names";
import {
  namespaceNamed,
  tcp,
  toClusterDns,
  type EgressRule,
  type NetworkPolicySpec,
  type Peer,
} from "../networkPolicy";
import {
  applicationController,
  applicationSetController,
  argocdPorts,
  argocdRedis,
  argocdServer,
  repoServer,
} from "./names";

/** Link-local addresses, the cloud's metadata among them. */
const linkLocal = "169.254.0.0/16";

const pods = (name: string): Peer => ({ podSelector: { matchLabels: { app: name } } });
const anywhere: Peer = { ipBlock: { cidr: "0.0.0.0/0", except: [linkLocal] } };
const to = (name: string, port: number): EgressRule => ({ to: [pods(name)], ports: tcp(port) });

/** The API server's Service is on 443; where its address is a node's own, the policy sees the node's port. */
const toApiServer: EgressRule = { ports: tcp(443, 6443) };
/** Git by SSH, and nothing else: what a repository names by HTTP isn't fetched. 2222 is the port of Gitea's pod. */
const toGitHosts: EgressRule[] = [
  { to: [{ ...namespaceNamed(gitNamespace), ...pods(giteaName) }], ports: tcp(2222) },
  { to: [anywhere], ports: tcp(22) },
];

function policy(name: string, from: NetworkPolicySpec["ingress"], egress: EgressRule[]): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: { app: name } },
    policyTypes: ["Ingress", "Egress"],
    ingress: from ?? [],
    egress,
  };
}

/** What of Argo CD decides its network. */
export interface ArgocdNetwork {
  /** Whether the pages ask an identity provider, by HTTPS. */
  readonly hasLogin: boolean;
  /** Whether Applications are made of files. */
  readonly hasServices: boolean;
}

/** Who reaches which part of Argo CD, and what each reaches, by the part's name. */
export function argocdNetwork({
  hasLogin,
  hasServices,
}: ArgocdNetwork): Readonly<Record<string, NetworkPolicySpec>> {
  const { redis, repoServer: repoServerPort, server } = argocdPorts;
  const users = [applicationController, argocdServer].map(pods);
  const toRedis = to(argocdRedis, redis);
  const toRepoServer = to(repoServer, repoServerPort);
  return {
    [argocdRedis]: policy(argocdRedis, [{ from: [...users, pods(repoServer)], ports: tcp(redis) }], []),
    [repoServer]: policy(
      repoServer,
      [
        {
          from: [...users, ...(hasServices ? [pods(applicationSetController)] : [])],
          ports: tcp(repoServerPort),
        },
      ],
      [toClusterDns, toRedis, ...toGitHosts],
    ),
    [applicationController]: policy(
      applicationController,
      [],
      [toClusterDns, toApiServer, toRedis, toRepoServer],
    ),
    ...(hasServices && {
      [applicationSetController]: policy(
        applicationSetController,
        [],
        [toClusterDns, toApiServer, toRepoServer],
      ),
    }),
    [argocdServer]: policy(
      argocdServer,
      [{ from: [namespaceNamed(gatewayNamespace)], ports: tcp(server) }],
      [
        toClusterDns,
        toApiServer,
        toRedis,
        toRepoServer,
        ...(hasLogin ? [{ to: [anywhere], ports: tcp(443) }] : []),
      ],
    ),
  };
}
