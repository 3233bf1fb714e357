import { strict as assert } from "node:assert";
import { parse } from "yaml";

import {
  dashboardFolders,
  dashboardProviders,
  dataSources,
} from "../../../../components/grafana/provisioning";

const url = "http://gateway.terp-logs.svc.cluster.local";
/** What Grafana 13's documentation, "Provision Grafana", names for each kind of file. */
const known = {
  dataSource: [
    "uid",
    "name",
    "type",
    "access",
    "orgId",
    "url",
    "basicAuth",
    "basicAuthUser",
    "isDefault",
    "editable",
    "jsonData",
    "secureJsonData",
  ],
  provider: [
    "name",
    "orgId",
    "folder",
    "type",
    "disableDeletion",
    "allowUiUpdates",
    "updateIntervalSeconds",
    "options",
  ],
};

interface SourcesFile {
  readonly apiVersion: number;
  readonly prune: boolean;
  readonly datasources: readonly {
    readonly uid: string;
    readonly type: string;
    readonly url: string;
    readonly access: string;
    readonly basicAuth: boolean;
    readonly basicAuthUser: string;
    readonly editable: boolean;
    readonly isDefault: boolean;
    readonly jsonData: { readonly manageAlerts: boolean };
    readonly secureJsonData: object;
  }[];
}

interface ProvidersFile {
  readonly apiVersion: number;
  readonly providers: readonly {
    readonly folder: string;
    readonly type: string;
    readonly options: { readonly path: string };
    readonly allowUiUpdates: boolean;
    readonly disableDeletion: boolean;
  }[];
}

describe("a Grafana's sources of logs", () => {
  const { apiVersion, prune, datasources } = parse(
    dataSources(url, [
      { uid: "logs-platform", name: "platform" },
      { uid: "logs-team-blue", name: "team-blue" },
    ]),
  ) as SourcesFile;

  it("are the gateway, with a credential each that stands in files", () => {
    assert.deepEqual(
      datasources.map(({ uid, type, url: address, basicAuth, basicAuthUser, secureJsonData }) => [
        uid,
        type,
        address,
        basicAuth,
        basicAuthUser,
        secureJsonData,
      ]),
      ["logs-platform", "logs-team-blue"].map((uid) => [
        uid,
        "loki",
        url,
        true,
        `$__file{/etc/terp/secrets/${uid}-username}`,
        { basicAuthPassword: `$__file{/etc/terp/secrets/${uid}-password}` },
      ]),
    );
  });

  it("are asked by Grafana and not by the browser, which would show the credential", () => {
    assert.deepEqual([...new Set(datasources.map(({ access }) => access))], ["proxy"]);
  });

  it("can't be changed by people, and no others stay", () => {
    assert.deepEqual([...new Set(datasources.map(({ editable }) => editable))], [false]);
    assert.equal(prune, true);
  });

  it("write nothing: Loki's rules aren't theirs", () => {
    assert.deepEqual([...new Set(datasources.map(({ jsonData }) => jsonData.manageAlerts))], [false]);
  });

  it("are offered with the first of them first", () => {
    assert.deepEqual(
      datasources.map(({ isDefault }) => isDefault),
      [true, false],
    );
  });

  it("have settings that Grafana knows", () => {
    assert.equal(apiVersion, 1);
    for (const source of datasources)
      assert.deepEqual(Object.keys(source).sort(), [...known.dataSource].sort());
  });
});

describe("a Grafana's folders of dashboards", () => {
  const { apiVersion, providers } = parse(dashboardProviders(dashboardFolders("team-blue"))) as ProvidersFile;

  it("are the platform's and the tenant's own", () => {
    assert.deepEqual(
      providers.map(({ folder, type, options }) => [folder, type, options.path]),
      [
        ["Platform", "file", "/etc/terp/dashboards"],
        ["team-blue", "file", "/etc/terp/own"],
      ],
    );
  });

  it("are the platform's alone for the operators", () => {
    assert.deepEqual(
      dashboardFolders().map(({ title }) => title),
      ["Platform"],
    );
  });

  it("can't be changed by hand, which would last until the next start", () => {
    for (const { allowUiUpdates, disableDeletion } of providers)
      assert.deepEqual([allowUiUpdates, disableDeletion], [false, true]);
  });

  it("have settings that Grafana knows", () => {
    assert.equal(apiVersion, 1);
    for (const provider of providers)
      assert.deepEqual(Object.keys(provider).sort(), [...known.provider].sort());
  });
});
