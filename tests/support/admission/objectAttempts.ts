import { annotated, by, labelled, withSpec, type Attempt, type Written } from "./attempt";
import { account, controller } from "./world";

const service = (spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): Written =>
  withSpec("v1", "Service")({ selector: { app: "web" }, ports: [{ port: 80 }], ...spec }, metadata);
const claim = (spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): Written =>
  withSpec("v1", "PersistentVolumeClaim")(
    { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } }, ...spec },
    metadata,
  );
const core = (kind: string, more: Record<string, unknown> = {}): Written => ({
  apiVersion: "v1",
  kind,
  ...more,
});
const secret = (type: string): Written =>
  core("Secret", { type, metadata: annotated({ "kubernetes.io/service-account.name": "reconciler" }) });
const serviceAccount = (metadata: Record<string, unknown> = {}): Written =>
  core("ServiceAccount", { metadata });
const endpointSlice: Written = {
  apiVersion: "discovery.k8s.io/v1",
  kind: "EndpointSlice",
  metadata: labelled({ "kubernetes.io/service-name": "web" }),
  addressType: "IPv4",
  endpoints: [{ addresses: ["10.244.0.9"] }],
};
const platforms = labelled({ "terp.dev/environment": "dev", app: "x" });
const policy = withSpec("networking.k8s.io/v1", "NetworkPolicy")({ podSelector: {} }, platforms);

const services = by("services");
const credentials = by("credentials");
const claims = by("volumeclaims");
const owned = by("owned");
const platformOwns = /NetworkPolicy a[0-9]+ is the platform's: leave it as it is/;
const notTheirs = (key: string): string => `what bounds pods, are the platform's: leave "${key}" as it is`;

/** A kind that isn't a tenant's to write. */
function kind(
  apiVersion: string,
  name: string,
  instead: string,
  more: Record<string, unknown> = { spec: {} },
): Attempt {
  return {
    what: `write a ${apiVersion} ${name}`,
    object: { apiVersion, kind: name, ...more },
    denied: by("kinds")(`${name} isn't a tenant's to write: ${instead}`),
  };
}

const otherPolicy = "write a NetworkPolicy of networking.k8s.io/v1";
const otherRoute = "write an Ingress, or an HTTPRoute or GRPCRoute, with a host";

