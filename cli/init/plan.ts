import { azureNames, type AzureNames } from "../../infra/azure/names";
import { assignmentName } from "../../infra/azure/roles";
import type { AzureConfig } from "../../infra/config/azureSection";
import { stateContainer, stateKey } from "../engine/backend";
import { initRoles, noOwners, type InitRole } from "./roles";

/** Where pipelines run, and as whose. */
export type PipelineHost =
  | { readonly kind: "github"; readonly repository: string }
  | { readonly kind: "gitlab"; readonly project: string; readonly branch: string };

/** What is made beside the settings of the environment. */
export interface InitOptions {
  /** Ranges from which the vault and the state are reached; undefined: from any network. */
  readonly ranges: readonly string[] | undefined;
  /** Whether the state is kept in Azure too: not with Pulumi Cloud. */
  readonly keepsState: boolean;
  /** Absent where no pipeline is to sign in. */
  readonly pipeline?: PipelineHost | undefined;
  /** Object id of whoever runs this: the state's stack is made as him. */
  readonly person: string;
}

/** Object ids of identities, known once they are made. */
export type Principals = ReadonlyMap<string, string>;

/** One thing that is made, or is there. */
export interface InitStep {
  /** What it is, for people. */
  readonly title: string;
  /** Its id in Azure. */
  readonly id: string;
  readonly apiVersion: string;
  /** @param principals of identities that earlier steps made, by their ids. */
  readonly body: (principals: Principals) => Readonly<Record<string, unknown>>;
  /** Whether what is there is it; default: whatever is there is left as it is. */
  readonly isDone?: (found: Readonly<Record<string, unknown>>) => boolean;
}

const versions = {
  authorization: "2022-04-01",
  identity: "2023-01-31",
  locks: "2020-05-01",
  resources: "2024-03-01",
  storage: "2024-01-01",
  vault: "2023-07-01",
};

/** How long deleted state is kept, in days. */
const retention = 30;

/**
 * All that outlives the stacks of an environment in Azure, in the order in which it is made.
 *
 * @param environment the stack's name.
 */
export function initSteps(azure: AzureConfig, environment: string, options: InitOptions): InitStep[] {
  const names = azureNames(azure, environment);
  const ids = idsOf(azure.subscription, names);
  const { location } = azure;
  const tags = { ...azure.tags, "terp-environment": environment };
  const step = (
    title: string,
    id: string,
    apiVersion: string,
    body: Readonly<Record<string, unknown>>,
  ): InitStep => ({ title, id, apiVersion, body: () => body });
  const identities = options.pipeline === undefined ? [] : [ids.writer, ids.reader];
  const state = [
    step("account for the state, by sign-in alone", ids.account, versions.storage, {
      location,
      tags,
      kind: "StorageV2",
      sku: { name: `Standard_${azure.replication}` },
      properties: {
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        defaultToOAuthAuthentication: true,
        minimumTlsVersion: "TLS1_2",
        networkAcls: networkRules(options.ranges),
        supportsHttpsTrafficOnly: true,
      },
    }),
    {
      ...step("versions of the state", `${ids.account}/blobServices/default`, versions.storage, {
        properties: {
          containerDeleteRetentionPolicy: { days: retention, enabled: true },
          deleteRetentionPolicy: { days: retention, enabled: true },
          isVersioningEnabled: true,
        },
      }),
      // It comes with its account.
      isDone: ({ properties }: Readonly<Record<string, unknown>>) =>
        (properties as { readonly isVersioningEnabled?: unknown } | undefined)?.isVersioningEnabled === true,
    },
    step("container for the state", ids.container, versions.storage, {
      properties: { publicAccess: "None" },
    }),
  ];
  const key = step("key that encrypts the state's secrets", ids.key, versions.vault, {
    properties: { keyOps: ["encrypt", "decrypt", "wrapKey", "unwrapKey"], keySize: 3072, kty: "RSA" },
  });
  return [
    step("resource group", ids.group, versions.resources, { location, tags }),
    ...(options.keepsState ? state : []),
    step("vault, by roles alone, whose keys can't be purged", ids.vault, versions.vault, {
      location,
      tags,
      properties: {
        enablePurgeProtection: true,
        enableRbacAuthorization: true,
        enableSoftDelete: true,
        networkAcls: networkRules(options.ranges),
        sku: { family: "A", name: "standard" },
        softDeleteRetentionInDays: 90,
        tenantId: azure.directory,
      },
    }),
    ...(options.keepsState ? [key] : []),
    step(
      "lock against deletion",
      `${ids.group}/providers/Microsoft.Authorization/locks/terp-keep`,
      versions.locks,
      { properties: { level: "CanNotDelete", notes: "State and keys of the platform: see terp init." } },
    ),
    ...identities.map((id) =>
      step(id === ids.writer ? "identity that applies" : "identity that previews", id, versions.identity, {
        location,
        tags,
      }),
    ),
    ...credentials(ids, environment, options.pipeline),
    ...assignments(names, ids, azure, options),
  ];
}

