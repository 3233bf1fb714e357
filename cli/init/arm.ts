import type { TokenCredential } from "@azure/identity" with { "resolution-mode": "import" };
import { z } from "zod";
import { messageOf } from "../../infra/fault";
import { CommandError } from "../exit";
import { pause } from "../interrupt";

/** A resource as Azure gives it. */
export type ArmBody = Readonly<Record<string, unknown>>;

/** How Azure Resource Manager is reached. */
export interface ArmAccess {
  /** @default Azure's public cloud */
  readonly address?: string;
  readonly credential: Pick<TokenCredential, "getToken">;
  readonly signal: AbortSignal;
  /** Milliseconds between two looks. Default: two seconds. */
  readonly interval?: number;
}

/** Azure's refusal of a request: where, what Azure says, and what helps. */
export class ArmFault extends CommandError {
  constructor(
    readonly status: number,
    readonly azureCode: string,
    message: string,
  ) {
    super(message);
  }
}

const publicCloud = "https://management.azure.com";
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });
const state = z.object({ properties: z.object({ provisioningState: z.string() }) });

/** How many looks at what isn't finished, and repetitions of what may succeed later; with the usual interval ten minutes. */
const patience = 300;

/** How long one request may take, in milliseconds. */
const requestTime = 60_000;

/** What Azure answers of a principal that its directory doesn't know everywhere yet; its documentation speaks of minutes. */
const unknownPrincipal = "PrincipalNotFound";

/** Azure Resource Manager by its REST API. Each request may be repeated: PUT makes the same again. */
export class ArmClient {
  constructor(private readonly access: ArmAccess) {}

  /** @returns undefined if there is no such resource. @throws ArmFault */
  async get(id: string, apiVersion: string): Promise<ArmBody | undefined> {
    try {
      return await this.ask("GET", id, apiVersion);
    } catch (error) {
      if (error instanceof ArmFault && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Makes or changes a resource, and waits until it is found and finished. @throws ArmFault */
  async put(id: string, apiVersion: string, body: ArmBody): Promise<ArmBody> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.ask("PUT", id, apiVersion, body);
        break;
      } catch (error) {
        const isPassing =
          error instanceof ArmFault &&
          (error.azureCode === unknownPrincipal || error.status === 429 || error.status >= 500);
        if (!isPassing || attempt >= patience) throw error;
        await this.wait();
      }
    }
    for (let look = 0; look < patience; look++) {
      const found = await this.get(id, apiVersion);
      const parsed = state.safeParse(found);
      const progress = parsed.success ? parsed.data.properties.provisioningState : "Succeeded";
      if (found !== undefined && progress === "Succeeded") return found;
      if (["Failed", "Canceled"].includes(progress))
        throw new CommandError(
          `${id}: Azure says ${progress}; look at it in the portal, then run this again`,
        );
      await this.wait();
    }
    throw new CommandError(`${id}: Azure isn't done with it after ten minutes; run this again`);
  }

  private async wait(): Promise<void> {
    await pause(this.access.interval ?? 2000, this.access.signal);
  }

  private async ask(method: string, id: string, apiVersion: string, body?: ArmBody): Promise<ArmBody> {
    const { address = publicCloud, credential, signal } = this.access;
    const token = await credential.getToken(`${publicCloud}/.default`, { abortSignal: signal });
    if (token === null) throw new CommandError("signing in to Azure gave no token; type: az login");
    const response = await fetch(`${address}${id}?api-version=${apiVersion}`, {
      method,
      headers: { Authorization: `Bearer ${token.token}`, "Content-Type": "application/json" },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(requestTime)]),
    }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw new CommandError(`${id}: Azure can't be reached (${messageOf(error)}); run this again`);
    });
    const text = await response.text();
    if (response.ok) return text === "" ? {} : (JSON.parse(text) as ArmBody);
    throw faultOf(id, response.status, text);
  }
}

function faultOf(id: string, status: number, text: string): ArmFault {
  const parsed = refusal.safeParse(parsedOrNothing(text));
  const { code, message } = parsed.success ? parsed.data.error : { code: "", message: "" };
  return new ArmFault(
    status,
    code,
    `${id}: Azure answers ${String(status)} ${code}: ${message}${remedies[code] ?? ""}`,
  );
}

const remedies: Readonly<Record<string, string>> = {
  AuthorizationFailed: "\n  remedy    sign in as an Owner of the subscription, and run this again",
  StorageAccountAlreadyTaken:
    "\n  remedy    set another terp:azure.organisation: the account's name follows from it",
  VaultAlreadyExists: "\n  remedy    set another name as terp:azure.keep.vault",
};

function parsedOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
