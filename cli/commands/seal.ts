import { text } from "node:stream/consumers";
import { seal as encrypt } from "../../components/sops";
import { describeFaults } from "../../infra/fault";
import { recipientsIn } from "../engine/recipients";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { knownTenant } from "../tenant/known";
import { checkFiles } from "../tenant/seal/checkFiles";
import { checkedFiles, type SealOptions } from "../tenant/seal/options";
import { performSeal, prepareSeal, type SealStreams } from "../tenant/seal/perform";
import { withSops } from "../tenant/seal/program";
import type { NamedRecipient } from "../tenant/seal/recipient";
import { renderCheck, renderSealed } from "../tenant/seal/report";
import { stackState } from "../engine/stackState";
import { coloursFor } from "../ui/colour";
import { progressFor } from "../ui/terminal";

/** Encrypts Secrets to their tenant, or looks whether they are. Ends with 1 if something is wrong with one of them. */
export async function seal(typed: readonly string[], options: SealOptions): Promise<void> {
  const files = checkedFiles(typed, options);
  const again =
    options.check === true ? "`terp seal --check` only looks." : "the same command seals what isn't yet.";
  const interruption = listenForInterrupt(again);
  try {
    const { signal } = interruption;
    const named = await orInterrupted(signal, namedRecipients(options, signal));
    const request = { named, folder: process.cwd() };
    const work =
      options.check === true
        ? check({ ...request, paths: files }, options)
        : sealAll(files, request, options);
    await orInterrupted(signal, work);
  } finally {
    interruption.release();
  }
}

type Request = Pick<Parameters<typeof checkFiles>[0], "named" | "folder">;

async function check(request: Parameters<typeof checkFiles>[0], { json }: SealOptions): Promise<void> {
  const result = await checkFiles(request);
  say(json === true ? result : renderCheck(result, coloursFor(process.stdout)));
  if (result.faults.length > 0) process.exitCode = exitCodes.failed;
}

async function sealAll(files: readonly string[], request: Request, options: SealOptions): Promise<void> {
  const streams: SealStreams = {
    input: () => text(process.stdin),
    output: (sealed) => process.stdout.write(sealed),
  };
  const { faults, decided } = await prepareSeal({ ...request, files, output: options.output }, streams);
  if (decided === undefined) {
    throw new CommandError(`Nothing was sealed.\n\n${describeFaults(faults)}`);
  }
  const perform = () => performSeal(decided, encrypt, streams);
  const results = decided.some(({ isSealed }) => !isSealed)
    ? await withSops(progressFor(), perform)
    : await perform();
  if (decided.some(({ target }) => target === undefined)) return;
  say(options.json === true ? { files: results } : renderSealed(results, coloursFor(process.stdout)));
}

async function namedRecipients(
  options: SealOptions,
  signal: AbortSignal,
): Promise<readonly NamedRecipient[]> {
  const { recipient, tenant, stack } = options;
  const named = recipient === undefined ? [] : [{ by: "--recipient", recipient }];
  if (tenant === undefined) return named;
  const state = await stackState(stack, signal);
  const { tenants } = state === undefined ? { tenants: {} } : recipientsIn(state);
  const known = knownTenant(tenant, Object.keys(tenants), `the stack ${stack}`);
  const found = (tenants as Readonly<Record<string, string>>)[known] ?? "";
  return [...named, { by: `the tenant ${tenant} of the stack ${stack}`, recipient: found }];
}

function say(result: object | readonly string[]): void {
  const lines = Array.isArray(result) ? result.join("\n") : JSON.stringify(result, undefined, 2);
  process.stdout.write(`${lines}\n`);
}
