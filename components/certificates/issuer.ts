import type * as pulumi from "@pulumi/pulumi";

import type { Manifest } from "../manifest";
import { metadata, type Ownership } from "../metadata";
import { issuerName, privateCaSecret } from "./names";

/** Who issues certificates. */
export type Issuer =
  | { readonly kind: "private-ca" }
  | {
      readonly kind: "acme";
      /** The authority's ACME directory. */
      readonly server: string;
      /** The certificates of the authorities that its server is trusted by, in PEM. @default those that the image trusts */
      readonly authority?: string | undefined;
      readonly email: string;
      readonly solver: Solver;
    };

/** How an authority is shown that a host is ours. */
export type Solver =
  /** By an answer on port 80, through Ingresses of a class. */
  | { readonly kind: "http01"; readonly ingressClass: string }
  /** By an answer on port 80, through a Gateway's listener: the Certificate has to lie in a namespace whose routes attach to it. */
  | { readonly kind: "http01-gateway"; readonly gateway: ListenerReference }
  /** By records in zones of Azure DNS, as a managed identity. */
  | {
      readonly kind: "azure-dns";
      readonly zones: readonly string[];
      readonly subscription: string;
      readonly resourceGroup: pulumi.Input<string>;
      /** The managed identity's client id. */
      readonly identity: pulumi.Input<string>;
    }
  /** By records in zones of Route 53, as the role that the service account has. */
  | { readonly kind: "route53"; readonly zones: readonly string[]; readonly region: string };

/** A Gateway's listener. */
export interface ListenerReference {
  readonly namespace: string;
  readonly name: string;
  readonly sectionName: string;
}

/** cert-manager's ClusterIssuer, waited for until it is ready: https://cert-manager.io/docs/reference/api-docs/ */
export function clusterIssuer(owner: Ownership, issuer: Issuer): Manifest {
  return {
    apiVersion: "cert-manager.io/v1",
    kind: "ClusterIssuer",
    metadata: metadata(owner, {
      name: issuerName,
      annotations: { "pulumi.com/waitFor": "condition=Ready", "pulumi.com/timeoutSeconds": "180" },
    }),
    spec:
      issuer.kind === "private-ca"
        ? { ca: { secretName: privateCaSecret } }
        : {
            acme: {
              server: issuer.server,
              ...(issuer.authority !== undefined && {
                caBundle: Buffer.from(issuer.authority).toString("base64"),
              }),
              email: issuer.email,
              privateKeySecretRef: { name: `${issuerName}-acme-account` },
              solvers: solvers(issuer.solver),
            },
          },
  };
}

function solvers(solver: Solver): readonly object[] {
  switch (solver.kind) {
    case "http01":
      return [{ http01: { ingress: { ingressClassName: solver.ingressClass } } }];
    case "http01-gateway":
      return [{ http01: { gatewayHTTPRoute: { parentRefs: [{ kind: "Gateway", ...solver.gateway }] } } }];
    case "azure-dns":
      // The solver takes one zone, so each has one of its own.
      return solver.zones.map((zone) => ({
        selector: { dnsZones: [zone] },
        dns01: {
          azureDNS: {
            hostedZoneName: zone,
            subscriptionID: solver.subscription,
            resourceGroupName: solver.resourceGroup,
            environment: "AzurePublicCloud",
            managedIdentity: { clientID: solver.identity },
          },
        },
      }));
    case "route53":
      return [{ selector: { dnsZones: [...solver.zones] }, dns01: { route53: { region: solver.region } } }];
  }
}
