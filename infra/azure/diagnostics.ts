import { DiagnosticSetting } from "@pulumi/azure-native/monitor/diagnosticSetting";
import { Workspace } from "@pulumi/azure-native/operationalinsights/workspace";
import type * as pulumi from "@pulumi/pulumi";

import type { AzurePlace } from "./place";

/**
 * The workspace to which Azure's services report. People and programs read it by their roles alone.
 *
 * @param days how long it keeps what it is told.
 */
export function diagnosticsWorkspace(
  place: AzurePlace,
  days: number,
  options: pulumi.CustomResourceOptions,
): Workspace {
  return new Workspace(
    "diagnostics",
    {
      workspaceName: place.names.base,
      resourceGroupName: place.resourceGroupName,
      location: place.location,
      sku: { name: "PerGB2018" },
      retentionInDays: days,
      features: { disableLocalAuth: true, enableLogAccessUsingOnlyResourcePermissions: true },
      tags: place.tags,
    },
    options,
  );
}

/**
 * Has one resource report.
 *
 * @param name of what reports, in logical names.
 * @param reporting its resource id, and the categories of what it reports, as Azure names them.
 */
export function report(
  name: string,
  reporting: {
    readonly resource: pulumi.Input<string>;
    readonly categories: readonly string[];
    readonly workspace: pulumi.Input<string>;
  },
  options: pulumi.CustomResourceOptions,
): DiagnosticSetting {
  return new DiagnosticSetting(
    `${name}-diagnostics`,
    {
      name: "terp",
      resourceUri: reporting.resource,
      workspaceId: reporting.workspace,
      logAnalyticsDestinationType: "Dedicated",
      logs: reporting.categories.map((category) => ({ category, enabled: true })),
    },
    options,
  );
}
