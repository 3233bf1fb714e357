import { stringify } from "yaml";

import { fromSecretFile, grafanaPaths } from "./configuration";

/** A source of logs: one credential at the logs' gateway, and so one tenant's. */
export interface LogSource {
  /** What dashboards know it by. */
  readonly uid: string;
  /** What people know it by. */
  readonly name: string;
}

/** Entries of Grafana's Secret with a source's read credential. */
export function credentialFiles(uid: string): { readonly username: string; readonly password: string } {
  return { username: `${uid}-username`, password: `${uid}-password` };
}

/**
 * The file for `provisioning/datasources`. People can't change these sources, and what isn't among them is taken away at the
 * next start. The first is the one that is offered first.
 *
 * @param url The gateway's address, without a slash at the end.
 */
export function dataSources(url: string, sources: readonly LogSource[]): string {
  return stringify({
    apiVersion: 1,
    prune: true,
    datasources: sources.map(({ uid, name }, index) => ({
      uid,
      name,
      type: "loki",
      access: "proxy",
      orgId: 1,
      url,
      basicAuth: true,
      basicAuthUser: fromSecretFile(credentialFiles(uid).username),
      isDefault: index === 0,
      editable: false,
      // Loki's own rules aren't Grafana's to manage.
      jsonData: { maxLines: 1000, timeout: 60, manageAlerts: false },
      secureJsonData: { basicAuthPassword: fromSecretFile(credentialFiles(uid).password) },
    })),
  });
}

/** A folder of dashboards. */
export interface DashboardFolder {
  /** What the folder is called in Grafana. */
  readonly title: string;
  /** Where the files are. */
  readonly path: string;
}

/** The file for `provisioning/dashboards`: what is in files can't be changed by hand, and goes with its file. */
export function dashboardProviders(folders: readonly DashboardFolder[]): string {
  return stringify({
    apiVersion: 1,
    providers: folders.map(({ title, path }) => ({
      name: title,
      orgId: 1,
      folder: title,
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      updateIntervalSeconds: 30,
      options: { path },
    })),
  });
}

/** The platform's folder, and the tenant's own where there is a tenant. */
export function dashboardFolders(tenant?: string): readonly DashboardFolder[] {
  const platforms = { title: "Platform", path: grafanaPaths.dashboards };
  return tenant === undefined ? [platforms] : [platforms, { title: tenant, path: grafanaPaths.own }];
}
