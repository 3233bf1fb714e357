import { exitCodes } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { inspectTenants } from "../tenant/view/inspect";
import { renderTenants } from "../tenant/view/renderList";
import { coloursFor } from "../ui/colour";

/** Options of `terp tenant list`. */
export interface TenantListOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Shows every tenant on a line. Ends with 4 when one isn't ready. */
export async function listTenants({ stack, json }: TenantListOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp tenant list` only looks.");
  try {
    const { signal } = interruption;
    const views = await orInterrupted(signal, inspectTenants({ stack, signal }));
    const text =
      json === true
        ? JSON.stringify(views, undefined, 2)
        : renderTenants(views, coloursFor(process.stdout), Date.now()).join("\n");
    process.stdout.write(`${text}\n`);
    if (!views.ready) process.exitCode = exitCodes.notReady;
  } finally {
    interruption.release();
  }
}
