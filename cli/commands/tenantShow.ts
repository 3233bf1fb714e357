import { exitCodes } from "../exit";
import { listenForInterrupt, orInterrupted } from "../interrupt";
import { inspectTenant } from "../tenant/view/inspect";
import { renderTenant } from "../tenant/view/renderTenant";
import { coloursFor } from "../ui/colour";

/** Options of `terp tenant show`. */
export interface TenantShowOptions {
  readonly stack: string;
  readonly json?: boolean;
}

/** Shows what a tenant has and how it is doing. Ends with 4 when it isn't ready. */
export async function showTenant(tenant: string, { stack, json }: TenantShowOptions): Promise<void> {
  const interruption = listenForInterrupt("`terp tenant show` only looks.");
  try {
    const { signal } = interruption;
    const { view, unread } = await orInterrupted(signal, inspectTenant({ stack, tenant, signal }));
    const text =
      json === true
        ? JSON.stringify({ stack, ...view, unread }, undefined, 2)
        : renderTenant(view, unread, coloursFor(process.stdout), Date.now()).join("\n");
    process.stdout.write(`${text}\n`);
    if (!view.ready) process.exitCode = exitCodes.notReady;
  } finally {
    interruption.release();
  }
}
