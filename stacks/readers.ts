import {
  argocdOwnSecret,
  argocdRedis,
  operatorsProject,
  repositoryAccessSecret,
  servicesAccessSecret,
} from "../components/argocd/names";
import { privateCaSecret } from "../components/certificates/names";
import {
  gitAccessSecret,
  ownRepositorySecret,
  platformKeySecret,
  webhookSecret,
} from "../components/flux/names";
import { listenerSecret, platformGateway, privateListenerSecret } from "../components/gateway/names";
import { giteaName } from "../components/git/names";
import { grafanaName } from "../components/grafana/names";
import { collectorName, logGatewayName } from "../components/logs/names";
import { ClusterReaders, type ReleaseNamespace } from "../components/readers";
import type { TenantComponent } from "../components/tenant/tenant";
import type { PlatformConfig } from "../infra/config";
import type { PlatformCluster } from "./cluster";
import type { Services } from "./services";

/** What a run has made, as far as who previews has to see it. */
export interface ToBeRead {
  readonly cluster: Pick<PlatformCluster, "readers">;
  readonly services: Pick<Services, "options">;
  readonly teams: readonly Pick<TenantComponent, "tenant">[];
  readonly releases: readonly ReleaseNamespace[];
}

/** Lets those look at the cluster whom the configuration names for it; nobody, where it names none. */
export function clusterReaders(
  { environment }: PlatformConfig,
  { cluster: { readers }, services, teams, releases }: ToBeRead,
): ClusterReaders | undefined {
  if (readers.groups.length === 0 && readers.users.length === 0) return undefined;
  const secrets = [
    ...secretNames,
    listenerSecret(platformGateway),
    repositoryAccessSecret(operatorsProject),
    privateListenerSecret(platformGateway),
    ...teams.flatMap(({ tenant }) => [
      listenerSecret(tenant),
      repositoryAccessSecret(tenant),
      servicesAccessSecret(tenant),
    ]),
  ];
  return new ClusterReaders("readers", { environment, readers, secrets, releases }, services.options);
}

/** What the stack's Secrets are called, in whichever namespaces they are. */
const secretNames = [
  argocdOwnSecret,
  argocdRedis,
  collectorName,
  gitAccessSecret,
  giteaName,
  grafanaName,
  logGatewayName,
  ownRepositorySecret,
  platformKeySecret,
  privateCaSecret,
  webhookSecret,
];
