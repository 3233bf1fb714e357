import assert from "node:assert/strict";
import { operatorsFolder } from "../../../components/argocd/operatorsScaffold";
import type { Summary } from "../../../cli/status/summary";
import type { Attacker } from "../attacks/attacker";
import { at, withoutRight } from "../attacks/identities";
import { eventually } from "../eventually";
import { TenantRepository } from "../tenantRepository";
import type { TrialPlatform } from "../trialPlatform";
import { places, type ArgoTenant } from "./argoTenant";
import { configMap, madeApplication } from "./attempts";

/** A platform with Argo CD, and the tenants `team-blue`, whom Argo CD applies for, and `team-red`. */
export interface OperatorsTrial {
  readonly trial: TrialPlatform;
  readonly tenant: ArgoTenant;
  readonly attacker: Attacker;
}

const namespaces = "/api/v1/namespaces";
const own = "terp-operators-tools";
const isNotTheirs = /the platform repository is for namespaces whose name begins with terp-operators-/;
const isThePlatforms = /this object is the platform's own/;
const ofTheProject = /write spec\.project: platform/;
const restricted = /pod-security\.kubernetes\.io\/enforce: restricted/;

const namespace = (name: string, level: string): object => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name,
    labels: { "pod-security.kubernetes.io/enforce": level },
    annotations: { "argocd.argoproj.io/sync-wave": "-1" },
  },
});

const application = (name: string, changes: object = {}): object => {
  const made = madeApplication({ name, repository: "", project: "platform", namespace: own, path: "." });
  return { ...made, ...changes };
};

/** What the account that the platform repository is applied as may not. */
const refused = [
  [
    "write into a tenant's namespace",
    "POST",
    at("v1", "configmaps", "team-blue-app"),
    configMap("team-blue-app"),
    isNotTheirs,
  ],
  ["write into Argo CD's", "POST", at("v1", "configmaps", "argocd"), configMap("argocd"), isNotTheirs],
  ["delete a tenant's", "DELETE", `${namespaces}/team-red-app?dryRun=All`, undefined, isNotTheirs],
  ["make a namespace of another name", "POST", namespaces, namespace("tools", "restricted"), isNotTheirs],
  ["make one for pods without bounds", "POST", namespaces, namespace(own, "privileged"), restricted],
  [
    "change a tenant's Application",
    "PATCH",
    places.application,
    { spec: { destination: { namespace: own } } },
    isThePlatforms,
  ],
  ["delete it", "DELETE", places.application, undefined, isThePlatforms],
  [
    "turn its own elsewhere",
    "PATCH",
    `${places.applications}/platform`,
    { spec: { project: "default" } },
    isThePlatforms,
  ],
  [
    "have a Service take others' requests",
    "POST",
    at("v1", "services", own),
    { metadata: { name: "attack" }, spec: { externalIPs: ["10.96.0.1"], ports: [{ port: 443 }] } },
    /leave out externalIPs/,
  ],
  [
    "make an Application in a tenant's project",
    "POST",
    places.applications,
    madeApplication({ name: "attack", repository: "", path: "." }),
    ofTheProject,
  ],
  [
    "make one that nobody could take away",
    "POST",
    places.applications,
    application("attack", {
      metadata: { name: "attack", finalizers: ["resources-finalizer.argocd.argoproj.io"] },
    }),
    /has no finalizers/,
  ],
  ["read a Secret", "GET", at("v1", "secrets", "argocd"), undefined, withoutRight],
  ["give itself a right", "POST", at("rbac.authorization.k8s.io/v1", "rolebindings", own), {}, withoutRight],
] as const;

/** Tests of what the platform's operators have applied from the platform repository. */
export function describeOperators(given: () => OperatorsTrial): void {
  describe("what the platform's operators run beside the tenants", () => {
    let repository: TenantRepository;
    let folder = "";

    before(async () => {
      const { trial, tenant } = given();
      const { origin } = new URL(tenant.repository.url);
      repository = await TenantRepository.clone(trial, `${origin}/platform/platform`);
      folder = operatorsFolder(trial.stack);
    });

    after(async () => {
      await repository.remove();
    });

    const root = async (): Promise<string> =>
      JSON.stringify((await given().tenant.get(`${places.applications}/platform`)).status);
    /** When an object was made. @throws if it isn't there, with what Argo CD says. */
    const madeAt = async (path: string): Promise<number> => {
      const text = await given()
        .tenant.api.text(path)
        .catch(async (error: unknown) => {
          throw new Error(`${String(error)}: ${await root()}`);
        });
      const { metadata } = JSON.parse(text) as { readonly metadata: { readonly creationTimestamp: string } };
      return Date.parse(metadata.creationTimestamp);
    };

    it("starts with a namespace, and a page that says how to go on", async () => {
      assert.match(await repository.read(`${folder}/README.md`), /sync-wave/);
      assert.match(await repository.read("CODEOWNERS"), /# \.\* @somebody/);
      await eventually(() => madeAt(`${namespaces}/terp-operators-example`));
    });

    it("is applied from a push, the namespace before the Application", async () => {
      // By name the Application's file is the first.
      await repository.write(
        `${folder}/namespaces-of-tools.yaml`,
        JSON.stringify(namespace(own, "restricted")),
      );
      const url = /repoURL: (.*)/.exec(await repository.read(`${folder}/README.md`))?.[1] ?? "";
      const path = `environments/${given().trial.stack}/tools`;
      const made = madeApplication({
        name: "a-tool",
        repository: url,
        project: "platform",
        namespace: own,
        path,
      });
      await repository.write(`${folder}/a-tool.yaml`, JSON.stringify(made));
      await repository.write(`${path}/settings.yaml`, JSON.stringify(configMap(own)));
      await repository.push("a tool");
      await eventually(() => madeAt(at("v1", "configmaps", own, "attack")));
      const before = await madeAt(`${namespaces}/${own}`);
      assert.ok(before < (await madeAt(`${places.applications}/a-tool`)), "one wave after the other");
    });

    for (const [what, method, path, body, said] of refused)
      it(`can't ${what}`, async () => {
        const headers = { "Impersonate-User": "system:serviceaccount:argocd:platform-operators" };
        const answer = await given().attacker.request({
          what,
          as: "administrator",
          method,
          path,
          body,
          headers,
        });
        assert.ok([403, 422].includes(answer.status), `${String(answer.status)} ${answer.message}`);
        assert.match(answer.message, said);
      });

    it("goes with its files, and is begun once: a run writes none of them again", async () => {
      const { trial, tenant } = given();
      await repository.removeFile(`${folder}/a-tool.yaml`);
      await repository.removeFile(`${folder}/namespaces-of-tools.yaml`);
      await repository.removeFile(`${folder}/README.md`);
      const commit = await repository.push("no tool");
      await eventually(async () => {
        await tenant.lacks(places.applications, "a-tool");
        await tenant.lacks(namespaces, own);
      });
      await trial.ask<Summary>("up");
      await repository.pull();
      assert.equal(await repository.git("rev-parse", "HEAD"), commit);
      await madeAt(`${namespaces}/terp-operators-example`);
    });
  });
}
