import { FederatedIdentityCredential } from "@pulumi/azure-native/managedidentity/federatedIdentityCredential";
import { UserAssignedIdentity } from "@pulumi/azure-native/managedidentity/userAssignedIdentity";
import * as pulumi from "@pulumi/pulumi";

import type { AzurePlace } from "./place";
import { assign, type Assignment } from "./roles";

/** Services of the platform that do something in Azure, and the service accounts that they run as. */
export const workloads = {
  "cert-manager": { namespace: "cert-manager", serviceAccount: "cert-manager" },
  "external-dns": { namespace: "external-dns", serviceAccount: "external-dns" },
  loki: { namespace: "terp-logs", serviceAccount: "loki" },
  "external-secrets": { namespace: "external-secrets", serviceAccount: "external-secrets" },
  backups: { namespace: "backups", serviceAccount: "backups" },
} as const;

/** The name of such a service. */
export type Workload = keyof typeof workloads;

/** What a service may do in Azure. */
export type WorkloadRights = readonly Omit<Assignment, "principal" | "principalType">[];

/** Who a service is in Azure. */
export interface WorkloadArgs {
  readonly place: AzurePlace;
  readonly workload: Workload;
  readonly rights: WorkloadRights;
}

/** An identity that one service of the platform has in Azure, with no more rights than it needs. It has no password. */
export class WorkloadIdentity extends pulumi.ComponentResource {
  /** What the service account's annotation `azure.workload.identity/client-id` says. */
  declare readonly clientId: pulumi.Output<string>;
  private readonly workload: Workload;
  private readonly place: AzurePlace;
  private readonly identity: UserAssignedIdentity;

  constructor(
    name: string,
    { place, workload, rights }: WorkloadArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("terp:azure:WorkloadIdentity", name, {}, options);
    this.workload = workload;
    this.place = place;
    this.identity = new UserAssignedIdentity(
      `${workload}-identity`,
      {
        resourceName: `${place.names.base}-${workload}`,
        resourceGroupName: place.resourceGroupName,
        location: place.location,
        tags: place.tags,
      },
      { parent: this },
    );
    for (const { role, scope } of rights) {
      const of =
        rights.length === 1 ? `${workload}-role` : `${workload}-${role.toLowerCase().replaceAll(" ", "-")}`;
      assign(of, place, { role, scope, principal: this.identity.principalId }, { parent: this });
    }
    this.clientId = this.identity.clientId;
    this.registerOutputs();
  }

  /**
   * Lets the service's account in a cluster be this identity.
   *
   * @param issuer the cluster's, which signs its service accounts' tokens.
   */
  public trust(issuer: pulumi.Input<string>): FederatedIdentityCredential {
    const { namespace, serviceAccount } = workloads[this.workload];
    return new FederatedIdentityCredential(
      `${this.workload}-trust`,
      {
        federatedIdentityCredentialResourceName: "cluster",
        resourceGroupName: this.place.resourceGroupName,
        resourceName: this.identity.name,
        audiences: ["api://AzureADTokenExchange"],
        issuer,
        subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
      },
      { parent: this },
    );
  }
}
