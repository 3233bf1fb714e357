import * as pulumi from "@pulumi/pulumi";

import type { PrivateCa } from "../components/certificates/privateCa";
import { ServerCertificate } from "../components/certificates/serverCertificate";
import { Gateway } from "../components/gateway/gateway";
import type { ListenerCertificates } from "../components/gateway/listenerCertificate";
import { privateListenerSecret } from "../components/gateway/names";
import type { GatewayAccess } from "../components/gateway/tenantGateway";
import { platformIssuer, type CertificatesConfig } from "../infra/config/certificatesSection";
import type { IngressConfig } from "../infra/config/ingressSection";
import { inHome } from "../infra/home";
import { images } from "../infra/versions";
import type { PlatformCluster } from "./cluster";

/** What the gateway needs of the platform. */
export interface GatewayPlace {
  readonly environment: string;
  readonly podSecurityVersion: string;
  readonly cluster: PlatformCluster;
  /** The platform's private CA; asked for only where it signs the listeners' certificates. */
  readonly authority: () => PrivateCa;
  /** What the platform's own issuer is; absent where there is none. */
  readonly certificates?: CertificatesConfig | undefined;
}

/** The gateway as tenants take it. */
export interface RunningGateway extends GatewayAccess {
  /** All that must be there before a Gateway or a route is made. */
  readonly ready: readonly pulumi.Resource[];
  /** Where requests come in; absent where a load balancer or the nodes' ports decide it. */
  readonly address?: pulumi.Output<string>;
  /** The certificate to trust, in PEM; absent where the private CA signs nothing of it. */
  readonly authority?: pulumi.Output<string>;
}

/** The Gateway API, where the configuration has it. */
export function gateway(
  config: IngressConfig,
  { environment, podSecurityVersion, cluster, authority, certificates: issuers }: GatewayPlace,
  options: pulumi.ComponentResourceOptions,
): RunningGateway | undefined {
  if (config.kind !== "gateway") return undefined;
  const { domain, replicas, crds, issuer, service: exposure = cluster.exposure } = config;
  const isByPrivateCa =
    issuer === undefined || (issuer === platformIssuer && issuers?.issuer.kind === "private-ca");
  // An answer on port 80 proves one host, and nobody knows all hosts of the platform's own pages.
  const isByHost =
    issuer === platformIssuer && issuers?.issuer.kind === "acme" && issuers.issuer.challenge === "http01";
  const certificates: ListenerCertificates =
    issuer === undefined
      ? byPrivateCa(authority())
      : { kind: "cert-manager", clusterIssuer: issuer, wildcards: !isByHost };
  const made = new Gateway(
    "gateway",
    {
      environment,
      podSecurityVersion,
      image: images.traefik,
      class: config.class,
      replicas,
      domain,
      certificates: isByHost
        ? { ...byPrivateCa(authority()), secretOf: privateListenerSecret }
        : certificates,
      crds:
        crds.kind === "release"
          ? { kind: "file", file: inHome(crds.file) }
          : crds.kind === "own"
            ? { kind: "file", file: cluster.gatewayCrdFile }
            : crds,
      exposure,
    },
    options,
  );
  return {
    class: config.class,
    certificates,
    ready: made.ready,
    ...(exposure.kind === "address" && { address: pulumi.output(exposure.address) }),
    ...((isByPrivateCa || isByHost) && { authority: pulumi.unsecret(authority().certificate) }),
  };
}

/** Certificates that the private CA signs in each run. */
function byPrivateCa(authority: PrivateCa): ListenerCertificates & { readonly kind: "made" } {
  return {
    kind: "made",
    make: (asked, options) =>
      new ServerCertificate(`${asked.namespace}/${asked.name}`, { ...asked, authority }, options).secret,
  };
}
