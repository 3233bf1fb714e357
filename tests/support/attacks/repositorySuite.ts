import assert from "node:assert/strict";
import type { Engine } from "../../../components/tenant/engine";
import { TenantRepository } from "../tenantRepository";
import type { AttackedPlatform } from "./attackedPlatform";
import type { Stolen } from "./commitParts";
import { commits } from "./commits";
import { at, control, own, victim, victimControl } from "./identities";
import { RepositoryAttack } from "./repositoryAttack";
import type { Tally } from "./tally";

/** Tests of what a tenant pushes. @param engine what applies its repository */
export function describeRepository(engine: Engine, given: () => AttackedPlatform, tally: Tally): void {
  it("can't have its repository do more than it may", async () => {
    const { trial, api, raised } = given();
    const stolen = await stolenFrom(given());
    const repository = await TenantRepository.clone(trial, raised.repositories["team-blue"] ?? "");
    const folder = `environments/${trial.stack}`;
    const attack = await RepositoryAttack.begin({ repository, folder, engine, api });
    const failures: string[] = [];
    for (const each of commits(stolen)) {
      const because = each.because[engine];
      if (because === undefined) continue;
      const said = await attack.try(each);
      tally.count(1, said === undefined ? [each.what] : []);
      if (said === undefined || !because.test(said)) failures.push(`${each.what}: ${said ?? "applied"}`);
    }
    assert.equal(await attack.end(), undefined, "its own application is applied as before");
    await repository.remove();
    assert.deepEqual(failures, []);
  });

  it("leaves nothing of all that anywhere", async () => {
    const { api } = given();
    const places = [own, control, victim, victimControl, "flux-system", "argocd"];
    const collections = [
      ...places.map((namespace) => at("v1", "configmaps", namespace)),
      "/api/v1/namespaces",
      "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
      ...(engine === "argocd"
        ? ["applications", "appprojects", "applicationsets"].map(
            (kind) => `/apis/argoproj.io/v1alpha1/${kind}`,
          )
        : []),
    ];
    for (const collection of collections) {
      const { items } = JSON.parse(await api.text(collection)) as {
        items: readonly { readonly metadata: { readonly name: string } }[];
      };
      const names = items.map(({ metadata }) => metadata.name);
      assert.ok(!names.includes("attack"), collection);
    }
  });
}

/** What is team-green's. */
async function stolenFrom(platform: AttackedPlatform): Promise<Stolen> {
  const { trial, api, raised } = platform;
  const read = async (tenant: string, place: string, file: string): Promise<string> => {
    const url = (raised.repositories[tenant] ?? "").replace(/\/[^/]+\/[^/]+$/, `/${place}`);
    const clone = await TenantRepository.clone(trial, url);
    const text = await clone.read(file);
    await clone.remove();
    return text;
  };
  const [source] = await api.list(at("source.toolkit.fluxcd.io/v1", "gitrepositories", victimControl));
  return {
    key: await read("team-green", "platform/platform", "tenants/team-green/age.yaml"),
    secret: await read("team-green", "team-green/apps", `environments/${trial.stack}/secrets/greeting.yaml`),
    repository: String(source?.spec["url"]),
    ...(await artifactsOf(platform)),
  };
}

/** Where source-controller keeps what it fetched of team-green's: the folder, the newest file, and that by the pod's address. */
export async function artifactsOf({
  api,
}: AttackedPlatform): Promise<Pick<Stolen, "artifacts" | "artifact" | "byAddress">> {
  const [source] = await api.list(at("source.toolkit.fluxcd.io/v1", "gitrepositories", victimControl));
  const { url } = source?.status["artifact"] as { readonly url: string };
  const pods = await api.list(at("v1", "pods", "flux-system"));
  const keeper = pods.find(({ metadata }) => metadata.name.startsWith("source-controller-"));
  const byAddress = `http://${String(keeper?.status["podIP"])}:9090${new URL(url).pathname}`;
  return { artifacts: url.slice(0, url.lastIndexOf("/")), artifact: url, byAddress };
}
