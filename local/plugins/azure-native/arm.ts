import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { PropertyMap } from "../server/values";

/** An answer of Azure Resource Manager that refuses, in the official plugin's words. */
export class ArmError extends Error {
  constructor(
    readonly status: number,
    code: string,
    message: string,
  ) {
    super(`Status=${String(status)} Code="${code}" Message="${message}"`);
    this.name = "ArmError";
  }
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** Between two looks at what isn't finished, and for how long it is looked at; in milliseconds. */
const pause = 20;
const limit = 60_000;

/**
 * A double of Azure Resource Manager on this machine: there is no way from here to Azure itself, and no sign-in to it. Resources are
 * put and read as Azure's REST API has them.
 */
export class Arm {
  /**
   * @param address `http://127.0.0.1:PORT`.
   * @throws if it is elsewhere.
   */
  constructor(private readonly address: string) {
    if (!/^http:\/\/127\.0\.0\.1:\d+$/.test(address)) {
      throw new Error(
        `TERP_AZURE_DOUBLE: got "${address}", expected http://127.0.0.1:PORT, a double on this machine`,
      );
    }
  }

  /** @returns undefined if there is no such resource. */
  async get(id: string): Promise<PropertyMap | undefined> {
    try {
      return await this.ask("GET", id);
    } catch (error) {
      if (error instanceof ArmError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Makes or changes a resource, and waits until that has ended. @throws ArmError */
  async put(id: string, body: PropertyMap): Promise<PropertyMap> {
    await this.ask("PUT", id, body);
    return await this.until(async () => {
      // What was just made may not be found yet.
      const found = await this.get(id);
      const state = found === undefined ? undefined : provisioningState(found);
      return found !== undefined && !["Accepted", "Creating", "Updating"].includes(state ?? "")
        ? found
        : undefined;
    }, `${id} isn't finished`);
  }

  /** Deletes a resource, and waits until it is gone. @throws ArmError */
  async delete(id: string): Promise<void> {
    try {
      await this.ask("DELETE", id);
    } catch (error) {
      if (error instanceof ArmError && error.status === 404) return;
      throw error;
    }
    await this.until(async () => ((await this.get(id)) === undefined ? true : undefined), `${id} isn't gone`);
  }

  /** Asks a resource to do something, such as to list its keys. @throws ArmError */
  async post(id: string, action: string): Promise<PropertyMap> {
    return await this.ask("POST", `${id}/${action}`, {});
  }

  private async ask(method: string, path: string, body?: PropertyMap): Promise<PropertyMap> {
    const response = await fetch(this.address + path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }),
    });
    const text = await response.text();
    const content = text === "" ? {} : (JSON.parse(text) as PropertyMap);
    if (response.ok) return content;
    const known = refusal.safeParse(content);
    const { code, message } = known.success ? known.data.error : { code: "", message: text };
    throw new ArmError(response.status, code, message);
  }

  private async until<T>(look: () => Promise<T | undefined>, problem: string): Promise<T> {
    const end = Date.now() + limit;
    for (;;) {
      const found = await look();
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`${problem} after ${String(limit / 1000)} s`);
      await sleep(pause);
    }
  }
}

/** How far Azure is with a resource, e.g. `Succeeded`; undefined if it doesn't tell. */
export function provisioningState(body: PropertyMap): string | undefined {
  const { properties } = body;
  const state =
    typeof properties === "object" && properties !== null && "provisioningState" in properties
      ? properties["provisioningState"]
      : undefined;
  return typeof state === "string" ? state : undefined;
}
