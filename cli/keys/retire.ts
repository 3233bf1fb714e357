import { withoutFormer } from "../../infra/keys/age";
import { platformKeyName } from "../../infra/keys/store";
import { CommandError } from "../exit";
import { Clone } from "./clone";
import { type KeyContext, platformKey } from "./context";
import { raiseAgain } from "./raise";
import { formerOf } from "./rotate";
import { openTenantKey, replaceTenantKey, untilInCluster } from "./tenantKeys";

/** What was retired. */
export interface Retirement {
  /** `platform`, or the tenant's name. */
  readonly key: string;
  readonly recipient: string;
  /** The recipients of the keys that decrypt no more. */
  readonly retired: readonly string[];
}

/**
 * Takes a tenant's former keys out of the cluster and the platform repository, once nothing in its repository is encrypted to
 * them. The store keeps them, set aside: old commits can be read with them.
 *
 * @param isSealedAnew Whether somebody answers for that of a repository which the tenant brought along.
 * @throws CommandError with the files that still need them.
 */
export async function retireTenant(
  context: KeyContext,
  tenant: string,
  isSealedAnew = false,
): Promise<Retirement> {
  const { progress } = context;
  const from = await openTenantKey(context, tenant);
  const retired = formerOf(from.key);
  if (retired.length > 0 && context.brought.includes(tenant) && !isSealedAnew) {
    throw new CommandError(
      `${tenant} brought its repository along, which isn't read here: what is still sealed to ${retired.join(", ")} couldn't be decrypted any more. ` +
        `Once its owner has sealed everything to ${from.key.recipient}: terp key retire ${tenant} --sealed-anew --stack ${context.stack.name}`,
    );
  }
  if (retired.length > 0) {
    if (!context.brought.includes(tenant))
      await progress.phase(`what ${tenant} has encrypted`, () =>
        Clone.with(context, context.places.tenant(tenant), (clone) =>
          refuseNeeded(clone, retired, `terp key rotate ${tenant} --stack ${context.stack.name}`),
        ),
      );
    await progress.phase(`the key of ${tenant} alone`, async (update) => {
      const to = withoutFormer(from.key);
      await replaceTenantKey(context, { tenant, from, to, message: `Retire the former key of ${tenant}` });
      await untilInCluster(context, tenant, to, update);
    });
  }
  return { key: tenant, recipient: from.key.recipient, retired };
}

/**
 * Takes the platform's former keys out of the cluster and the state, once no tenant's key is sealed to them. The store keeps
 * them, set aside.
 *
 * @throws CommandError with the files that still need them.
 */
export async function retirePlatform(context: KeyContext): Promise<Retirement> {
  const { keys, progress, stack } = context;
  const key = await platformKey(context);
  const retired = formerOf(key);
  if (retired.length > 0) {
    await progress.phase("the tenants' keys", () =>
      Clone.with(context, context.places.platform, (clone) =>
        refuseNeeded(clone, retired, `terp key rotate --stack ${stack.name}`),
      ),
    );
    await keys.replace(platformKeyName, withoutFormer(key), key.recipient);
    await raiseAgain(context, []);
  }
  return { key: platformKeyName, recipient: key.recipient, retired };
}

async function refuseNeeded(clone: Clone, recipients: readonly string[], command: string): Promise<void> {
  const { sealed, rules } = await clone.naming(recipients);
  const files = [...sealed, ...rules];
  if (files.length === 0) return;
  throw new CommandError(
    `These files still name a former key, so it isn't retired:\n${files.map((file) => `  • ${file}`).join("\n")}\n` +
      `\`${command}\` encrypts them to the new one.`,
  );
}
