import { RunError } from "@pulumi/pulumi/errors";
import { platformKeyStore } from "../azure/keyStore";
import type { PlatformConfig, RawConfig } from "../config";
import { type Fault, describeFaults } from "../fault";
import { crossChecks } from "./checks";
import { exampleFaults } from "./exampleChecks";
import { missingClientSecrets } from "./clientSecretChecks";
import { missingToken } from "./gitChecks";
import { readSections } from "./sections";

/** A configuration with faults: its message has them all. Pulumi prints the message alone. */
export class ConfigError extends RunError {
  readonly faults: readonly Fault[];

  constructor(environment: string, faults: readonly Fault[]) {
    const count = faults.length === 1 ? "one fault" : `${String(faults.length)} faults`;
    super(
      `the configuration of stack "${environment}" has ${count}, and nothing was done:\n\n${describeFaults(faults)}\n`,
    );
    this.faults = faults;
  }
}

/**
 * What a configuration is read for: to raise it; to prepare that, when the stack that its secrets are encrypted for may not be there
 * yet; or to compare it, for which an example will do.
 */
export type ConfigPurpose = "raise" | "prepare" | "compare";

/**
 * Checks a stack's configuration as a whole.
 *
 * @param purpose decides what a person may have left to fill in.
 * @throws ConfigError with every fault there is.
 */
export function parseConfig(raw: RawConfig, purpose: ConfigPurpose = "raise"): PlatformConfig {
  const { sections, faults } = readSections(raw);
  const all = [
    ...faults,
    ...crossChecks(raw, sections),
    ...(purpose === "raise" ? [...missingToken(raw, sections), ...missingClientSecrets(raw, sections)] : []),
    ...(purpose === "compare" ? [] : exampleFaults(raw, sections)),
  ];
  const { cluster, azure, git, flux, gitops, keys, tenants, ingress, charts } = sections;
  // A section is missing only where one of its faults was found.
  if (all.length > 0 || !cluster || !git || !flux || !gitops || !keys || !tenants || !ingress || !charts)
    throw new ConfigError(raw.environment, all);
  return {
    ...sections,
    stack: raw.environment,
    environment: sections.environment ?? raw.environment,
    cluster,
    git,
    flux,
    gitops,
    // What `terp init` made for it.
    keys: azure === undefined ? keys : { store: platformKeyStore(azure, raw.environment), ...keys },
    tenants,
    ingress,
    charts,
  };
}
