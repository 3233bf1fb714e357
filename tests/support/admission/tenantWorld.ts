import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { claimAnnotations } from "../../../components/tenant/admission/claims";
import { bindingSpec } from "../../../components/admissionPolicy";
import { tenantPolicies } from "../../../components/tenant/admission/policies";
import type { AdmissionPolicy } from "../../../components/tenant/admission/policy";
import { administrators } from "../../../components/tenant/trusted";
import { plain } from "../../../local/progress";
import { ensureTools } from "../../../local/toolchain/ensure";
import { ControlPlane, type Answer, type Call } from "../controlPlane";
import { eventually } from "../eventually";
import type { Attempt, Written } from "./attempt";
import { account, blueClaims, developer, robot, strangeDefinitions, tenant } from "./world";

const api = "admissionregistration.k8s.io/v1";
const rbac = "rbac.authorization.k8s.io";
const workloads = ["deployments", "statefulsets", "daemonsets"];

/** An API server with two tenants' namespaces, every right for them in there, and the policies. */
export class TenantWorld {
  readonly policies: readonly AdmissionPolicy[] = tenantPolicies(administrators);
  private count = 0;

  private constructor(readonly plane: ControlPlane) {}

  static async start(): Promise<TenantWorld> {
    const plane = await ControlPlane.start(["ImageVolume", "CrossNamespaceVolumeDataSource"]);
    const world = new TenantWorld(plane);
    try {
      await world.make();
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return world;
  }

  /** Makes an object as the administrator; one that is there is left as it is. */
  async create(object: Written, namespace?: string): Promise<void> {
    const path = await this.plane.collection(object.apiVersion, object.kind, namespace);
    const { status, body } = await this.plane.call({ method: "POST", path, body: object });
    if (status >= 300 && status !== 409) throw new Error(`POST ${path}: ${String(body["message"])}`);
  }

  /** Makes a tenant's namespace, with its account for Flux, and gives everybody who takes part every right there. */
  async namespace(name: string, metadata: Record<string, unknown> = {}): Promise<void> {
    await this.create({ apiVersion: "v1", kind: "Namespace", metadata: { name, ...metadata } });
    const accounts = [
      tenant,
      ...["flux-system", "cert-manager", "terp-tenant-red", "blue-app"].map((each) => account(each, "")),
    ];
    const groups = accounts.map(({ groups: [, own = ""] }) => own);
    await Promise.all([
      this.create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "reconciler" } }, name),
      this.bind(name, "everything", { kind: "ClusterRole", name: "cluster-admin" }, groups),
      this.create(
        {
          apiVersion: `${rbac}/v1`,
          kind: "Role",
          metadata: { name: "developer" },
          rules: [{ apiGroups: ["apps"], resources: workloads, verbs: ["get", "patch"] }],
        },
        name,
      ),
      this.bind(name, "developer", { kind: "Role", name: "developer" }, [developer.groups[0] ?? ""]),
      this.create(
        {
          apiVersion: `${rbac}/v1`,
          kind: "Role",
          metadata: { name: "robot" },
          rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["create", "update", "patch"] }],
        },
        name,
      ),
      this.bind(name, "robot", { kind: "Role", name: "robot" }, [robot.groups[0] ?? ""]),
    ]);
  }

  /** Does what an attempt says, without any effect on what is there afterwards. */
  async try(attempt: Attempt): Promise<Answer> {
    const prepared = await this.prepare(attempt);
    return await this.plane.call({
      ...prepared,
      path: `${prepared.path}?dryRun=All`,
      as: attempt.as ?? tenant,
    });
  }

  private async prepare({
    object,
    change,
    part,
    namespace = "blue-app",
  }: Attempt): Promise<Omit<Call, "as">> {
    this.count += 1;
    const { deleted, ...metadata } = { name: `a${String(this.count)}`, ...object.metadata } as Record<
      string,
      unknown
    >;
    const body = { ...object, metadata };
    const collection = await this.plane.collection(object.apiVersion, object.kind, namespace);
    if (change === undefined) return { method: "POST", path: collection, body };
    await this.create(body, namespace);
    const path = `${collection}/${String(metadata["name"])}`;
    if (deleted === true) await this.plane.must({ method: "DELETE", path });
    if (change === null) return { method: "DELETE", path };
    if (part === "token") {
      const request = { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", ...change };
      return { method: "POST", path: `${path}/token`, body: request };
    }
    return { method: "PATCH", path: part === undefined ? path : `${path}/${part}`, body: change };
  }

  private async bind(
    namespace: string,
    name: string,
    role: object,
    groups: readonly string[],
  ): Promise<void> {
    const subjects = groups.map((group) => ({ apiGroup: rbac, kind: "Group", name: group }));
    await this.create(
      {
        apiVersion: `${rbac}/v1`,
        kind: "RoleBinding",
        metadata: { name },
        roleRef: { apiGroup: rbac, ...role },
        subjects,
      },
      namespace,
    );
  }

  private async make(): Promise<void> {
    const { "flux-crds": flux } = await ensureTools(["flux-crds"], plain());
    const definitions = parseAllDocuments(await readFile(join(flux.directory, "flux-crds.yaml"), "utf8"));
    const labels = (name: string): object => ({ "terp.dev/role": "tenant", "terp.dev/tenant": name });
    await Promise.all([
      ...definitions.map((each) => this.create(each.toJS() as Written)),
      ...strangeDefinitions().map((each) => this.create(each)),
      this.namespace("blue-app", { labels: labels("blue"), annotations: claimAnnotations(blueClaims) }),
      this.namespace("red-app", { labels: labels("red") }),
      this.namespace("elsewhere"),
      ...this.policies.map(async ({ name, spec }) => {
        const metadata = { name };
        await this.create({ apiVersion: api, kind: "ValidatingAdmissionPolicy", metadata, spec });
        await this.create({
          apiVersion: api,
          kind: "ValidatingAdmissionPolicyBinding",
          metadata,
          spec: bindingSpec(name),
        });
      }),
    ]);
  }
}

/** Tries until the check throws no more, often: what is waited for takes a second. */
export function soon<T>(check: () => Promise<T>, patience = 30_000): Promise<T> {
  return eventually(check, patience, 100);
}
