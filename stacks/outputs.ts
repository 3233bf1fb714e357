import * as pulumi from "@pulumi/pulumi";

import type { TenantComponent } from "../components/tenant/tenant";
import type { OidcLogin, PlatformConfig } from "../infra/config";
import type { RunningGateway } from "./gateway";
import type { AzureFacts } from "./aks";
import type { GitHostLogin } from "./gitHost";
import type { Services } from "./services";
import type { PlatformCluster } from "./cluster";

/** What people and programs read of a stack with `pulumi stack output`. */
export interface Outputs {
  readonly environment: string;
  readonly cluster: { readonly name: string; readonly kubernetesVersion: string };
  /** An administrator's kubeconfig. Secret. */
  readonly kubeconfig: pulumi.Output<string>;
  readonly flux: {
    readonly version: pulumi.Output<string>;
    readonly conditions: pulumi.Output<Readonly<Record<string, string>>>;
  };
  readonly git: GitHostLogin;
  /** Where applications are shown; absent without Argo CD, or without a gateway before it. */
  readonly argocd?: ArgocdOutputs;
  /** Public half of the platform's age key. */
  readonly recipient: pulumi.Output<string>;
  readonly tenants: Readonly<Record<string, TenantOutputs>>;
  /** How requests reach applications; absent where no gateway of the platform's brings them. */
  readonly ingress?: IngressOutputs;
  /** How people log in; absent where no identity provider is set. */
  readonly oidc?: OidcLogin;
  /** What the cluster stands on; absent where that isn't ours. */
  readonly azure?: AzureFacts;
}

/** What it takes to reach applications. */
export interface IngressOutputs {
  /** Absent where a load balancer or the nodes' ports decide it. */
  readonly address?: pulumi.Output<string>;
  /** The certificate of the private CA, in PEM; absent where it signs nothing of it. */
  readonly authority?: pulumi.Output<string>;
}

/** What it takes to see applications in Argo CD. */
export interface ArgocdOutputs {
  readonly url: string;
  /** Of the account `admin`; absent where people log in by the identity provider. Secret. */
  readonly password?: pulumi.Output<string>;
}

/** What a tenant's people need to know. */
export interface TenantOutputs {
  readonly namespaces: readonly string[];
  /** Domains that it may claim host names of and below. */
  readonly domains: readonly string[];
  /** Public half of the tenant's age key, to which it encrypts. */
  readonly recipient: pulumi.Output<string>;
  readonly repositoryUrl: pulumi.Output<string>;
  /** Public half of the key that its repository is read with, where it brought that along: its owner adds it there, to read only. */
  readonly deployKey?: pulumi.Output<string>;
  /** The repository of its services; absent where it has none. */
  readonly servicesUrl?: pulumi.Output<string>;
  /** Its Grafana; absent where it has none. */
  readonly grafanaUrl?: string;
}

/** The stack's outputs. None but those called secret holds anything secret. */
export function outputs(
  { environment }: Pick<PlatformConfig, "environment">,
  cluster: PlatformCluster,
  services: Services,
  tenants: readonly TenantComponent[],
): Outputs {
  return {
    environment,
    cluster: { name: cluster.handle.name, kubernetesVersion: cluster.kubernetesVersion },
    kubeconfig: pulumi.secret(cluster.handle.kubeconfig),
    flux: { version: services.flux.version, conditions: services.flux.conditions },
    git: services.git,
    ...(services.argocd?.url !== undefined && {
      argocd: {
        url: services.argocd.url,
        ...(services.argocd.password && { password: pulumi.secret(services.argocd.password) }),
      },
    }),
    recipient: services.platformKey.recipient,
    tenants: Object.fromEntries(
      tenants.map(({ tenant, namespaces, domains, recipient, repositoryUrl, ...others }) => [
        tenant,
        {
          namespaces,
          domains,
          recipient,
          repositoryUrl,
          ...(others.deployKey && { deployKey: others.deployKey }),
          ...(others.servicesUrl && { servicesUrl: others.servicesUrl }),
          ...(others.grafanaUrl !== undefined && { grafanaUrl: others.grafanaUrl }),
        },
      ]),
    ),
    ...(services.gateway && { ingress: ingressOf(services.gateway) }),
    ...(cluster.login && { oidc: cluster.login }),
    ...(cluster.azure && { azure: cluster.azure }),
  };
}

function ingressOf({ address, authority }: RunningGateway): IngressOutputs {
  return {
    ...(address && { address }),
    ...(authority && { authority }),
  };
}
