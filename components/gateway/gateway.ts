import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";

import { resourceOf } from "../manifest";
import { logicalName, metadata, restrictedPods, roleLabel, type Ownership } from "../metadata";
import { digestOf } from "../pod";
import { apiAccessFile, apiAccessFileName } from "./apiAccess";
import { gatewayCrds, type GatewayCrds } from "./crds";
import { serviceSpec, statusOf, type Exposure } from "./exposure";
import { httpListener, httpsListeners } from "./listeners";
import { gatewayApi, gatewayName, gatewayNamespace, platformGateway } from "./names";
import { solverPolicy, solverPolicyName } from "./solvers";
import { redirectToHttps } from "./redirect";
import { hostsOf, listenerCertificate, type ListenerCertificates } from "./listenerCertificate";
import {
  certificateRules,
  traefikLabels,
  traefikNetworkPolicy,
  traefikPod,
  traefikRules,
  type StatusAddress,
} from "./traefik";

export interface GatewayArgs {
  /** The stack's name. */
  readonly environment: string;
  /** The version whose Pod Security rules hold, e.g. `v1.34`. */
  readonly podSecurityVersion: string;
  /** Traefik's image. */
  readonly image: string;
  /** What the GatewayClass is called. */
  readonly class: string;
  /** How many pods answer. */
  readonly replicas: number;
  readonly crds: GatewayCrds;
  readonly exposure: Exposure;
  /** The domain below which the platform's own pages have their host names. */
  readonly domain: string;
  readonly certificates: ListenerCertificates;
}

/**
 * What brings requests from outside to applications: the Gateway API by Traefik, with a Gateway for the platform's own pages that sends
 * every request by HTTP on to HTTPS. Each tenant has a Gateway of its own, see `TenantGateway`.
 */
export class Gateway extends pulumi.ComponentResource {
  /** All that must be there before a Gateway or a route is made. */
  readonly ready: readonly pulumi.Resource[];

  /**
   * @param name Logical name.
   * @throws if the definitions can't be read.
   */
  constructor(name: string, args: GatewayArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:gateway:Gateway", name, {}, options);
    // Its pods may reach into tenants' namespaces.
    const owner: Ownership = { environment: args.environment, role: "gateway" };
    const own = (objectName: string): ReturnType<typeof metadata> =>
      metadata(owner, { name: objectName, namespace: gatewayNamespace });

    const namespace = new kubernetes.core.v1.Namespace(
      logicalName("Namespace", gatewayNamespace),
      {
        metadata: metadata(owner, {
          name: gatewayNamespace,
          labels: restrictedPods(args.podSecurityVersion),
        }),
      },
      { parent: this },
    );
    const crds = gatewayCrds(args.crds).map((manifest) =>
      resourceOf(
        logicalName(manifest.kind, manifest.metadata.name),
        { ...manifest, metadata: metadata(owner, manifest.metadata) },
        { parent: this },
      ),
    );
    const gatewayClass = new kubernetes.apiextensions.CustomResource(
      logicalName("GatewayClass", args.class),
      {
        apiVersion: gatewayApi,
        kind: "GatewayClass",
        metadata: metadata(owner, { name: args.class }),
        spec: { controllerName: "traefik.io/gateway-controller" },
      },
      { parent: this, dependsOn: crds },
    );
    const rights = this.rights(owner, namespace);
    const running = this.traefik(args, own, [namespace, ...rights, gatewayClass]);

    const certificate = listenerCertificate(
      {
        owner,
        name: platformGateway,
        hosts: hostsOf(args.domain, args.certificates),
        certificates: args.certificates,
      },
      { parent: this, dependsOn: [namespace] },
    );
    const platform = new kubernetes.apiextensions.CustomResource(
      logicalName("Gateway", platformGateway, gatewayNamespace),
      {
        apiVersion: gatewayApi,
        kind: "Gateway",
        metadata: metadata(owner, {
          name: platformGateway,
          namespace: gatewayNamespace,
          annotations: certificate.annotations,
        }),
        spec: {
          gatewayClassName: args.class,
          listeners: [
            httpListener,
            ...httpsListeners({
              domains: [args.domain],
              secret: certificate.secret,
              certificates: args.certificates,
              namespaces: { [roleLabel]: "platform" },
            }),
          ],
        },
      },
      { parent: this, dependsOn: [gatewayClass, ...certificate.ready] },
    );
    const redirect = new kubernetes.apiextensions.CustomResource(
      logicalName("HTTPRoute", "to-https", gatewayNamespace),
      {
        apiVersion: gatewayApi,
        kind: "HTTPRoute",
        metadata: own("to-https"),
        spec: redirectToHttps(args.exposure.kind === "node-port" ? args.exposure.https : undefined),
      },
      { parent: this, dependsOn: [platform] },
    );

    this.ready = [running, redirect];
    this.registerOutputs();
  }

