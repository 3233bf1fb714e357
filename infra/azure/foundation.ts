import { Provider } from "@pulumi/azure-native/provider";
import { ResourceGroup } from "@pulumi/azure-native/resources/resourceGroup";
import * as pulumi from "@pulumi/pulumi";

import type { AzureConfig } from "../config/azureSection";
import { platformKeyName } from "../keys/store";
import { type AddressPlan, addressPlan } from "./addressPlan";
import { BlobStore } from "./blobStore";
import { diagnosticsWorkspace, report } from "./diagnostics";
import { DnsZone } from "./dnsZone";
import { azureNames, logsContainer } from "./names";
import { Network } from "./network";
import { type AzurePlace, tagsOf } from "./place";
import { privateZone } from "./privateAccess";
import { assign } from "./roles";
import { SecretsVault } from "./secretsVault";
import { type Workload, WorkloadIdentity, type WorkloadRights } from "./workloads";

/** What an environment's foundation is made from. */
export interface FoundationArgs {
  readonly environment: string;
  readonly azure: AzureConfig;
  /** The ranges from which people and pipelines reach the vault for applications' secrets. */
  readonly ranges: readonly string[];
  /** Names of the keys that a recovery by hand needs, in the vault that outlives the stack. */
  readonly keys: readonly string[];
}

/** All that an environment has in Azure beside its cluster. */
export class AzureFoundation extends pulumi.ComponentResource {
  readonly place: AzurePlace;
  readonly plan: AddressPlan;
  readonly network: Network;
  /** Absent where the configuration names no zone. */
  readonly dns: DnsZone | undefined;
  readonly logs: BlobStore;
  readonly backups: BlobStore;
  /** Resource id of the workspace to which Azure's services report. */
  declare readonly workspace: pulumi.Output<string>;
  readonly identities: Readonly<Partial<Record<Workload, WorkloadIdentity>>>;
  /** Resource id of the vault that outlives the stack. */
  private readonly vault: string;
  private readonly breakGlass: string | undefined;

  constructor(
    name: string,
    { environment, azure, ranges, keys }: FoundationArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("terp:azure:Foundation", name, {}, options);
    const inside = { parent: this };
    const names = azureNames(azure, environment);
    const tags = tagsOf(azure, environment);
    const { location, subscription } = azure;
    const isKept = !azure.disposable;
    const group = new ResourceGroup(
      "group",
      { resourceGroupName: names.resourceGroup, location, tags },
      { ...inside, protect: isKept },
    );
    this.place = { names, subscription, location, resourceGroupName: group.name, tags, isKept };
    this.plan = addressPlan(azure.network);

    const place = this.place;
    const network = new Network("network", { place, plan: this.plan }, inside);
    const workspace = diagnosticsWorkspace(place, azure.diagnosticsDays, inside).id;
    const blobs = privateZone("blob", { place, network }, inside);
    const stores = { place, network, workspace };
    this.logs = new BlobStore(
      "logs",
      {
        ...stores,
        zone: blobs,
        accountName: names.logsAccount,
        containerName: logsContainer,
        replication: azure.replication,
        hasVersions: false,
      },
      inside,
    );
    this.backups = new BlobStore(
      "backups",
      {
        ...stores,
        zone: blobs,
        accountName: names.backupsAccount,
        containerName: "backups",
        replication: azure.replication,
        hasVersions: true,
      },
      inside,
    );
    const vault = new SecretsVault(
      "secrets",
      {
        ...stores,
        zone: privateZone("vault", { place, network }, inside),
        directory: azure.directory,
        ranges,
      },
      inside,
    );
    this.dns =
      azure.dns === undefined ? undefined : new DnsZone("dns", { place, zone: azure.dns.zone }, inside);
    this.network = network;
    this.workspace = workspace;
    this.identities = identitiesOf(place, this.rights(vault), inside);
    this.vault = `/subscriptions/${subscription}/resourceGroups/${names.keep.resourceGroup}/providers/Microsoft.KeyVault/vaults/${names.keep.vault}`;
    this.breakGlass = azure.keep.breakGlass;
    report("keep", { resource: this.vault, categories: ["AuditEvent"], workspace }, inside);
    this.letBreakGlassRead(keys);
    this.registerOutputs();
  }

  /**
   * Lets the break-glass group read these secrets of the vault that outlives the stack, and no others; nobody, where the
   * configuration names no group.
   *
   * @param keys their names.
   */
  public letBreakGlassRead(keys: readonly string[]): void {
    if (this.breakGlass === undefined) return;
    for (const key of keys)
      assign(
        key === platformKeyName ? "break-glass" : `break-glass-${key}`,
        this.place,
        {
          role: "Key Vault Secrets User",
          scope: `${this.vault}/secrets/${key}`,
          principal: this.breakGlass,
          principalType: "Group",
        },
        { parent: this },
      );
  }

  /** What each service may do: always about one thing. */
  private rights(vault: SecretsVault): Readonly<Partial<Record<Workload, WorkloadRights>>> {
    const blobs = "Storage Blob Data Contributor";
    return {
      ...(this.dns && {
        "cert-manager": [{ role: "DNS Zone Contributor", scope: this.dns.id }],
        "external-dns": [
          { role: "DNS Zone Contributor", scope: this.dns.id },
          { role: "Reader", scope: this.dns.group },
        ],
      }),
      loki: [{ role: blobs, scope: this.logs.container }],
      backups: [{ role: blobs, scope: this.backups.container }],
      "external-secrets": [{ role: "Key Vault Secrets User", scope: vault.id }],
    };
  }
}

/** The one provider for everything in an environment's subscription. */
export function azureProvider({ subscription, directory, location }: AzureConfig): Provider {
  return new Provider("azure", {
    subscriptionId: subscription,
    tenantId: directory,
    location,
    disablePulumiPartnerId: true,
  });
}

function identitiesOf(
  place: AzurePlace,
  rights: Readonly<Partial<Record<Workload, WorkloadRights>>>,
  options: pulumi.ComponentResourceOptions,
): Readonly<Partial<Record<Workload, WorkloadIdentity>>> {
  return Object.fromEntries(
    Object.entries(rights).map(([workload, each]) => [
      workload,
      new WorkloadIdentity(
        `identity-${workload}`,
        { place, workload: workload as Workload, rights: each },
        options,
      ),
    ]),
  );
}
