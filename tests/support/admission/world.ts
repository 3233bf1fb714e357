import type { Caller } from "../controlPlane";
import type { Written } from "./attempt";

/** The tenant's reconciler, with every right that a namespace can give: only admission is in its way. */
export const tenant: Caller = {
  user: "system:serviceaccount:terp-tenant-blue:reconciler",
  groups: ["system:serviceaccounts", "system:serviceaccounts:terp-tenant-blue", "system:authenticated"],
};

/** Somebody who may patch workloads, and not update them. */
export const developer: Caller = { user: "dora", groups: ["blue-developers", "system:authenticated"] };

/** A program that may write Secrets, and make no workloads. */
export const robot: Caller = { user: "robot", groups: ["blue-robots", "system:authenticated"] };

/** A controller of Kubernetes' own. */
export function controller(name: string): Caller {
  return account("kube-system", name);
}

/** A service account. */
export function account(namespace: string, name: string): Caller {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** What the namespace `blue-app` may claim; `red-app` may claim nothing. */
export const blueClaims = {
  domains: ["blue.example.nl", "blue.test"],
  sources: [
    "https://git.example.nl/blue/",
    "ssh://git@git.example.nl/blue/",
    "oci://registry.example.nl/blue/",
  ],
  images: ["registry.example.nl/blue/", "docker.io/library/nginx", "docker.io/blue/"],
  ranges: ["192.0.2.0/24", "2001:db8::/64"],
};

/** Kinds that the policies know and this API server doesn't: by group, their names. */
const strangeKinds: Readonly<Record<string, readonly string[]>> = {
  "gateway.networking.k8s.io/v1": [
    "HTTPRoute",
    "GRPCRoute",
    "TLSRoute",
    "TCPRoute",
    "UDPRoute",
    "Gateway",
    "ReferenceGrant",
  ],
  "cert-manager.io/v1": ["Certificate", "CertificateRequest", "Issuer"],
  "acme.cert-manager.io/v1": ["Order"],
  "externaldns.k8s.io/v1alpha1": ["DNSEndpoint"],
  "traefik.io/v1alpha1": ["IngressRoute", "IngressRouteTCP", "Middleware"],
  "networking.istio.io/v1": ["VirtualService"],
  "cilium.io/v2": ["CiliumNetworkPolicy", "CiliumLocalRedirectPolicy"],
  "crd.projectcalico.org/v1": ["NetworkPolicy"],
  "k8s.cni.cncf.io/v1": ["NetworkAttachmentDefinition"],
  "fluxcd.controlplane.io/v1": ["ResourceSet"],
};

function plural(kind: string): string {
  const lower = kind.toLowerCase();
  return /[^aeiou]y$/.test(lower) ? `${lower.slice(0, -1)}ies` : `${lower}s`;
}

/** Definitions of those kinds under which every field is allowed: what the policies ask for is in the policies. */
export function strangeDefinitions(): Written[] {
  return Object.entries(strangeKinds).flatMap(([apiVersion, kinds]) => {
    const [group = "", version = ""] = apiVersion.split("/");
    return kinds.map((kind) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: {
        name: `${plural(kind)}.${group}`,
        annotations: { "api-approved.kubernetes.io": "unapproved, for a test" },
      },
      spec: {
        group,
        scope: "Namespaced",
        names: { kind, plural: plural(kind), singular: kind.toLowerCase() },
        versions: [
          {
            name: version,
            served: true,
            storage: true,
            schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
          },
        ],
      },
    }));
  });
}