/** Ids of what is made. */
function idsOf(subscription: string, names: AzureNames) {
  const group = `/subscriptions/${subscription}/resourceGroups/${names.keep.resourceGroup}`;
  const account = `${group}/providers/Microsoft.Storage/storageAccounts/${names.keep.stateAccount}`;
  const vault = `${group}/providers/Microsoft.KeyVault/vaults/${names.keep.vault}`;
  const identity = `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${names.base}`;
  return {
    group,
    account,
    container: `${account}/blobServices/default/containers/${stateContainer}`,
    vault,
    key: `${vault}/keys/${stateKey}`,
    writer: `${identity}-apply`,
    reader: `${identity}-preview`,
  };
}

type Ids = ReturnType<typeof idsOf>;

function networkRules(ranges: readonly string[] | undefined): Readonly<Record<string, unknown>> {
  if (ranges === undefined) return { bypass: "AzureServices", defaultAction: "Allow" };
  return { bypass: "AzureServices", defaultAction: "Deny", ipRules: ranges.map((value) => ({ value })) };
}

/** Whom the identities trust: the pipeline in one environment of its host's, or on one branch. */
function credentials(ids: Ids, environment: string, pipeline: PipelineHost | undefined): InitStep[] {
  if (pipeline === undefined) return [];
  const github = (each: string): string =>
    `repo:${pipeline.kind === "github" ? pipeline.repository : ""}:environment:${each}`;
  const subjects: (readonly [id: string, name: string, subject: string])[] =
    pipeline.kind === "github"
      ? [
          [ids.writer, "apply", github(environment)],
          [ids.reader, "preview", github(`${environment}-preview`)],
          [ids.reader, "drift", github(`${environment}-drift`)],
        ]
      : [
          [ids.writer, "apply", gitlabSubject(pipeline.project, pipeline.branch)],
          [ids.reader, "drift", gitlabSubject(pipeline.project, pipeline.branch)],
        ];
  const issuer =
    pipeline.kind === "github" ? "https://token.actions.githubusercontent.com" : "https://gitlab.com";
  return subjects.map(([id, name, subject]) => ({
    title: `trust in the pipeline, ${name}`,
    id: `${id}/federatedIdentityCredentials/${name}`,
    apiVersion: versions.identity,
    body: () => ({ properties: { audiences: ["api://AzureADTokenExchange"], issuer, subject } }),
  }));
}

function gitlabSubject(project: string, branch: string): string {
  return `project_path:${project}:ref_type:branch:ref:${branch}`;
}

/** A role, on what, for whom: an identity's id, or the person. */
type Right = readonly [who: string, role: InitRole, scope: string];

function assignments(names: AzureNames, ids: Ids, azure: AzureConfig, options: InitOptions): InitStep[] {
  const subscription = `/subscriptions/${azure.subscription}`;
  const state = (who: string, blobs: InitRole): Right[] =>
    options.keepsState
      ? [
          [who, blobs, ids.container],
          [who, "Key Vault Crypto User", ids.key],
        ]
      : [];
  const writes = (who: string): Right[] => [
    ...state(who, "Storage Blob Data Contributor"),
    [who, "Key Vault Secrets Officer", ids.vault],
  ];
  const pipelines: Right[] = [
    ...writes(ids.writer),
    [ids.writer, "Contributor", subscription],
    [ids.writer, "Locks Contributor", subscription],
    [ids.writer, "Role Based Access Control Administrator", subscription],
    ...state(ids.reader, "Storage Blob Data Reader"),
    [ids.reader, "Key Vault Reader", ids.vault],
    [ids.reader, "Reader", subscription],
  ];
  const person = "person";
  const rights = [...writes(person), ...(options.pipeline === undefined ? [] : pipelines)];
  return rights.map(([who, role, scope]) => {
    const whom = who === person ? `you (${options.person})` : (who.split("/").at(-1) ?? who);
    const key = who === person ? options.person : who;
    return {
      title: `${role} for ${whom}`,
      id: `${scope}/providers/Microsoft.Authorization/roleAssignments/${assignmentName(`${names.base}/${key}/${role}/${scope}`)}`,
      apiVersion: versions.authorization,
      body: (principals) => ({
        properties: {
          principalId: who === person ? options.person : principals.get(who),
          ...(who !== person && { principalType: "ServicePrincipal" }),
          roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${initRoles[role]}`,
          ...(role === "Role Based Access Control Administrator" && {
            condition: noOwners,
            conditionVersion: "2.0",
          }),
        },
      }),
    };
  });
}
