import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import type { KubeApi } from "../../infra/cluster/kubeApi";
import type { Summary } from "../../cli/status/summary";
import type { TenantWebhook } from "../../cli/commands/tenantWebhook";
import { gitAdministrator } from "../../cli/cluster/credentials";
import type { SshAccess } from "../../components/git/bundle";
import { Gitea } from "../../components/git/giteaApi";
import { gitPorts } from "../../components/git/names";
import type { TrialPlatform } from "./trialPlatform";

const place = { organisation: "elsewhere", repository: "red" };

/** A repository that isn't the platform's, at a real Git host: the trial's own Gitea stands for somebody else's. */
export class SomebodyElsesRepository {
  /** By which Flux and Argo CD read it. */
  static readonly url = "ssh://git@gitea.git.svc.cluster.local/elsewhere/red.git";

  private constructor(
    private readonly host: Gitea,
    /** Host and port of its SSH server for who is outside the cluster. */
    private readonly outside: readonly [host: string, port: number],
  ) {}

  /** Makes it, without a commit. */
  static async make(api: KubeApi, raised: Summary): Promise<SomebodyElsesRepository> {
    const { origin, hostname } = new URL(Object.values(raised.repositories)[0] ?? "");
    const host = new Gitea({ url: origin, ...(await gitAdministrator(api)) });
    await host.ensureRepository({ ...place, description: "Terp: stands for somebody else's" });
    return new SomebodyElsesRepository(host, [hostname, gitPorts.ssh.node]);
  }

  /** The line by which its host is known. */
  static async knownHosts(api: KubeApi): Promise<string> {
    const path = "/api/v1/namespaces/flux-system/secrets/git-access";
    const { data } = JSON.parse(await api.text(path)) as { data: Readonly<Record<string, string>> };
    return Buffer.from(data["known_hosts"] ?? "", "base64")
      .toString("utf8")
      .trim();
  }

  /** What its owner does by hand: lets the platform read it, and tells it of pushes if it wants to hear of them. */
  async letIn(deployKey: string, webhook?: TenantWebhook): Promise<void> {
    await this.host.ensureDeployKey(place, { title: "the platform", publicKey: deployKey });
    if (webhook !== undefined) await this.host.ensureWebhook(place, webhook);
  }

  /** How a machine outside the cluster reads it: with the key that a tenant's Flux has, knowing the same host. */
  async access(api: KubeApi, tenant: string): Promise<SshAccess> {
    const [host, port] = this.outside;
    const { data } = JSON.parse(
      await api.text(`/api/v1/namespaces/terp-tenant-${tenant}/secrets/git-access`),
    ) as { data: Readonly<Record<string, string>> };
    const inClear = (entry: string): string => Buffer.from(data[entry] ?? "", "base64").toString("utf8");
    return {
      url: `ssh://git@${host}:${String(port)}/elsewhere/red.git`,
      branch: "main",
      privateKey: inClear("identity"),
      knownHosts: inClear("known_hosts").replace(/^\S+/gm, `[${host}]:${String(port)}`),
    };
  }

  /** Its owner's first commit: what an environment's folder has to hold, with a ConfigMap and a Secret that is sealed. */
  async fill(trial: TrialPlatform, namespace: string, recipient: string): Promise<void> {
    // `terp seal` looks at what lies beside it.
    const file = join(await mkdtemp(join(trial.folder, "elsewhere-")), "secret.yaml");
    await writeFile(
      file,
      stringify({ apiVersion: "v1", kind: "Secret", metadata: { name: "own" }, stringData: { a: "sealed" } }),
    );
    const sealed = await trial.terp("seal", file, "--recipient", recipient);
    if (sealed.code !== 0) throw new Error(sealed.standardError);
    const kustomization = (...resources: string[]): string =>
      stringify({
        apiVersion: "kustomize.config.k8s.io/v1beta1",
        kind: "Kustomization",
        namespace,
        resources,
      });
    const folder = `environments/${trial.stack}`;
    const files = {
      [`${folder}/kustomization.yaml`]: kustomization("settings.yaml", "secrets"),
      [`${folder}/settings.yaml`]: stringify({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "own" },
      }),
      [`${folder}/secrets/kustomization.yaml`]: kustomization("own.yaml"),
      [`${folder}/secrets/own.yaml`]: await readFile(file, "utf8"),
    };
    await this.host.commit(
      place,
      "Ours",
      Object.entries(files).map(([path, content]) => ({ operation: "create", path, content })),
    );
  }
}