/** Everything else. */
export const objectAttempts: readonly Attempt[] = [
  { what: "have a Service", object: service() },
  { what: "have a headless Service", object: service({ clusterIP: "None" }) },
  { what: "have a Secret", object: core("Secret", { stringData: { a: "b" } }) },
  {
    what: "have a login for a registry",
    object: core("Secret", {
      type: "kubernetes.io/basic-auth",
      stringData: { username: "a", password: "b" },
    }),
  },
  { what: "have a ConfigMap", object: core("ConfigMap", { data: { a: "b" } }) },
  { what: "have a service account", object: serviceAccount(annotated({ "example.nl/x": "y" })) },
  { what: "claim a volume", object: claim({ storageClassName: "fast" }) },
  {
    what: "enlarge a volume that Kubernetes has bound",
    object: claim(
      { volumeName: "pv-1", storageClassName: "fast" },
      annotated({ "pv.kubernetes.io/bind-completed": "yes" }),
    ),
    change: { metadata: { labels: { x: "y" } } },
  },
  {
    what: "have Kubernetes bind its claim",
    object: claim(),
    change: { metadata: { annotations: { "volume.kubernetes.io/selected-node": "one" } } },
    as: { user: "system:kube-scheduler", groups: ["system:authenticated"] },
  },
  {
    what: "have Kubernetes write its endpoints",
    object: endpointSlice,
    as: controller("endpointslice-controller"),
  },
  {
    what: "keep an identity that operators gave an account",
    object: serviceAccount(annotated({ "azure.workload.identity/client-id": "1" })),
    change: { metadata: { labels: { x: "y" } } },
  },
  {
    what: "have Kubernetes delete what is the platform's when the namespace ends",
    object: policy,
    change: null,
    as: controller("namespace-controller"),
  },
  {
    what: "do as it likes in a namespace that isn't a tenant's",
    namespace: "elsewhere",
    object: service({ type: "NodePort" }),
  },

  ...["NodePort", "LoadBalancer"].map((type): Attempt => ({
    what: `open a ${type}`,
    object: service({ type }),
    denied: services(
      `a Service of type ${type} opens the cluster, or leads out of it: write type: ClusterIP`,
    ),
  })),
  {
    what: "lead out of the cluster by a name",
    object: service({ type: "ExternalName", externalName: "web.red-app.svc.cluster.local" }),
    denied: services("a Service of type ExternalName opens the cluster"),
  },
  {
    what: "take an address's traffic",
    object: service({ externalIPs: ["192.0.2.1"] }),
    denied: services("externalIPs would take the traffic to 192.0.2.1 of the whole cluster"),
  },
  {
    what: "ask for an address of the outside",
    object: service({ loadBalancerIP: "192.0.2.1" }),
    denied: services("externalName and loadBalancerIP lead out of the cluster"),
  },
  {
    what: "take an address's traffic by a change",
    object: service(),
    change: { spec: { externalIPs: ["192.0.2.1"] } },
    denied: services("externalIPs would take the traffic to 192.0.2.1"),
  },
  {
    what: "borrow another's settings of the gateway",
    object: service(
      {},
      annotated({ "traefik.ingress.kubernetes.io/service.serverstransport": "red-app-x@kubernetescrd" }),
    ),
    denied: services(
      "annotation traefik.ingress.kubernetes.io/service.serverstransport could borrow settings",
    ),
  },
  ...["kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token"].map((type): Attempt => ({
    what: `make a Secret of type ${type}`,
    object: secret(type),
    denied: credentials(`a Secret of type ${type} is a login that never ends`),
  })),
  {
    what: "make the account that Flux acts as",
    object: serviceAccount({ name: "reconciler" }),
    denied: credentials("a service account called reconciler would have Flux's rights"),
  },
  {
    what: "get a token of the account that Flux acts as",
    object: serviceAccount({ name: "reconciler" }),
    part: "token",
    change: { spec: {} },
    denied: credentials("a token of reconciler would have Flux's rights"),
  },
  ...[
    "azure.workload.identity/client-id",
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
  ].map((key): Attempt => ({
    what: `annotate an account with ${key}`,
    object: serviceAccount(annotated({ [key]: "x" })),
    denied: credentials(`annotation ${key} makes the account an identity at the cloud: ask the operators`),
  })),
  {
    what: "change an account's identity",
    object: serviceAccount(annotated({ "azure.workload.identity/client-id": "1" })),
    change: { metadata: { annotations: { "azure.workload.identity/client-id": "2" } } },
    denied: credentials("annotation azure.workload.identity/client-id makes the account an identity"),
  },
  {
    what: "copy another namespace's Secret",
    object: core("Secret", {
      metadata: annotated({ "replicator.v1.mittwald.de/replicate-from": "red-app/x" }),
    }),
    denied: credentials("annotation replicator.v1.mittwald.de/replicate-from copies between namespaces"),
  },
  {
    what: "claim a volume by its name",
    object: claim({ volumeName: "pv-of-red" }),
    denied: claims('volumeName "pv-of-red" may be anybody\'s volume'),
  },
  {
    what: "choose a volume by labels",
    object: claim({ selector: { matchLabels: { tenant: "red" } } }),
    denied: claims("a selector may choose anybody's volume"),
  },
  {
    what: "take whatever volume is free",
    object: claim({ storageClassName: "" }),
    denied: claims("an empty storageClassName takes whatever volume is free"),
  },
  {
    what: "have Kubernetes claim a volume by its name from a template",
    object: claim({ volumeName: "pv-of-red" }),
    as: controller("statefulset-controller"),
    denied: claims('volumeName "pv-of-red" may be anybody\'s volume'),
  },
  {
    what: "copy another namespace's volume",
    object: claim({
      dataSourceRef: { kind: "PersistentVolumeClaim", name: "data", namespace: "red-app" },
    }),
    denied: claims('dataSourceRef names namespace "red-app": copy from a volume or snapshot of this one'),
  },
  {
    what: "say that a claim is bound",
    object: claim({}, annotated({ "pv.kubernetes.io/bind-completed": "yes" })),
    denied: claims("annotation pv.kubernetes.io/bind-completed is set by what binds volumes"),
  },

  {
    what: "change what is the platform's",
    object: policy,
    change: { metadata: { labels: { app: "y" } } },
    denied: owned(platformOwns),
  },
  { what: "delete what is the platform's", object: policy, change: null, denied: owned(platformOwns) },
  {
    what: "have what is the platform's deleted with an object of its own",
    object: policy,
    change: { metadata: { ownerReferences: [{ apiVersion: "v1", kind: "ConfigMap", name: "x", uid: "x" }] } },
    denied: owned(platformOwns),
  },
  {
    what: "hand an object over to the platform",
    object: core("ConfigMap", { metadata: annotated({ "terp.dev/adopt": "dev" }) }),
    denied: owned(notTheirs("terp.dev/adopt")),
  },
  {
    what: "take a mark of the platform's away",
    object: core("ConfigMap", { metadata: annotated({ "terp.dev/settings": "x" }) }),
    change: { metadata: { annotations: null } },
    denied: owned(notTheirs("terp.dev/settings")),
  },

  kind("cilium.io/v2", "CiliumNetworkPolicy", otherPolicy),
  kind("cilium.io/v2", "CiliumLocalRedirectPolicy", otherPolicy),
  kind("crd.projectcalico.org/v1", "NetworkPolicy", otherPolicy),
  kind("k8s.cni.cncf.io/v1", "NetworkAttachmentDefinition", otherPolicy),
  kind("traefik.io/v1alpha1", "IngressRoute", otherRoute),
  kind("traefik.io/v1alpha1", "IngressRouteTCP", otherRoute),
  kind("traefik.io/v1alpha1", "Middleware", otherRoute),
  kind("networking.istio.io/v1", "VirtualService", otherRoute),
  kind("gateway.networking.k8s.io/v1", "TCPRoute", otherRoute),
  kind("gateway.networking.k8s.io/v1", "UDPRoute", otherRoute),
  kind("gateway.networking.k8s.io/v1", "ReferenceGrant", "refer to objects of the same namespace only"),
  kind("cert-manager.io/v1", "Issuer", "name the operators' ClusterIssuer in a Certificate"),
  kind("cert-manager.io/v1", "CertificateRequest", "write a Certificate, and cert-manager makes it"),
  kind("acme.cert-manager.io/v1", "Order", "write a Certificate, and cert-manager makes it"),
  {
    what: "have cert-manager ask for its certificate",
    object: withSpec("cert-manager.io/v1", "CertificateRequest")({}),
    as: account("cert-manager", "cert-manager"),
  },
  kind(
    "source.toolkit.fluxcd.io/v1",
    "Bucket",
    "write a GitRepository, an OCIRepository or a HelmRepository",
    { spec: { bucketName: "x-y-z", endpoint: "minio.example", interval: "1m" } },
  ),
  kind(
    "notification.toolkit.fluxcd.io/v1",
    "Receiver",
    "leave it out: Flux hears of pushes by the platform",
    { spec: { type: "generic", secretRef: { name: "x" }, resources: [] } },
  ),
  kind("fluxcd.controlplane.io/v1", "ResourceSet", "leave it out: nothing here acts on it"),
  kind("v1", "Endpoints", "write a Service with a selector", { subsets: [] }),
  {
    ...kind("discovery.k8s.io/v1", "EndpointSlice", "write a Service with a selector"),
    object: endpointSlice,
  },
  kind("apps/v1", "ControllerRevision", "write a Deployment, a StatefulSet or a DaemonSet", {
    revision: 1,
    data: {},
  }),
  kind("v1", "PodTemplate", "write a Deployment, a StatefulSet or a DaemonSet", {
    template: { metadata: { labels: { a: "b" } }, spec: { containers: [{ name: "a", image: "b" }] } },
  }),
  kind("rbac.authorization.k8s.io/v1", "Role", "ask the operators: who may do what", { rules: [] }),
  kind("rbac.authorization.k8s.io/v1", "RoleBinding", "ask the operators: who may do what", {
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  }),
  kind("v1", "ResourceQuota", "ask the operators for another size"),
  kind("v1", "LimitRange", "ask the operators for another size", { spec: { limits: [] } }),
];
