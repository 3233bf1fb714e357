import assert from "node:assert/strict";
import { plainOutputs } from "../../../cli/engine/state";
import type { KubeApi } from "../../../infra/cluster/kubeApi";
import { at } from "../attacks/identities";
import { TenantRepository } from "../tenantRepository";
import type { TrialPlatform } from "../trialPlatform";

const argo = "argoproj.io/v1alpha1";

/** Where the objects are that the tests look at. */
export const places = {
  applications: at(argo, "applications", "argocd"),
  application: at(argo, "applications", "argocd", "team-blue"),
  deployment: at("apps/v1", "deployments", "team-blue-app", "podinfo"),
  kustomization: at("kustomize.toolkit.fluxcd.io/v1", "kustomizations", "terp-tenant-team-blue", "apps"),
  page: "/api/v1/namespaces/team-blue-app/services/podinfo:80/proxy/",
} as const;

/** A container's settings in the example's Deployment. */
export interface Container {
  env: { name: string; value: string }[];
}

/** An object with what the tests look at of it. */
export interface Found {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly managedFields: readonly { readonly manager: string }[];
  };
  readonly spec: {
    readonly url?: string;
    readonly replicas?: number;
    readonly template?: { readonly spec: { readonly containers: Container[] } };
  };
  readonly status?: {
    readonly sync?: { readonly revision?: string; readonly status?: string };
    readonly conditions?: readonly unknown[];
    readonly operationState?: { readonly message?: string; readonly syncResult?: unknown };
    readonly inventory?: { readonly entries: readonly { readonly id: string }[] };
  };
}

/** The tenant `team-blue`, its repository and what the cluster has of it. */
export class ArgoTenant {
  private constructor(
    readonly api: KubeApi,
    readonly repository: TenantRepository,
    /** Of its environment, in the repository. */
    readonly folder: string,
  ) {}

  static async of(trial: TrialPlatform): Promise<ArgoTenant> {
    const state = await trial.state();
    assert.ok(state);
    const { tenants } = plainOutputs(state) as { tenants: Record<string, { repositoryUrl: string }> };
    const repository = await TenantRepository.clone(trial, tenants["team-blue"]?.repositoryUrl ?? "");
    return new ArgoTenant(await trial.api(), repository, `environments/${trial.stack}`);
  }

  async close(): Promise<void> {
    await this.repository.remove();
    await this.api.close();
  }

  async get(path: string): Promise<Found> {
    return JSON.parse(await this.api.text(path)) as Found;
  }

  /** What its application says. */
  async answer(): Promise<{ readonly message: string; readonly color: string }> {
    return JSON.parse(await this.api.text(places.page)) as { message: string; color: string };
  }

  /** Who holds fields of its Deployment. */
  async holders(): Promise<string[]> {
    return (await this.get(places.deployment)).metadata.managedFields.map(({ manager }) => manager);
  }

  /** What Flux has applied for it. */
  async inventory(): Promise<string[]> {
    const { status } = await this.get(places.kustomization);
    return (status?.inventory?.entries ?? []).map(({ id }) => id).sort();
  }

  /** The example's pods, by what tells them from others of the same name. */
  async pods(): Promise<string[]> {
    const pods = await this.api.list(`${at("v1", "pods", "team-blue-app")}?labelSelector=app%3Dpodinfo`);
    return pods.map(({ metadata }) => `${metadata.name} ${String(metadata["uid"])}`).sort();
  }

  /** Changes its container's settings, and pushes that. */
  async pushSettings(change: (container: Container) => void): Promise<void> {
    await this.repository.change(`${this.folder}/deployment.yaml`, (content: { spec: Found["spec"] }) => {
      content.spec.template?.spec.containers.forEach(change);
    });
    await this.repository.push("other settings");
  }

  /** Pushes an object beside its example, and takes it out again when it was looked at. */
  async pushing(manifest: object, look: (commit: string) => Promise<void>): Promise<void> {
    const file = `${this.folder}/attack.yaml`;
    const list = `${this.folder}/kustomization.yaml`;
    const before = await this.repository.read(list);
    await this.repository.write(file, JSON.stringify(manifest));
    await this.repository.change(list, (content: { namespace?: string; resources: string[] }) => {
      content.resources.push("attack.yaml");
      // It would put the object where it should be.
      delete content.namespace;
    });
    const commit = await this.repository.push("an attack");
    try {
      await look(commit);
    } finally {
      await this.repository.removeFile(file);
      await this.repository.write(list, before);
      await this.repository.push("no attack");
    }
  }

  /** What Argo CD says of a commit. @throws before it has looked at it. */
  async saidOf(commit: string): Promise<string> {
    const { status } = await this.get(places.application);
    assert.equal(status?.sync?.revision, commit);
    const { conditions, operationState } = status;
    return JSON.stringify([conditions, operationState?.message, operationState?.syncResult]);
  }

  /** Holds that there is no object of that name. */
  async lacks(collection: string, name: string): Promise<void> {
    const { items } = JSON.parse(await this.api.text(collection)) as {
      items: readonly { readonly metadata: { readonly name: string } }[];
    };
    assert.deepEqual(
      items.filter(({ metadata }) => metadata.name === name),
      [],
    );
  }
}
