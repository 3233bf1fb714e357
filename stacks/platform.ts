import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import { chartServices, lookForCharts } from "./charts";
import { cluster } from "./cluster";
import { operatorsGrafana } from "./grafana";
import { keepLogs } from "./logs";
import { applicationLogin } from "./oidc";
import { outputs, type Outputs } from "./outputs";
import { services } from "./services";
import { tenants } from "./tenants";

/**
 * The platform: config → cluster → services → tenants → outputs.
 *
 * @param config The stack's configuration, checked.
 * @param secrets What the stack keeps encrypted.
 */
export async function platform(config: PlatformConfig, secrets: PlatformSecrets): Promise<Outputs> {
  await lookForCharts(config);
  const base = await cluster(config, secrets);
  const login = await applicationLogin("grafana", config, secrets);
  const running = services(config, secrets, base, { grafana: login });
  const teams = tenants(running.forTenants, running.options);
  keepLogs(config, base, running, teams);
  operatorsGrafana(config, running, teams);
  chartServices(config, base, running);
  return outputs(config, base, running, teams);
}
