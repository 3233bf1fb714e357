import { createInterface } from "node:readline/promises";
import type { PlatformConfig } from "../../infra/config";
import type { AzureConfig } from "../../infra/config/azureSection";
import { ArmClient } from "../init/arm";
import { pipelineOf, rangesOf, type InitCommandOptions } from "../init/options";
import { describeFindings, describeIdentities, look, perform, type MadeIdentity } from "../init/perform";
import { initSteps } from "../init/plan";
import { signIn } from "../init/signIn";
import { makeStack } from "../init/stack";
import { backendOf } from "../engine/backend";
import { prepareEngine } from "../engine/preparation";
import { configOf } from "../engine/source";
import { openStack } from "../engine/stack";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt } from "../interrupt";
import { progressFor } from "../ui/terminal";

/** Makes what outlives every stack of an environment, and the stack in its state's backend. */
export async function init(environment: string, options: InitCommandOptions): Promise<void> {
  const interruption = listenForInterrupt(`\`terp init ${environment}\` goes on where this stopped.`);
  const { signal } = interruption;
  const progress = progressFor();
  try {
    const config = await configOf(environment, "prepare");
    const identities =
      config.azure === undefined ? [] : await initAzure(config, config.azure, { options, signal });
    if (identities === undefined) return;
    await prepareEngine(progress);
    const stack = await openStack(environment, signal, progress);
    const { secretsProvider } = backendOf(config, process.env) ?? {};
    await makeStack(stack, secretsProvider, progress);
    say([
      stack.embedded
        ? `${environment}: state and keys are in ${stack.paths.keep}, which nobody else may enter`
        : `${environment}: the stack is in its backend; commit Pulumi.${environment}.yaml if Git shows a change`,
      ...describeIdentities(identities),
    ]);
  } finally {
    interruption.release();
  }
}

/** @returns undefined if nothing was to be done after all. */
async function initAzure(
  config: PlatformConfig,
  azure: AzureConfig,
  { options, signal }: { readonly options: InitCommandOptions; readonly signal: AbortSignal },
): Promise<MadeIdentity[] | undefined> {
  const ranges = rangesOf(options, config);
  const pipeline = pipelineOf(options);
  const { credential, person } = await signIn(azure.directory, signal);
  const client = new ArmClient({ credential, signal });
  const keepsState = backendOf(config, process.env) !== undefined;
  const steps = initSteps(azure, config.environment, { ranges, pipeline, person, keepsState });
  const findings = await look(client, steps);
  say([`in subscription ${azure.subscription}, for ${config.environment}:`, ...describeFindings(findings)]);
  if (options.dryRun === true) return undefined;
  if (findings.some(({ state }) => state !== "there") && options.yes !== true && !(await agrees()))
    return undefined;
  return perform(client, findings, progressFor());
}

async function agrees(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new CommandError(
      "terp init: nobody can be asked here; look at the list, and type --yes",
      exitCodes.usage,
    );
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question("Do this? [y/N] ")).trim());
  } finally {
    lines.close();
  }
}

function say(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}
