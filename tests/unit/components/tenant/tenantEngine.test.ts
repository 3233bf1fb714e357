import { strict as assert } from "node:assert";

import { engineWebhook, type Engines } from "../../../../components/tenant/engine";
import { TenantComponent } from "../../../../components/tenant/tenant";
import type { TenantArgs } from "../../../../components/tenant/tenantArgs";
import { aTenantPlatform, dynamicOutputs } from "../../../support/aTenantPlatform";
import { recorder, type Recorder } from "../../../support/recorder";

const control = "terp-tenant-team-blue";
const both: Engines = { offered: ["flux", "argocd"], usual: "flux", groupsPrefix: "oidc:" };
const handover = "EngineHandover/team-blue";
/** What Argo CD applies a repository by. */
const parts = [
  "Application/argocd/team-blue",
  "AppProject/argocd/team-blue",
  "Secret/argocd/repository-team-blue",
  `RoleBinding/${control}/terp-argocd-impersonator`,
];

async function afterMaking(
  engines: Engines | undefined,
  changes: Partial<TenantArgs> = {},
): Promise<Recorder> {
  const record = recorder({ outputs: dynamicOutputs });
  new TenantComponent("team-blue", {
    platform: aTenantPlatform({ engines }),
    namespaces: ["app"],
    ...changes,
  });
  await record.settled();
  return record;
}

const namesIn = (record: Recorder): string[] => record.resources.map(({ name }) => name);
const pathIn = (record: Recorder): unknown => record.byName(`Kustomization/${control}/apps`).inputs.spec.path;

describe("a tenant's engine", () => {
  it("is Flux, and costs nothing, where the environment has nothing else", async () => {
    const record = await afterMaking(undefined);
    assert.deepEqual(
      [handover, ...parts].filter((name) => namesIn(record).includes(name)),
      [],
    );
    assert.equal(pathIn(record), "./environments/dev");
  });

  it("is the environment's usual one unless it is named", async () => {
    assert.equal(namesIn(await afterMaking(both)).includes(parts[0] ?? ""), false);
    const argocd = await afterMaking({ ...both, usual: "argocd" });
    assert.equal(namesIn(argocd).includes(parts[0] ?? ""), true);
  });

  it("hears of pushes by Argo CD's webhook where it is Argo CD, and by no other than Flux's where it is Flux", () => {
    const webhook = { url: "https://argocd.example.org/api/webhook", token: "shown" };
    const platform = { environment: "dev", engines: { ...both, webhook } };
    assert.equal(engineWebhook({ engine: "argocd", platform }), webhook);
    assert.equal(engineWebhook({ platform }), undefined);
  });

  it("is refused where the environment hasn't got it", async () => {
    await assert.rejects(
      afterMaking(undefined, { engine: "argocd" }),
      new RegExp(
        [
          'tenant "team-blue":\\n',
          "engine\\n",
          '  given     "argocd"\\n',
          "  expected  an engine that the environment has: flux\\n",
          "  remedy    leave it out, or type: pulumi config set --path terp:gitops.engine both --stack dev",
        ].join(""),
      ),
    );
    await assert.rejects(
      afterMaking({ ...both, offered: ["argocd"], usual: "argocd" }, { engine: "flux" }),
      /expected {2}an engine that the environment has: argocd\n/,
    );
  });
});

describe("a tenant under Argo CD", () => {
  const made = (changes: Partial<TenantArgs> = {}): Promise<Recorder> =>
    afterMaking(both, { engine: "argocd", ...changes });

  it("has Flux apply its Secrets alone", async () => {
    assert.equal(pathIn(await made()), "./environments/dev/secrets");
  });

  it("is handed over once its Application is there, and before Flux is told of another folder", async () => {
    const record = await made();
    for (const part of parts) assert.ok(record.byName(handover).dependsOn.includes(part), part);
    assert.ok(record.byName(`Kustomization/${control}/apps`).dependsOn.includes(handover));
    assert.equal(record.byName(handover).inputs.secretsPath, "./environments/dev/secrets");
  });

  it("lets Argo CD act as its reconciler, and as no other account", async () => {
    const { inputs } = (await made()).byName(`RoleBinding/${control}/terp-argocd-impersonator`);
    assert.equal(inputs.metadata.namespace, control);
    assert.deepEqual(inputs.subjects, [
      { kind: "ServiceAccount", name: "argocd-application-controller", namespace: "argocd" },
    ]);
  });

  it("has its repository read by its own deploy key, for its own project", async () => {
    const record = await made();
    const { metadata, stringData } = record.byName("Secret/argocd/repository-team-blue").inputs;
    assert.equal(metadata.labels["argocd.argoproj.io/secret-type"], "repository");
    assert.ok(record.isSecret(stringData));
    assert.deepEqual(record.plain(stringData), {
      type: "git",
      url: "ssh://git@gitea.git.svc.cluster.local/team-blue/apps.git",
      project: "team-blue",
      sshPrivateKey: "private key of Repository/team-blue/apps",
    });
  });

  it("shows its people its applications, by the names that the identity provider has for their groups", async () => {
    const people = { owners: ["oidc:blue"], developers: ["oidc:blue-dev"], viewers: ["guests"] };
    const { roles } = (await made({ people })).byName("AppProject/argocd/team-blue").inputs.spec as {
      roles: { name: string; groups: string[] }[];
    };
    assert.deepEqual(
      roles.map(({ name, groups }) => [name, groups]),
      [
        ["owners", ["blue"]],
        ["viewers", ["blue-dev", "guests"]],
      ],
    );
  });

  it("has nothing that keeps it from changing its engine, and no finalizer that takes its objects along", async () => {
    const record = await made();
    for (const part of [...parts, handover]) assert.equal(record.byName(part).protect, false, part);
    assert.equal(record.byName("Application/argocd/team-blue").inputs.metadata.finalizers, undefined);
  });

  it("has nothing applied, and is handed over to nobody, while it is suspended: Argo CD acts as nobody for it", async () => {
    const record = await made({ suspended: true });
    const { subjects } = record.byName(`RoleBinding/${control}/terp-argocd-impersonator`).inputs;
    assert.deepEqual(subjects, []);
    const { spec } = record.byName("Application/argocd/team-blue").inputs;
    assert.equal(spec.syncPolicy.automated, undefined);
    assert.ok(!namesIn(record).includes(handover));
  });
});
