import { setTimeout as sleep } from "node:timers/promises";
import { plainOutputs } from "../../cli/engine/state";
import { entranceOf } from "../../cli/status/inspect";
import { duration } from "../../local/progress";
import { ask } from "../support/askingTls";
import { at } from "../support/attacks/identities";
import type { TrialPlatform } from "../support/trialPlatform";

const tenant = "team-blue";
const gatewayApi = "gateway.networking.k8s.io/v1";

const settings = "  terp:ingress: { kind: gateway, domain: terp.test, replicas: 1 }\n";

/** From an HTTPRoute to the first answer over TLS with status 200. The platform gets a gateway for it, if it has none. */
export async function measureRoute(trial: TrialPlatform): Promise<string[][]> {
  if (entranceOf(await trial.state(), tenant) === undefined) {
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}${settings}`);
    await trial.ask("up");
  }
  const state = await trial.state();
  const entrance = entranceOf(state, tenant);
  if (state === undefined || entrance === undefined)
    throw new Error(`no gateway brings requests to ${tenant}`);
  const { ingress } = plainOutputs(state) as { ingress: { authority: string } };
  const api = await trial.api();
  const routes = at(gatewayApi, "httproutes", `${tenant}-app`);
  const times: number[] = [];
  try {
    for (let count = 0; count < 5; count += 1) {
      const host = `measured-${String(count)}.${entrance.host}`;
      const isServed = async (): Promise<boolean> =>
        ask({ host, address: entrance.address, authority: ingress.authority }).then(
          ({ status }) => status === 200,
          () => false,
        );
      const start = performance.now();
      await api.post(routes, {
        apiVersion: gatewayApi,
        kind: "HTTPRoute",
        metadata: { name: `measured-${String(count)}` },
        spec: {
          parentRefs: [{ name: tenant, namespace: "gateway" }],
          hostnames: [host],
          rules: [{ backendRefs: [{ name: "podinfo", port: 80 }] }],
        },
      });
      while (!(await isServed())) await sleep(10);
      times.push(performance.now() - start);
      await api.remove(`${routes}/measured-${String(count)}`);
    }
  } finally {
    await api.close();
  }
  times.sort((one, other) => one - other);
  return [
    ["from an HTTPRoute to the first 200, middle of five", duration(times[2] ?? 0)],
    ["the longest", duration(times[4] ?? 0)],
  ];
}
