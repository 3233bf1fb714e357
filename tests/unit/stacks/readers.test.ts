import { strict as assert } from "node:assert";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import type { PolicyRule } from "../../../components/policyRule";
import type { PlatformConfig } from "../../../infra/config";
import { charts as chartPins } from "../../../infra/versions";
import { aConfig } from "../../support/aConfig";
import { aMachine } from "../../support/aMachine";
import { anAksCluster, anAzure } from "../../support/azureRun";
import { indexServer, type ChartServer } from "../../support/chartServers";
import { asYaml, releaseManifests } from "../../support/fluxRelease";
import { objectsIn, run, type Made } from "../../support/platformRun";
import { allows } from "../../support/rights";
import type { Recorded } from "../../support/recorder";

const pipeline = "00000000-0000-0000-0000-0000000000c1";
const auditors = "00000000-0000-0000-0000-0000000000c2";
const domain = "platform.example.org";

/** All services that make Secrets or are charts. */
const everything = {
  azure: anAzure({ dns: { zone: domain } }),
  gitops: { engine: "argocd", crds: { kind: "installed" }, services: true, codeOwners: [] },
  keys: { store: { kind: "azure-key-vault", url: "https://terp-dev.vault.azure.net" } },
  tenants: { charts: true },
  ingress: { kind: "gateway", domain, class: "terp", replicas: 1, crds: { kind: "installed" } },
  certificates: { issuer: { kind: "private-ca" } },
  dns: { kind: "own" },
  logs: {
    storage: { kind: "own", replicas: 2 },
    retention: { small: 7, medium: 14, large: 30, platform: 14 },
  },
  grafana: { domain, identityProvider: ["192.0.2.7/32"], groupsPrefix: "oidc:" },
} satisfies Partial<PlatformConfig>;

/** A kind as rules name it: its group, and its plural. */
function kindOf({ inputs, type }: Recorded): { readonly group: string; readonly resource: string } {
  const [group = "", version] = String(inputs.apiVersion ?? type.split(":")[1]).split("/");
  const kind = String(inputs.kind ?? type.split(":")[2]).toLowerCase();
  const plural = kind.endsWith("y")
    ? `${kind.slice(0, -1)}ies`
    : kind.endsWith("s")
      ? `${kind}es`
      : `${kind}s`;
  return { group: version === undefined || group === "core" ? "" : group, resource: plural };
}

describe("who may look at the cluster and change nothing", () => {
  const machine = aMachine();
  let charts: ChartServer;
  before(async () => {
    const { certManager, externalDns } = chartPins;
    charts = await indexServer([certManager, externalDns].map((chart) => ({ ...chart, templates: {} })));
  });
  after(() => {
    charts.close();
  });
  const withReaders = (changes: Partial<PlatformConfig>): Promise<Made> => {
    const file = join(machine.folder, "install.yaml");
    writeFileSync(file, asYaml(releaseManifests()));
    return run(
      aConfig({
        ...everything,
        charts: { mirror: charts.url },
        git: { kind: "gitea", node: { dataFolder: "/git", address: "10.1.0.2", clientAddress: "10.1.0.1" } },
        flux: { manifests: { kind: "release", file, version: "v2.7.5" }, concurrency: 4, interval: "30s" },
        ...changes,
      }),
    );
  };
  let wholeRun: Promise<Made> | undefined;
  const whole = (): Promise<Made> =>
    (wholeRun ??= withReaders({
      cluster: anAksCluster({ readers: { identities: [pipeline], groups: [auditors] } }),
    }));
  const rules = async (name: string): Promise<PolicyRule[]> =>
    (await whole()).record.byName(`ClusterRole/${name}`).inputs.rules as PolicyRule[];

  it("is nobody unless the configuration names somebody", async () => {
    const { record } = await withReaders({ cluster: anAksCluster() });
    assert.deepEqual(
      record.resources.filter(({ name }) => /readers|terp-(record-)?reader/.test(name)),
      [],
    );
  });

  it("is who it names, by the ids that Entra ID gives", async () => {
    const { subjects, roleRef } = (await whole()).record.byName("ClusterRoleBinding/terp-reader").inputs;
    const apiGroup = "rbac.authorization.k8s.io";
    assert.deepEqual(subjects, [
      { apiGroup, kind: "Group", name: auditors },
      { apiGroup, kind: "User", name: pipeline },
    ]);
    assert.deepEqual(roleRef, { apiGroup, kind: "ClusterRole", name: "terp-reader" });
  });

  it("sees each object that the stack makes", async () => {
    const { record } = await whole();
    const known = await rules("terp-reader");
    const unseen = objectsIn(record)
      .filter(({ type, custom }) => custom && !type.includes(":helm.sh/"))
      .filter((object) => {
        const name = String(object.inputs.metadata.name);
        return !allows(known, { verb: "get", ...kindOf(object), name });
      });
    assert.deepEqual(
      unseen.map(({ name }) => name),
      [],
    );
  });

  it("sees Helm's records of each release, and of nothing else", async () => {
    const { record } = await whole();
    const releases = record
      .ofType("kubernetes:helm.sh/v3:Release")
      .map(({ inputs }) => String(inputs.namespace));
    const bound = record
      .ofType("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding")
      .filter(({ inputs }) => inputs.roleRef.name === "terp-record-reader")
      .map(({ inputs }) => String(inputs.metadata.namespace));
    assert.ok(releases.length > 1);
    assert.deepEqual(bound.sort(), releases.sort());
    assert.deepEqual(await rules("terp-record-reader"), [
      { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] },
    ]);
  });

  it("reads no Secret of a tenant's, and lists none", async () => {
    const known = await rules("terp-reader");
    for (const action of [
      { verb: "get", resource: "secrets", name: "sops-age" },
      { verb: "get", resource: "secrets", name: "database" },
      { verb: "list", resource: "secrets" },
      { verb: "watch", resource: "secrets" },
    ])
      assert.ok(!allows(known, action), JSON.stringify(action));
  });

  it("writes nothing, mints no token, and enters or reaches no pod", async () => {
    const known = [...(await rules("terp-reader")), ...(await rules("terp-record-reader"))];
    assert.deepEqual([...new Set(known.flatMap(({ verbs }) => verbs as string[]))].sort(), [
      "get",
      "list",
      "watch",
    ]);
    for (const resource of [
      "pods/exec",
      "pods/proxy",
      "services/proxy",
      "nodes/proxy",
      "serviceaccounts/token",
    ])
      assert.ok(!allows(known, { verb: "get", resource }), resource);
  });

  it("gets the cluster's kubeconfig from Azure, and no right more there", async () => {
    const { record } = await whole();
    const given = record
      .ofType("azure-native:authorization:RoleAssignment")
      .filter(({ inputs }) => [pipeline, auditors].includes(String(inputs.principalId)))
      .map(({ inputs }) => [
        inputs.principalId,
        inputs.principalType,
        String(inputs.roleDefinitionId).split("/").at(-1),
        inputs.scope,
      ]);
    // Azure Kubernetes Service Cluster User Role.
    const role = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f";
    assert.deepEqual(given, [
      [auditors, "Group", role, "aks-cluster-id"],
      [pipeline, "ServicePrincipal", role, "aks-cluster-id"],
    ]);
  });
});
