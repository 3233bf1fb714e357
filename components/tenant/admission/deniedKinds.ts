import { fluxNamespace, helmController } from "../../flux/names";
import { accountsOf, certManager, controllers, type Trusted } from "../trusted";

/** Kinds that are nobody's to write in a tenant's namespace, but for the platform and whoever is named. */
export interface DeniedKinds {
  /** Resources of each group; `*` for all of the group. */
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /**
   * Who makes them as a part of its work.
   *
   * @default nobody
   */
  readonly makers?: readonly Trusted[];
  /**
   * The account in the tenant's control namespace that makes them as a part of its work.
   *
   * @default none
   */
  readonly controlAccount?: string;
  /** What to do instead, as the end of a sentence. */
  readonly instead: string;
}

/**
 * What goes around the other policies: it says the same as an object that they bound, in another way.
 *
 * Roles give a tenant hardly any of it; a chart that adds rights, or an operator who does, must not open what is closed here.
 */
export const deniedKinds: readonly DeniedKinds[] = [
  {
    groups: {
      "cilium.io": ["ciliumnetworkpolicies", "ciliumenvoyconfigs", "ciliumlocalredirectpolicies"],
      "crd.projectcalico.org": ["networkpolicies", "stagednetworkpolicies", "networksets"],
      "projectcalico.org": [
        "networkpolicies",
        "stagednetworkpolicies",
        "stagedkubernetesnetworkpolicies",
        "networksets",
      ],
      "crd.antrea.io": ["networkpolicies"],
      "k8s.ovn.org": ["egressfirewalls", "egressqoses", "egressservices", "userdefinednetworks"],
      "k8s.cni.cncf.io": ["*"],
    },
    instead: "write a NetworkPolicy of networking.k8s.io/v1",
  },
  {
    groups: {
      "traefik.io": ["*"],
      "traefik.containo.us": ["*"],
      "gateway.networking.x-k8s.io": ["*"],
      "gateway.networking.k8s.io": ["tcproutes", "udproutes", "listenersets"],
      "gateway.envoyproxy.io": ["*"],
      "gateway.nginx.org": ["*"],
      "k8s.nginx.org": ["*"],
      "networking.istio.io": ["*"],
      "security.istio.io": ["*"],
      "projectcontour.io": ["*"],
      "getambassador.io": ["*"],
      "configuration.konghq.com": ["*"],
      "route.openshift.io": ["*"],
    },
    instead: "write an Ingress, or an HTTPRoute or GRPCRoute, with a host",
  },
  {
    groups: { "gateway.networking.k8s.io": ["referencegrants"] },
    instead: "refer to objects of the same namespace only, which takes no grant",
  },
  {
    groups: { "cert-manager.io": ["issuers"] },
    instead: "name the operators' ClusterIssuer in a Certificate",
  },
  {
    groups: { "cert-manager.io": ["certificaterequests"], "acme.cert-manager.io": ["orders", "challenges"] },
    makers: [certManager],
    instead: "write a Certificate, and cert-manager makes it",
  },
  {
    groups: { "source.toolkit.fluxcd.io": ["helmcharts"] },
    makers: [accountsOf(fluxNamespace)],
    controlAccount: helmController,
    instead: "write a HelmRelease with spec.chart, and Flux makes it",
  },
  {
    groups: {
      "source.toolkit.fluxcd.io": ["buckets", "externalartifacts"],
      "source.extensions.fluxcd.io": ["*"],
    },
    instead: "write a GitRepository, an OCIRepository or a HelmRepository",
  },
  {
    groups: {
      "image.toolkit.fluxcd.io": ["*"],
      "fluxcd.controlplane.io": ["*"],
      "infra.contrib.fluxcd.io": ["*"],
    },
    instead: "leave it out: nothing here acts on it",
  },
  {
    groups: { "notification.toolkit.fluxcd.io": ["*"] },
    instead: "leave it out: Flux hears of pushes by the platform",
  },
  {
    groups: { "": ["endpoints"], "discovery.k8s.io": ["endpointslices"] },
    makers: [controllers],
    instead: "write a Service with a selector, and Kubernetes makes it",
  },
  {
    groups: { apps: ["controllerrevisions"], "": ["podtemplates"] },
    makers: [controllers],
    instead: "write a Deployment, a StatefulSet or a DaemonSet",
  },
  {
    groups: { "rbac.authorization.k8s.io": ["roles", "rolebindings"] },
    instead: "ask the operators: who may do what is part of the tenant's line in the platform's program",
  },
  {
    groups: { "": ["resourcequotas", "limitranges"] },
    instead: "ask the operators for another size",
  },
];
