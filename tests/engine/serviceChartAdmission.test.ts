import { strict as assert } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

import { claimAnnotations } from "../../components/tenant/admission/claims";
import type { Manifest } from "../../components/manifest";
import { tenantRules } from "../../components/tenant/roles";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";
import type { Written } from "../support/admission/attempt";
import { soon, TenantWorld } from "../support/admission/tenantWorld";
import { blueClaims, tenant } from "../support/admission/world";
import { makeTestFolder, removeTestFolder, type TestFolder } from "../support/testFolder";
import { operatorDefinitions } from "../support/operatorDefinitions";
import { renderedService } from "../support/serviceChart";
import { services, smallest } from "../support/serviceValues";

const namespace = "blue-shop";
const routes = "httproutes.gateway.networking.k8s.io";
const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
/** Kinds that a tenant may write only where the operators gave it the right. */
const operators = ["Cluster", "Redis", "Database"];

/** The pod that a workload makes. */
function podOf({ kind, metadata, ...rest }: Manifest): Written | undefined {
  const template = (rest["spec"] as { readonly template?: Record<string, unknown> } | undefined)?.template;
  if (!["Deployment", "StatefulSet", "Job"].includes(kind) || template === undefined) return undefined;
  const { volumeClaimTemplates = [] } = rest["spec"] as {
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
  const spec = template["spec"] as { readonly volumes?: readonly object[] };
  // What a StatefulSet's controller adds.
  const claimed = volumeClaimTemplates.map(({ metadata: { name } }) => ({
    name,
    persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` },
  }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...(template["metadata"] as object), name: `${metadata.name}-0` },
    spec: { ...spec, volumes: [...(spec.volumes ?? []), ...claimed] },
  };
}

describe("what the developers' chart makes, in a tenant's namespace", () => {
  let world: TenantWorld;
  let own: TestFolder;

  /** Sends an object as the tenant's reconciler. The server looks at each field, and keeps nothing. */
  async function dryRun(object: Written): Promise<string> {
    const path = await world.plane.collection(object.apiVersion, object.kind, namespace);
    const { status, body } = await world.plane.call({
      method: "POST",
      path: `${path}?dryRun=All&fieldValidation=Strict`,
      body: object,
      as: tenant,
    });
    return status < 300 ? "admitted" : String(body["message"]);
  }

  before(async () => {
    world = await TenantWorld.start();
    own = await makeTestFolder();
    await world.namespace(namespace, {
      labels: {
        "terp.dev/role": "tenant",
        "terp.dev/tenant": "blue",
        "pod-security.kubernetes.io/enforce": "restricted",
      },
      annotations: claimAnnotations(blueClaims),
    });
    for (const body of [{ name: "shop" }, { name: "default" }])
      await world.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: body }, namespace);
    for (const each of operatorDefinitions) await world.create(each);
    const { "gateway-crds": gateway } = await ensureTools(["gateway-crds"], silent);
    const texts = await readFile(join(gateway.directory, "gateway-crds.yaml"), "utf8");
    const route = parseAllDocuments(texts)
      .map((each) => each.toJS() as Manifest)
      .find(({ metadata }) => metadata.name === routes);
    await world.plane.must({
      method: "PATCH",
      path: `${definitions}/${routes}`,
      body: { spec: route?.["spec"] },
    });
    // Policies and definitions are in force a moment after they are there.
    await soon(async () => {
      const [made] = (await renderedService({ ...smallest, ...services["behind the gateway"] })).filter(
        ({ kind }) => kind === "HTTPRoute",
      );
      const { parentRefs } = (made as unknown as { readonly spec: { readonly parentRefs: object } }).spec;
      const wrong = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        metadata: { name: "x" },
      };
      assert.match(await dryRun({ ...wrong, spec: { parentRefs, host: "x" } }), /unknown field "spec.host"/);
      assert.match(await dryRun({ ...wrong, spec: { parentRefs } }), /without a host name takes every host/);
    });
    for (const { apiVersion, plural } of [
      { apiVersion: "postgresql.cnpg.io/v1", plural: "clusters" },
      { apiVersion: "redis.redis.opstreelabs.in/v1beta2", plural: "redis" },
      { apiVersion: "database.example.nl/v1", plural: "databases" },
    ])
      await soon(() => world.plane.must({ method: "GET", path: `/apis/${apiVersion}/${plural}` }));
  });
  after(async () => {
    await world.plane.stop();
    await removeTestFolder(own);
  });

  for (const [what, values] of Object.entries(services)) {
    it(`is admitted, and its pods are: a service ${what}`, async () => {
      const objects = await renderedService({ ...smallest, ...values });
      const all = [...objects, ...objects.flatMap((each) => podOf(each) ?? [])];
      const said = await Promise.all(
        all.map(async (each) => `${each.kind}/${String(each.metadata?.["name"])}: ${await dryRun(each)}`),
      );
      assert.deepEqual(
        said.filter((each) => !each.endsWith(": admitted")),
        [],
      );
    });
  }

  it("is of kinds that a tenant may write, but for what operators make", async () => {
    const kinds = new Map<string, string>();
    for (const values of Object.values(services))
      for (const { apiVersion, kind } of await renderedService({ ...smallest, ...values }))
        kinds.set(kind, apiVersion);
    const refused: string[] = [];
    for (const [kind, apiVersion] of kinds) {
      const plural = (await world.plane.collection(apiVersion, kind, namespace)).split("/").at(-1) ?? "";
      const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
      const mayWrite = tenantRules.some(
        ({ apiGroups, resources, verbs }) =>
          apiGroups.includes(group) && resources.includes(plural) && verbs.includes("create"),
      );
      if (!mayWrite) refused.push(kind);
    }
    assert.deepEqual(refused.sort(), [...operators].sort());
  });

  it("would not be admitted as another user than the chart's: Pod Security is in force", async () => {
    const objects = await renderedService({
      ...smallest,
      pod: { overrides: { securityContext: { runAsNonRoot: false } } },
    });
    const [pod] = objects.flatMap((each) => podOf(each) ?? []);
    assert.ok(pod);
    assert.match(await dryRun(pod), /violates PodSecurity "restricted:latest": runAsNonRoot != true/);
  });

  it("migrates before an upgrade once its own database is there", async () => {
    const kubeconfig = join(own.folder, "kubeconfig");
    await writeFile(kubeconfig, world.plane.kubeconfig, { mode: 0o600 });
    const values = { ...smallest, ...services["with a Postgres and a Redis of the chart's"] };
    const hookOf = async (): Promise<string | undefined> => {
      const words = [
        "--is-upgrade",
        "--dry-run=server",
        "--namespace",
        namespace,
        "--kubeconfig",
        kubeconfig,
      ];
      const job = (await renderedService(values, { words })).find(({ kind }) => kind === "Job");
      return job?.metadata.annotations?.["helm.sh/hook"];
    };
    assert.equal(await hookOf(), undefined);
    const database = (await renderedService(values)).find(
      ({ kind, metadata }) => kind === "StatefulSet" && metadata.name === "shop-postgres",
    );
    await world.create(database as Written, namespace);
    assert.equal(await hookOf(), "pre-install,pre-upgrade");
  });
});
