import type { Progress } from "../../local/progress";
import { ensureStack } from "../engine/operations";
import type { Stack } from "../engine/stack";
import { CommandError } from "../exit";
import { pause } from "../interrupt";

/** How often a refusal is taken for a role that hasn't spread yet, and milliseconds in between: ten minutes in all. */
const attempts = 40;
const interval = 15_000;

/**
 * Makes the stack in its backend, if it isn't there. A role that was just given may count only minutes later.
 *
 * @param secretsProvider what encrypts the state's secrets. Default: as Pulumi decides.
 */
export async function makeStack(
  stack: Stack,
  secretsProvider: string | undefined,
  progress: Progress,
): Promise<void> {
  await progress.step("stack", async (update) => {
    for (let attempt = 1; ; attempt++) {
      try {
        await ensureStack(stack, secretsProvider);
        return;
      } catch (error) {
        if (!(error instanceof CommandError) || !isNotYetAdmitted(error.message) || attempt >= attempts)
          throw error;
        update("a new role counts after some minutes");
        await pause(interval, stack.signal);
      }
    }
  });
}

/** Whether an error of the backend's, or of the vault's, may pass when roles have spread. */
export function isNotYetAdmitted(message: string): boolean {
  return /AuthorizationPermissionMismatch|AuthorizationFailure|ForbiddenByRbac|StatusCode=403|RESPONSE 403/.test(
    message,
  );
}