  /** Traefik's account, and what it may do. */
  private rights(owner: Ownership, namespace: pulumi.Resource): pulumi.Resource[] {
    const own = metadata(owner, { name: gatewayName, namespace: gatewayNamespace });
    const within = { parent: this, dependsOn: [namespace] };
    const everywhere = metadata(owner, { name: "terp-gateway" });
    const subjects = [{ kind: "ServiceAccount", name: gatewayName, namespace: gatewayNamespace }];
    const roleRef = (kind: string, roleName: string): { apiGroup: string; kind: string; name: string } => ({
      apiGroup: "rbac.authorization.k8s.io",
      kind,
      name: roleName,
    });
    const inNamespace = (kind: string): string => logicalName(kind, gatewayName, gatewayNamespace);
    return [
      new kubernetes.core.v1.ServiceAccount(inNamespace("ServiceAccount"), { metadata: own }, within),
      new kubernetes.rbac.v1.ClusterRole(
        logicalName("ClusterRole", everywhere.name),
        { metadata: everywhere, rules: [...traefikRules] },
        { parent: this },
      ),
      new kubernetes.rbac.v1.ClusterRoleBinding(
        logicalName("ClusterRoleBinding", everywhere.name),
        { metadata: everywhere, roleRef: roleRef("ClusterRole", everywhere.name), subjects },
        { parent: this },
      ),
      new kubernetes.rbac.v1.Role(
        inNamespace("Role"),
        { metadata: own, rules: [...certificateRules] },
        within,
      ),
      new kubernetes.rbac.v1.RoleBinding(
        inNamespace("RoleBinding"),
        { metadata: own, roleRef: roleRef("Role", gatewayName), subjects },
        within,
      ),
    ];
  }

  /** The pods, and how requests come to them. */
  private traefik(
    args: GatewayArgs,
    own: (objectName: string) => ReturnType<typeof metadata>,
    dependsOn: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const called = (kind: string): string => logicalName(kind, gatewayName, gatewayNamespace);
    const within = { parent: this, dependsOn: [...dependsOn] };
    const file = apiAccessFile();
    const settings = new kubernetes.core.v1.ConfigMap(
      called("ConfigMap"),
      { metadata: own(gatewayName), data: { [apiAccessFileName]: file } },
      within,
    );
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      called("NetworkPolicy"),
      { metadata: own(gatewayName), spec: traefikNetworkPolicy },
      within,
    );
    new kubernetes.networking.v1.NetworkPolicy(
      logicalName("NetworkPolicy", solverPolicyName, gatewayNamespace),
      { metadata: own(solverPolicyName), spec: solverPolicy(traefikLabels) },
      within,
    );
    new kubernetes.policy.v1.PodDisruptionBudget(
      called("PodDisruptionBudget"),
      // With one pod it holds up no node; with several, one goes at a time.
      { metadata: own(gatewayName), spec: { maxUnavailable: 1, selector: { matchLabels: traefikLabels } } },
      within,
    );
    const deployment = new kubernetes.apps.v1.Deployment(
      called("Deployment"),
      {
        metadata: own(gatewayName),
        spec: {
          replicas: args.replicas,
          strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
          selector: { matchLabels: traefikLabels },
          template: statusOf(args.exposure).apply((status: StatusAddress) =>
            traefikPod({
              image: args.image,
              settings: gatewayName,
              settingsDigest: digestOf(file),
              status,
            }),
          ),
        },
      },
      { parent: this, dependsOn: [settings, policy] },
    );
    new kubernetes.core.v1.Service(
      called("Service"),
      {
        metadata: { ...own(gatewayName), ...annotationsFor(args.exposure, own(gatewayName)) },
        spec: serviceSpec(args.exposure),
      },
      { parent: this, dependsOn: [deployment] },
    );
    return deployment;
  }
}

/** What the cloud is told of the load balancer that it makes. */
function annotationsFor(
  exposure: Exposure,
  { annotations }: ReturnType<typeof metadata>,
): Pick<ReturnType<typeof metadata>, "annotations"> {
  return exposure.kind === "load-balancer"
    ? { annotations: { ...exposure.annotations, ...annotations } }
    : { annotations };
}
