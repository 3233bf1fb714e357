import assert from "node:assert/strict";
import type { KubeObject } from "../../../infra/cluster/kubeApi";
import { eventually } from "../eventually";
import type { AttackedPlatform } from "./attackedPlatform";
import { at, type ForbiddenRequest } from "./identities";

const controller = at("apps/v1", "deployments", "flux-system", "kustomize-controller");

interface Container {
  readonly name: string;
  readonly args: readonly string[];
}

/** What applies tenants' repositories, as an administrator changes it. */
export class KustomizeController {
  constructor(private readonly given: () => AttackedPlatform) {}

  /** A request of an administrator's, which has to go well. */
  async administer(request: Omit<ForbiddenRequest, "what" | "as">): Promise<void> {
    const { status, message } = await this.given().attacker.request({
      what: "",
      as: "administrator",
      ...request,
    });
    assert.ok(status < 300 || status === 404, message);
  }

  /** Starts it without arguments that begin so. */
  async startWithout(...flags: readonly string[]): Promise<void> {
    const containers = await this.containers();
    const place = containers.findIndex(({ name }) => name === "manager");
    const kept = (containers[place]?.args ?? []).filter(
      (argument) => !flags.some((flag) => argument.startsWith(flag)),
    );
    const path = `/spec/template/spec/containers/${String(place)}/args`;
    const body = [{ op: "replace", path, value: kept }];
    await this.administer({ method: "PATCH", type: "json-patch", path: controller, body });
    await this.untilStarted();
  }

  private async containers(): Promise<readonly Container[]> {
    const { spec } = JSON.parse(await this.given().api.text(controller)) as KubeObject;
    return (spec as { template: { spec: { containers: Container[] } } }).template.spec.containers;
  }

  private async untilStarted(): Promise<void> {
    await eventually(async () => {
      const { metadata, status } = JSON.parse(await this.given().api.text(controller)) as KubeObject;
      assert.equal(status["observedGeneration"], metadata["generation"]);
      assert.equal(status["updatedReplicas"], 1);
      assert.equal(status["availableReplicas"], 1);
    });
  }
}
