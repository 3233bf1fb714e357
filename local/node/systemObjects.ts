import { dnsAddress, dnsReference } from "./spec";

/** An object of the cluster with the path at which it is applied. */
export interface SystemObject {
  readonly path: string;
  readonly object: unknown;
}

/** Where the DNS deployment is read. */
export const dnsPath = "/apis/apps/v1/namespaces/kube-system/deployments/coredns";

/** Where a node is read. */
export function nodePath(name: string): string {
  return `/api/v1/nodes/${name}`;
}

const corefile = `cluster.local:1053 in-addr.arpa:1053 ip6.arpa:1053 {
    errors
    health :8081
    ready :8181
    kubernetes cluster.local in-addr.arpa ip6.arpa {
      pods insecure
      fallthrough in-addr.arpa ip6.arpa
      ttl 5
    }
    cache 5
}
.:1053 {
    errors
    template ANY ANY {
      rcode NXDOMAIN
    }
}
`;

const rbac = "rbac.authorization.k8s.io";

function clusterRole(name: string, rules: unknown, subject: unknown): readonly SystemObject[] {
  return [
    {
      path: `/apis/${rbac}/v1/clusterroles/${encodeURIComponent(name)}`,
      object: { apiVersion: `${rbac}/v1`, kind: "ClusterRole", metadata: { name }, rules },
    },
    {
      path: `/apis/${rbac}/v1/clusterrolebindings/${encodeURIComponent(name)}`,
      object: {
        apiVersion: `${rbac}/v1`,
        kind: "ClusterRoleBinding",
        metadata: { name },
        roleRef: { apiGroup: rbac, kind: "ClusterRole", name },
        subjects: [subject],
      },
    },
  ];
}

/** The rights of the policy agent. */
export function policyAgentRights(): readonly SystemObject[] {
  return clusterRole(
    "terp:netpol",
    [
      { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["get", "list", "watch"] },
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["get", "list", "watch"] },
    ],
    { apiGroup: rbac, kind: "User", name: "terp:netpol" },
  );
}

/** The cluster's DNS. */
export function dnsObjects(): readonly SystemObject[] {
  const core = "/api/v1/namespaces/kube-system";
  const metadata = (name: string) => ({ name, namespace: "kube-system", labels: { "k8s-app": "kube-dns" } });
  return [
    {
      path: `${core}/serviceaccounts/coredns`,
      object: { apiVersion: "v1", kind: "ServiceAccount", metadata: metadata("coredns") },
    },
    ...clusterRole(
      "system:coredns",
      [
        {
          apiGroups: [""],
          resources: ["endpoints", "services", "pods", "namespaces"],
          verbs: ["list", "watch"],
        },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      ],
      { kind: "ServiceAccount", name: "coredns", namespace: "kube-system" },
    ),
    {
      path: `${core}/configmaps/coredns`,
      object: {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: metadata("coredns"),
        data: { Corefile: corefile },
      },
    },
    {
      path: `${core}/services/kube-dns`,
      object: {
        apiVersion: "v1",
        kind: "Service",
        metadata: metadata("kube-dns"),
        spec: {
          clusterIP: dnsAddress,
          selector: { "k8s-app": "kube-dns" },
          ports: [
            { name: "dns", port: 53, targetPort: "dns", protocol: "UDP" },
            { name: "dns-tcp", port: 53, targetPort: "dns-tcp", protocol: "TCP" },
          ],
        },
      },
    },
    { path: dnsPath, object: dnsDeployment() },
  ];
}

function dnsDeployment(): unknown {
  const labels = { "k8s-app": "kube-dns" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "coredns", namespace: "kube-system", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: "coredns",
          dnsPolicy: "Default",
          priorityClassName: "system-cluster-critical",
          terminationGracePeriodSeconds: 5,
          containers: [
            {
              name: "coredns",
              image: dnsReference,
              imagePullPolicy: "IfNotPresent",
              args: ["-conf", "/etc/coredns/Corefile"],
              env: [{ name: "GOMEMLIMIT", value: "100MiB" }],
              resources: { requests: { cpu: "20m", memory: "40Mi" }, limits: { memory: "170Mi" } },
              ports: [
                // A process without rights can't listen on 53.
                { name: "dns", containerPort: 1053, protocol: "UDP" },
                { name: "dns-tcp", containerPort: 1053, protocol: "TCP" },
              ],
              readinessProbe: { httpGet: { path: "/ready", port: 8181 }, periodSeconds: 1 },
              livenessProbe: { httpGet: { path: "/health", port: 8081 }, periodSeconds: 10 },
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                runAsNonRoot: true,
                capabilities: { drop: ["ALL"] },
                seccompProfile: { type: "RuntimeDefault" },
              },
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: "coredns" } }],
        },
      },
    },
  };
}
