import * as pulumi from "@pulumi/pulumi";

import type { PlatformConfig, PlatformSecrets } from "../infra/config";
import { chartServices, lookForCharts } from "./charts";
import { cluster } from "./cluster";
import { operatorsGrafana } from "./grafana";
import { issuerAuthority } from "./issuer";
import { keysInStore } from "./keysInStore";
import { leftKeys } from "./leftKeys";
import { keepLogs } from "./logs";
import { applicationAuthority, applicationLogin } from "./oidc";
import { outputs, type Outputs } from "./outputs";
import { clusterReaders } from "./readers";
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
  const issuing = { issuerAuthority: await issuerAuthority(config) };
  const base = await cluster(config, secrets);
  const logins = {
    grafana: await applicationLogin("grafana", config, secrets),
    argocdAuthority: await applicationAuthority("argocd", config),
  };
  const running = services(config, secrets, base, logins);
  const faults: string[] = [];
  const teams = tenants({ ...running.forTenants, faults }, running.options);
  if (faults.length > 0) throw new pulumi.RunError(faults.join("\n"));
  base.letBreakGlassRead?.(keysInStore(teams));
  leftKeys(running, teams);
  keepLogs(config, base, running, teams);
  operatorsGrafana(config, running, teams);
  const releases = chartServices(config, base, { ...running, ...issuing });
  clusterReaders(config, { cluster: base, services: running, teams, releases });
  return outputs(config, base, running, teams);
}
