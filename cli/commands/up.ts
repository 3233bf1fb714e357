import { join } from "node:path";
import { paths } from "../../local/paths";
import { adminKubeconfig } from "../cluster/access";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { survey } from "../cluster/survey";
import { askApplication, waitForTenants } from "../cluster/tenants";
import { decide, reviewPlan, update } from "../engine/decision";
import { describeChanges } from "../engine/events";
import { exclusively } from "../engine/exclusive";
import { ensureStack, forgetPendingOperations, settleLocks, stateOf, unprotect } from "../engine/operations";
import { prepareEngine, prepareMachine, requirePrerequisites } from "../engine/preparation";
import { resourcesOfTenant } from "../engine/protection";
import { reviveCluster } from "../engine/revival";
import { openStack, usesEmbeddedCluster, type Stack } from "../engine/stack";
import type { StackState } from "../engine/state";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { coloursFor } from "../ui/colour";
import { progressFor } from "../ui/terminal";
import { TimedProgress } from "../ui/timings";
import { deployKeysOf, entranceOf, repositoriesOf, tenantsOf } from "../status/inspect";
import { renderSummary, type Summary } from "../status/summary";

/** Options of `terp up`. */
export interface UpOptions {
  readonly stack: string;
  readonly json?: boolean;
  /** Whether the plan is made first in any case, and said. */
  readonly plan?: boolean;
  /** Names of tenants that may be deleted though they weren't suspended. */
  readonly removeTenant?: readonly string[];
}

/** Raises the platform, or brings it to what the code says, and waits until its tenants are reconciled. */
export async function up(options: UpOptions): Promise<void> {
  const again = `\`terp up --stack ${options.stack}\` (or \`npm start\`) goes on where this stopped.`;
  const interruption = listenForInterrupt(again);
  const progress = new TimedProgress(progressFor());
  try {
    const embedded = await usesEmbeddedCluster(options.stack);
    if (embedded) await requirePrerequisites();
    const lock = join(paths(options.stack).keep, ".terp.lock");
    const summary = await exclusively({ file: lock, progress, signal: interruption.signal }, async () => {
      await progress.phase("toolchain", () =>
        orInterrupted(interruption.signal, embedded ? prepareMachine(progress) : prepareEngine(progress)),
      );
      const stack = await openStack(options.stack, interruption.signal, progress);
      return raise(stack, options, progress);
    });
    const text =
      options.json === true
        ? JSON.stringify(summary, undefined, 2)
        : renderSummary(summary, coloursFor(process.stdout)).join("\n");
    process.stdout.write(`${text}\n`);
  } finally {
    interruption.release();
  }
}

async function raise(stack: Stack, options: UpOptions, progress: TimedProgress): Promise<Summary> {
  const settled = await progress.phase("stack", () => settle(stack, progress));
  // Of all tenants together: the engine writes the whole state each time, and a name that is wrong is refused before any.
  const released = (options.removeTenant ?? []).flatMap((tenant) => resourcesOfTenant(settled, tenant));
  if (released.length > 0)
    await progress.step("lifting the protection of tenants to be removed", () => unprotect(stack, released));
  const state = await reviveCluster(stack, settled, progress);
  const decision = await decide(stack, state);
  if (decision.preview || options.plan === true) await reviewPlan(stack, progress);
  const outcome = await update(stack, decision, progress);
  progress.note(describeChanges(outcome.changes));
  for (const { message } of outcome.diagnostics.filter((each) => each.severity === "warning")) {
    progress.note(`warning: ${message}`);
  }
  const kubeconfig = await adminKubeconfig(stack);
  const access = accessFrom(kubeconfig);
  const api = new KubeApi(access);
  try {
    const done = await stateOf(stack);
    const expected = tenantsOf(done);
    const unhurried = Object.keys(deployKeysOf(done));
    const tenants = await progress.phase("tenants", (tell) =>
      waitForTenants(api, { expected, unhurried, signal: stack.signal, update: tell }),
    );
    for (const { tenant, reason } of tenants.filter(({ ready }) => !ready))
      progress.note(
        `${tenant} isn't applied yet: ${reason}; \`terp tenant show ${tenant}\` has its deploy key`,
      );
    const first = expected.find((name) => tenants.some(({ tenant, ready }) => tenant === name && ready));
    const answer =
      first === undefined
        ? undefined
        : await progress.phase("application", () =>
            askApplication(api, { tenant: first, signal: stack.signal }),
          );
    const entrance = first === undefined ? undefined : entranceOf(done, first);
    const { services, nodes } = await survey(api);
    return {
      stack: stack.name,
      server: access.server,
      changes: outcome.changes,
      plugins: stack.plugins.map(({ name, version, kind }) => ({ name, version, kind })),
      nodes,
      services,
      tenants,
      timings: progress.timings,
      repositories: repositoriesOf(done),
      ...(answer === undefined ? {} : { answer }),
      ...(entrance === undefined ? {} : { entrance }),
    };
  } finally {
    await api.close();
  }
}

/** The stack exists, nobody else works on it, and nothing of a run that was cut off is left. */
async function settle(stack: Stack, progress: TimedProgress): Promise<StackState | undefined> {
  await settleLocks(stack, progress);
  await ensureStack(stack);
  const state = await stateOf(stack);
  if (state === undefined || state.pendingOperations === 0) return state;
  progress.note(`the last run was cut off: ${String(state.pendingOperations)} operations are begun anew`);
  await forgetPendingOperations(stack);
  return state;
}
