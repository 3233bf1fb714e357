import { join } from "node:path";
import { platformKeyName } from "../../infra/keys/store";
import { paths } from "../../local/paths";
import { exclusively } from "../engine/exclusive";
import { settleLocks } from "../engine/operations";
import { prepareEngine } from "../engine/preparation";
import { openStack } from "../engine/stack";
import { CommandError, exitCodes } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { type KeyContext, openKeys, platformKey } from "../keys/context";
import { retirePlatform, retireTenant } from "../keys/retire";
import { formerOf, rotatePlatform, rotateTenant } from "../keys/rotate";
import { openTenantKey } from "../keys/tenantKeys";
import { progressFor } from "../ui/terminal";
import { table } from "../ui/table";
import { TimedProgress } from "../ui/timings";

/** Options of the commands for keys. */
export interface KeyOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Prints every key's recipient, and those of the former keys that still decrypt. */
export async function listKeys(options: KeyOptions): Promise<void> {
  const keys = await withKeys(options, "`terp key list` changes nothing.", async (context) => {
    const platform = await platformKey(context);
    const found = [{ key: platformKeyName, recipient: platform.recipient, former: formerOf(platform) }];
    for (const tenant of context.tenants) {
      const { key } = await openTenantKey(context, tenant);
      found.push({ key: tenant, recipient: key.recipient, former: formerOf(key) });
    }
    return found;
  });
  say(options, keys, () =>
    table(keys.map(({ key, recipient, former }) => [key, recipient, ...former.map((each) => `was ${each}`)])),
  );
}

/** Gives the platform, or a tenant, a new key. */
export async function rotateKey(tenant: string | undefined, options: KeyOptions): Promise<void> {
  const again = "the same command goes on where this stopped.";
  const done = await withKeys(options, again, async (context) =>
    tenant === undefined ? rotatePlatform(context) : rotateTenant(context, known(context, tenant)),
  );
  const retire = `terp key retire${tenant === undefined ? "" : ` ${tenant}`} --stack ${options.stack}`;
  say(options, done, () => [
    `${done.key} has the key of ${done.recipient}.`,
    done.files.length === 0
      ? "Nothing was left to be encrypted anew."
      : `Encrypted anew: ${done.files.join(", ")}.`,
    `The former key (${done.former.join(", ")}) still decrypts. Once nobody encrypts to it any more: ${retire}`,
  ]);
}

/** Takes the former keys of the platform, or of a tenant, out of use. */
export async function retireKey(
  tenant: string | undefined,
  options: KeyOptions & { readonly sealedAnew?: boolean },
): Promise<void> {
  const again = "the same command goes on where this stopped.";
  const done = await withKeys(options, again, async (context) =>
    tenant === undefined
      ? retirePlatform(context)
      : retireTenant(context, known(context, tenant), options.sealedAnew),
  );
  say(options, done, () => [
    done.retired.length === 0
      ? `${done.key} has no former key.`
      : `${done.key} decrypts with the key of ${done.recipient} alone. Retired: ${done.retired.join(", ")}; the store keeps it, set aside.`,
  ]);
}

function known(context: KeyContext, tenant: string): string {
  if (context.tenants.includes(tenant)) return tenant;
  throw new CommandError(
    `tenant: got "${tenant}", expected one of ${context.tenants.join(", ")}`,
    exitCodes.usage,
  );
}

async function withKeys<T>(
  { stack: name }: KeyOptions,
  again: string,
  work: (context: KeyContext) => Promise<T>,
): Promise<T> {
  const interruption = listenForInterrupt(again);
  const progress = new TimedProgress(progressFor());
  try {
    const file = join(paths(name).keep, ".terp.lock");
    return await exclusively({ file, progress, signal: interruption.signal }, async () => {
      await progress.phase("toolchain", () => orInterrupted(interruption.signal, prepareEngine(progress)));
      const stack = await openStack(name, interruption.signal, progress);
      await settleLocks(stack, progress);
      const path = process.env["PATH"];
      // SOPS is run by this process too.
      process.env["PATH"] = stack.environment["PATH"];
      const context = await openKeys(stack, progress);
      try {
        return await work(context);
      } finally {
        process.env["PATH"] = path;
        await context.api.close();
      }
    });
  } finally {
    interruption.release();
  }
}

function say(options: KeyOptions, result: unknown, lines: () => readonly string[]): void {
  const text = options.json === true ? JSON.stringify(result, undefined, 2) : lines().join("\n");
  process.stdout.write(`${text}\n`);
}
