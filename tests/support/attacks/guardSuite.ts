import assert from "node:assert/strict";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { eventually } from "../eventually";
import { KustomizeController } from "./appliedBy";
import { describeBounds } from "./bounds";
import { verdictOf, type AttackedPlatform, type Verdict } from "./attackedPlatform";
import { at, own, victim, victimControl } from "./identities";

const kustomizations = at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", own);
const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** A Kustomization of the tenant's own that must come to nothing. */
const child = (name: string, spec: object): object => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name },
  spec: { interval: "10m", timeout: "20s", prune: false, path: "./", ...spec },
});

/** Takes its manifests from another tenant's repository. */
const ofAnother = child("of-another", {
  serviceAccountName: "reconciler",
  sourceRef: { kind: "GitRepository", name: "apps", namespace: victimControl },
});
/** Applies as whoever the controller is, into another tenant's namespace. */
const asController = child("as-controller", {
  targetNamespace: victim,
  sourceRef: { kind: "GitRepository", name: "apps" },
  path: "./charts/plain",
});

/**
 * Tests that show of each of Flux's guards what gets through without it. The platform is of no use afterwards.
 *
 * Behind each flag stands admission, which is taken away first: so it is the flag that holds.
 */
export function describeGuards(given: () => AttackedPlatform): void {
  const controller = new KustomizeController(given);

  const makeAdministrator = (name: string, account: string, namespace: string): Promise<void> =>
    controller.administer({
      method: "POST",
      path: `${rbac}/clusterrolebindings`,
      body: {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
        subjects: [{ kind: "ServiceAccount", name: account, namespace }],
      },
    });

  /** Without admission of Kustomizations, which waits until the API server has heard of it. */
  const withoutAdmission = async (): Promise<void> => {
    const bindings = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings";
    await controller.administer({ method: "DELETE", path: `${bindings}/terp-tenant-reconcilers` });
    await eventually(async () => {
      const { status } = await given().attacker.request({
        what: "",
        as: "reconciler",
        method: "POST",
        path: `${kustomizations}?dryRun=All`,
        body: asController,
      });
      assert.equal(status, 201);
    });
  };

  /** What Flux says of a Kustomization that the tenant makes. */
  const tried = async (body: object): Promise<Verdict> => {
    const { api, attacker } = given();
    const path = `${kustomizations}/${(body as KubeObject).metadata.name}`;
    await api.remove(path);
    await eventually(async () => {
      assert.equal(await api.metadata(path), undefined);
    });
    const made = await attacker.request({
      what: "",
      as: "reconciler",
      method: "POST",
      path: kustomizations,
      body,
    });
    assert.equal(made.status, 201, made.message);
    return eventually(() => verdictOf(api, path), 300_000, 200);
  };

  describeBounds(given);

  describe("but for a guard of Flux's", () => {
    before(withoutAdmission);

    it("is kept from others' sources by a flag, and from acting as the controller by another", async () => {
      assert.match((await tried(ofAnother)).message, /cross-namespace references have been blocked/);
      assert.match((await tried(asController)).message, /serviceaccount:team-blue-app:default.* cannot /s);
    });

    it("reads another tenant's repository, and acts as the controller, which may do little", async () => {
      await controller.startWithout("--no-cross-namespace-refs", "--default-service-account");
      // It has read what is there, and names it.
      assert.match((await tried(ofAnother)).message, /^[A-Z][A-Za-z]+\/team-green-app\//);
      assert.match(
        (await tried(asController)).message,
        /serviceaccount:flux-system:kustomize-controller.* cannot /s,
      );
    });

    it("writes into another tenant's namespace where the controller is what it is in Flux's own manifests", async () => {
      await makeAdministrator("guardless-controller", "kustomize-controller", "flux-system");
      const { ready, message } = await tried(asController);
      assert.ok(ready, message);
      assert.ok(await given().api.metadata(at("v1", "configmaps", victim, "guardless")));
    });

    it("writes into another tenant's namespace where its reconciler's role isn't bounded", async () => {
      const { attacker } = given();
      const request = {
        what: "",
        as: "reconciler",
        method: "POST",
        path: at("v1", "configmaps", victim),
        body: { metadata: { name: "roleless" } },
      } as const;
      assert.equal((await attacker.request(request)).status, 403);
      await makeAdministrator("guardless-reconciler", "reconciler", "terp-tenant-team-blue");
      await eventually(async () => {
        assert.equal((await attacker.request(request)).status, 201);
      });
    });
  });
}
