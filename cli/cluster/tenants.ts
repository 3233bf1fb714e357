import { CommandError } from "../exit";
import { pause } from "../interrupt";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { surveyTenants, type TenantItem } from "./survey";

const poll = 500;
const longest = 5 * 60_000;

/** What is waited for, in one line. */
export function describeWait(expected: readonly string[], found: readonly TenantItem[]): string {
  const waiting = expected.filter((name) => !found.some((each) => each.tenant === name && each.ready));
  const first = waiting[0];
  if (first === undefined) return `${String(expected.length)} of ${String(expected.length)}`;
  const reason =
    found.find((each) => each.tenant === first && !each.ready)?.reason ?? "Flux knows nothing of it yet";
  return `${String(expected.length - waiting.length)} of ${String(expected.length)}, ${first}: ${reason}`;
}

/** What is waited for. */
export interface Wait {
  /** The tenants' names. */
  readonly expected: readonly string[];
  /** Names of those whose first application isn't waited for: somebody outside may have to let Flux in first. @default none */
  readonly unhurried?: readonly string[];
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
  /** Told what is still missing. */
  readonly update: (text: string) => void;
}

/**
 * Waits until Flux has applied every tenant's repository.
 *
 * @throws CommandError with each tenant's reason when for five minutes none has become ready; Interrupted.
 */
export async function waitForTenants(
  api: KubeApi,
  { expected, unhurried = [], signal, update }: Wait,
): Promise<readonly TenantItem[]> {
  const isDone = ({ tenant, ready, revision }: TenantItem): boolean =>
    ready || (revision === "" && unhurried.includes(tenant));
  let deadline = Date.now() + longest;
  let most = 0;
  for (;;) {
    const tenants = await surveyTenants(api);
    const mine = tenants.filter((each) => expected.includes(each.tenant));
    const ready = mine.filter(isDone).length;
    if (ready > most) {
      most = ready;
      deadline = Date.now() + longest;
    }
    const missing = expected.filter((name) => !mine.some((each) => each.tenant === name));
    if (missing.length === 0 && mine.every(isDone)) return mine;
    update(describeWait(expected, mine));
    if (Date.now() > deadline) {
      const reasons = [
        ...missing.map((name) => `  • ${name}: Flux knows nothing of it`),
        ...mine.filter((each) => !isDone(each)).map((each) => `  • ${each.tenant}: ${each.reason}`),
      ];
      throw new CommandError(
        `The platform runs, but for five minutes Flux hasn't applied:\n${reasons.join("\n")}\n` +
          "Mend the cause in the tenant's repository; `terp status` shows how it goes on.",
      );
    }
    await pause(poll, signal);
  }
}

/** An application's answer over HTTP. */
export interface HttpAnswer {
  readonly namespace: string;
  readonly service: string;
  readonly body: string;
}

function firstPort(service: KubeObject): number | undefined {
  const ports = service.spec["ports"];
  const port = Array.isArray(ports) ? (ports[0] as { readonly port?: unknown } | undefined)?.port : undefined;
  return typeof port === "number" ? port : undefined;
}

/** Whose application is asked. */
export interface Question {
  readonly tenant: string;
  /** Aborted when the person interrupts. */
  readonly signal: AbortSignal;
  /**
   * For how long it is asked again, in milliseconds.
   *
   * @default 60000
   */
  readonly patience?: number;
}

/** Asks a tenant's Services over HTTP, through the API server, until one answers or the time is over. */
export async function askApplication(
  api: KubeApi,
  { tenant, signal, patience = 60_000 }: Question,
): Promise<HttpAnswer | undefined> {
  const deadline = Date.now() + patience;
  const selector = `labelSelector=${encodeURIComponent(`terp.dev/tenant=${tenant},terp.dev/role=tenant`)}`;
  do {
    for (const namespace of await api.list(`/api/v1/namespaces?${selector}`)) {
      const name = namespace.metadata.name;
      for (const service of await api.list(`/api/v1/namespaces/${name}/services`)) {
        const port = firstPort(service);
        if (port === undefined) continue;
        const path = `/api/v1/namespaces/${name}/services/${service.metadata.name}:${String(port)}/proxy/`;
        const body = await api.text(path).catch(() => undefined);
        if (body !== undefined) return { namespace: name, service: service.metadata.name, body };
      }
    }
    await pause(poll, signal);
  } while (Date.now() < deadline);
  return undefined;
}
