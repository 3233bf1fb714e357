import { stringify } from "yaml";
import type { Summary } from "../../cli/status/summary";
import type { Engine } from "../../components/tenant/engine";
import type { KubeApi } from "../../infra/cluster/kubeApi";
import { images } from "../../infra/versions";
import { duration } from "../../local/progress";
import { at } from "../support/attacks/identities";
import { eventually } from "../support/eventually";
import { TenantRepository } from "../support/tenantRepository";
import { TrialPlatform } from "../support/trialPlatform";
import type { Memory } from "./memory";
import { clusterMemory, mebibytes } from "./scale";
import { timed } from "./trial";

/** How many applications are pushed at once. */
const applications = 50;

/** Programs that belong to an engine, by the fifteen letters that the kernel keeps of a name. */
const programs: Readonly<Record<Engine, RegExp>> = {
  flux: /^(source|kustomize|helm|notification)-co/,
  argocd: /^(argocd|redis)/,
};

const tenantOf: Readonly<Record<Engine, string>> = { flux: "bench-flux", argocd: "bench-argocd" };
const engines: readonly Engine[] = ["flux", "argocd"];

/** What was measured of an engine; times in milliseconds. */
interface Measured {
  /** From a push until the API server has what was pushed, from the shortest to the longest. */
  readonly pushes: readonly number[];
  /** From a push with {@link applications} new ones until the API server has them all. */
  readonly many: number;
}

/**
 * Flux and Argo CD beside each other, on one platform with a tenant of each: rows of a table.
 *
 * Nothing runs of the applications: it is the engines that are measured.
 */
export async function measureEngines(): Promise<string[][]> {
  const trial = await TrialPlatform.create();
  try {
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:gitops: { engine: both }\n`);
    const tenants = engines.map(
      (engine) =>
        `    new TenantComponent("${tenantOf[engine]}", { platform, namespaces: ["app"], size: "large", engine: "${engine}" }, options),\n`,
    );
    await trial.edit("stacks/tenants.ts", (text) =>
      text.replace(/^ {2}return \[\n/m, (line) => line + tenants.join("")),
    );
    const raised = await trial.ask<Summary>("up");
    const api = await trial.api();
    try {
      const idle = await clusterMemory(trial);
      const flux = await measure("flux", { trial, raised, api });
      const argocd = await measure("argocd", { trial, raised, api });
      return table({ flux, argocd }, { idle, after: await clusterMemory(trial) });
    } finally {
      await api.close();
    }
  } finally {
    await trial.remove();
  }
}

interface Platform {
  readonly trial: TrialPlatform;
  readonly raised: Summary;
  readonly api: KubeApi;
}

async function measure(engine: Engine, { trial, raised, api }: Platform): Promise<Measured> {
  const tenant = tenantOf[engine];
  const namespace = `${tenant}-app`;
  const folder = `environments/${trial.stack}`;
  const repository = await TenantRepository.clone(trial, raised.repositories[tenant] ?? "");
  const list = (...names: readonly string[]): Promise<void> =>
    repository.change(`${folder}/kustomization.yaml`, (content: { resources: string[] }) => {
      content.resources = [...new Set([...content.resources, ...names])];
    });
  const until = async (what: string, isThere: () => Promise<boolean>): Promise<void> => {
    const check = async (): Promise<void> => {
      if (!(await isThere())) throw new Error(`${engine} hasn't applied ${what}`);
    };
    await eventually(check, 600_000, 50);
  };
  try {
    const pushes: number[] = [];
    await list("count.yaml");
    for (let count = 0; count < 5; count += 1) {
      await repository.write(`${folder}/count.yaml`, stringify(settings(String(count))));
      await repository.push(`measurement ${String(count)}`);
      const { milliseconds } = await timed(() =>
        until("a push", async () => {
          const all = await api.list(at("v1", "configmaps", namespace));
          const { data } = (all.find(({ metadata }) => metadata.name === "count") ?? {}) as {
            readonly data?: Readonly<Record<string, string>>;
          };
          return data?.["count"] === String(count);
        }),
      );
      pushes.push(milliseconds);
    }
    const names = Array.from({ length: applications }, (_, index) => `application-${String(index)}`);
    for (const name of names) {
      const text = application(name)
        .map((each) => stringify(each))
        .join("---\n");
      await repository.write(`${folder}/${name}.yaml`, text);
    }
    await list(...names.map((name) => `${name}.yaml`));
    await repository.push("many applications");
    const { milliseconds } = await timed(() =>
      until("many applications", async () => {
        const all = await api.list(at("apps/v1", "deployments", namespace));
        return all.filter(({ metadata }) => names.includes(metadata.name)).length === applications;
      }),
    );
    return { pushes: pushes.toSorted((one, other) => one - other), many: milliseconds };
  } finally {
    await repository.remove();
  }
}

const settings = (count: string): object => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "count" },
  data: { count },
});

/** A Service and a Deployment of no pods. */
function application(name: string): readonly object[] {
  const labels = { app: name };
  const securityContext = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const pod = { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 9898 }] },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: pod,
            containers: [{ name: "podinfo", image: images.podinfo, securityContext }],
          },
        },
      },
    },
  ];
}

function table(
  measured: Readonly<Record<Engine, Measured>>,
  memory: { readonly idle: Memory; readonly after: Memory },
): string[][] {
  const row = (what: string, value: (engine: Engine) => string): string[] => [what, ...engines.map(value)];
  const memoryOf = ({ programs: all }: Memory, engine: Engine): string =>
    mebibytes(all.filter(([name]) => programs[engine].test(name)).reduce((sum, [, bytes]) => sum + bytes, 0));
  return [
    ["", "Flux", "Argo CD"],
    row("from push to applied, middle of five", (engine) => duration(measured[engine].pushes[2] ?? 0)),
    row("the longest", (engine) => duration(measured[engine].pushes[4] ?? 0)),
    row(`${String(applications)} applications from nothing`, (engine) => duration(measured[engine].many)),
    row("memory with two tenants", (engine) => memoryOf(memory.idle, engine)),
    row("memory after all that", (engine) => memoryOf(memory.after, engine)),
  ];
}
