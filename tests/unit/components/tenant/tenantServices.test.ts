import { strict as assert } from "node:assert";

import type { Engines } from "../../../../components/tenant/engine";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";
import { resolve } from "../../../support/resolve";

const starter = { "charts/service/Chart.yaml": "name: service\n" };
const engines: Engines = {
  offered: ["flux", "argocd"],
  usual: "argocd",
  groupsPrefix: "",
  services: { everySeconds: 5, starter: () => starter },
};
const url = "ssh://git@gitea.git.svc.cluster.local/team-blue/services.git";
const set = "ApplicationSet/argocd/team-blue.services";
const remover = (namespace: string): string => `RoleBinding/${namespace}/terp-argocd-remover`;

interface Made {
  readonly record: Recorder;
  readonly tenant: TenantComponent;
}

async function making(changes: Partial<TenantArgs> = {}, offered: Engines = engines): Promise<Made> {
  const record = recorder({ outputs: dynamicOutputs });
  const tenant = new TenantComponent("team-blue", {
    platform: aTenantPlatform({ engines: offered }),
    namespaces: ["app", "web"],
    services: true,
    ...changes,
  });
  await record.settled();
  return { record, tenant };
}

const afterMaking = async (changes: Partial<TenantArgs> = {}): Promise<Recorder> =>
  (await making(changes)).record;

describe("a tenant's services of small files", () => {
  it("cost nothing where they aren't asked for", async () => {
    const record = await afterMaking({ services: false });
    const names = record.resources.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => /services|remover/.test(name)),
      [],
    );
    const { sourceRepos } = record.byName("AppProject/argocd/team-blue").inputs.spec;
    assert.deepEqual(sourceRepos, ["ssh://git@gitea.git.svc.cluster.local/team-blue/apps.git"]);
  });

  it("lie in a repository of their own, with code owners, the chart and how to add one", async () => {
    const { record, tenant } = await making({ codeOwners: ["@team-blue/leads"] });
    const { organisation, repository, files, receiver } = record.byName(
      "Repository/team-blue/services",
    ).inputs;
    assert.deepEqual([organisation, repository, receiver], ["team-blue", "services", undefined]);
    assert.deepEqual(Object.keys(files as object).sort(), [
      "CODEOWNERS",
      "README.md",
      "charts/service/Chart.yaml",
      "services/.argocd",
    ]);
    assert.match(files.CODEOWNERS as string, /^\.\* @team-blue\/leads$/m);
    assert.match(files["README.md"] as string, new RegExp(`--chart ${url} --revision refs/heads/main`));
    assert.equal(
      await resolve(tenant.servicesUrl ?? assert.fail("no address")),
      "http://10.0.0.2:30080/team-blue/services",
    );
  });

  it("may come from that repository too, read by its own deploy key for the tenant's project alone", async () => {
    const record = await afterMaking();
    const { sourceRepos } = record.byName("AppProject/argocd/team-blue").inputs.spec;
    assert.deepEqual(sourceRepos, ["ssh://git@gitea.git.svc.cluster.local/team-blue/apps.git", url]);
    const { stringData } = record.byName("Secret/argocd/services-team-blue").inputs;
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      type: "git",
      url,
      project: "team-blue",
      sshPrivateKey: "private key of Repository/team-blue/services",
    });
  });

  it("are made once all is there that they need to be applied, and to be taken away", async () => {
    const record = await afterMaking();
    const needed = [
      "AppProject/argocd/team-blue",
      "Secret/argocd/services-team-blue",
      "RoleBinding/terp-tenant-team-blue/terp-argocd-impersonator",
      remover("team-blue-app"),
      remover("team-blue-web"),
    ];
    for (const part of needed) assert.ok(record.byName(set).dependsOn.includes(part), part);
  });

  it("are deleted by Argo CD's controller, in the tenant's own namespaces", async () => {
    const { metadata, roleRef, subjects } = (await afterMaking()).byName(remover("team-blue-web")).inputs;
    assert.deepEqual([metadata.namespace, roleRef.name], ["team-blue-web", "terp-argocd-remover"]);
    assert.deepEqual(subjects, [
      { kind: "ServiceAccount", name: "argocd-application-controller", namespace: "argocd" },
    ]);
  });

  it("aren't taken away because a line moved", async () => {
    assert.equal((await afterMaking()).byName(set).protect, true);
  });

  it("are applied no more while their tenant is suspended, and leave what they applied to its namespaces", async () => {
    const { inputs, protect } = (await afterMaking({ suspended: true })).byName(set);
    assert.equal(protect, false);
    assert.equal(inputs.spec.syncPolicy.preserveResourcesOnDeletion, true);
    assert.equal(inputs.spec.template.spec.syncPolicy.automated, undefined);
  });

  it("are refused where nothing makes them", async () => {
    const { services, ...without } = engines;
    assert.ok(services);
    await assert.rejects(
      making({}, without),
      new RegExp(
        [
          'tenant "team-blue":\\n',
          "services\\n",
          "  given     true\\n",
          "  expected  the setting gitops.services: only then does the environment have what makes them\\n",
          "  remedy    type: pulumi config set --path terp:gitops.services true --stack dev",
        ].join(""),
      ),
    );
  });

  it("are refused where Flux is the tenant's engine", async () => {
    await assert.rejects(
      making({ engine: "flux" }),
      new RegExp(
        [
          "services\\n",
          "  given     true\\n",
          "  expected  Argo CD as the tenant's engine, which makes them\\n",
          '  remedy    give this tenant `engine: "argocd"`, or leave services out',
        ].join(""),
      ),
    );
  });
});
