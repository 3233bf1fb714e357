import type { SecretClient, SecretClientOptions } from "@azure/keyvault-secrets" with {
  "resolution-mode": "import",
};
import {
  type FaultPlace,
  KeyVaultFault,
  type LastAnswer,
  type VaultOperation,
  faultFrom,
  operations,
} from "./keyVaultFaults";
import { type SecretVersion, tagNames } from "./keyVaultVersions";
import type { Patience } from "./patience";

/** What reaches a vault: the SDK's own settings, e.g. an `agent` for its connections. */
export type ConnectionOptions = Pick<SecretClientOptions, "agent">;

/** How long a vault is waited for. All times in milliseconds. */
export interface KeyVaultLimits {
  /** Reading, with all its requests and repetitions. */
  readonly read: number;
  /** Writing or recovering, likewise. */
  readonly change: number;
  /** One request. */
  readonly request: number;
  /** Between a write and the look at who won, and between two looks. */
  readonly settle: number;
  /** Before the first repetition by us; each further waits twice as long. */
  readonly pause: number;
}

/**
 * A recovery takes up to a few minutes, says Key Vault's documentation. Its timestamps are whole seconds, so whoever wrote
 * in the same second is seen after two.
 */
export const usualLimits: KeyVaultLimits = {
  read: 60_000,
  change: 300_000,
  request: 20_000,
  settle: 2_000,
  pause: 1_000,
};

interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** How often a throttled request is repeated by us, after the SDK's own repetitions: Key Vault's guidance says five times. */
const repetitions = 5;

/** A vault and the way to it. Connects at the first call only. */
export class Vault {
  private client: Promise<SecretClient> | undefined;
  private last: LastAnswer | undefined;

  /**
   * @param url The vault's URL.
   * @param limits How long to wait for it.
   * @param options How to reach it.
   */
  constructor(
    readonly url: string,
    readonly limits: KeyVaultLimits,
    private readonly options: ConnectionOptions,
  ) {}

  /** What the last request that had an answer was answered, since {@link forgetAnswer}. */
  get lastAnswer(): LastAnswer | undefined {
    return this.last;
  }

  forgetAnswer(): void {
    this.last = undefined;
  }

  /** The SDK's client, whose sign-in happens with its first request. */
  async connected(): Promise<SecretClient> {
    return await (this.client ??= this.connect());
  }

  /** The SDK is loaded here: it takes a quarter of a second, which a run with another store doesn't pay. */
  private async connect(): Promise<SecretClient> {
    // What the SDK logs ends in the engine's output.
    delete process.env["AZURE_LOG_LEVEL"];
    const [{ SecretClient }, { DefaultAzureCredential }] = await Promise.all([
      import("@azure/keyvault-secrets"),
      import("@azure/identity"),
    ]);
    return new SecretClient(this.url, new DefaultAzureCredential(this.options), {
      ...this.options,
      // It honours Retry-After, however long; our patience bounds it.
      retryOptions: { maxRetries: 3, retryDelayInMs: this.limits.pause, maxRetryDelayInMs: 10_000 },
      additionalPolicies: [
        {
          position: "perRetry",
          policy: {
            name: "terpRequest",
            sendRequest: async (request, next) => {
              const { abortSignal } = request;
              // The SDK's own timeout keeps a process alive after a request has failed.
              const limit = AbortSignal.timeout(this.limits.request);
              request.abortSignal = abortSignal
                ? AbortSignal.any([abortSignal as AbortSignal, limit])
                : limit;
              try {
                const response = await next(request);
                this.last = { status: response.status, refusal: refusalIn(response) };
                return response;
              } finally {
                if (abortSignal) request.abortSignal = abortSignal;
                else delete request.abortSignal;
              }
            },
          },
        },
      ],
    });
  }
}

/** The SDK passes on only a part of it. */
function refusalIn({
  status,
  bodyAsText,
}: {
  readonly status: number;
  readonly bodyAsText?: string | null;
}): string | undefined {
  return status >= 400 ? (bodyAsText ?? undefined) : undefined;
}

/** One secret of a vault. What fails is thrown as a {@link KeyVaultFault}. */
export class VaultSecret {
  constructor(
    private readonly vault: Vault,
    private readonly name: string,
    private readonly contentType: string,
  ) {}

  /** All versions, without their values; none where there is no such secret, or it is deleted. */
  async versions(patience: Patience): Promise<readonly SecretVersion[]> {
    const found = await this.unlessMissing(operations.list, patience, async (client, options) => {
      const versions: SecretVersion[] = [];
      for await (const each of client.listPropertiesOfSecretVersions(this.name, options)) {
        versions.push({
          id: each.version ?? "",
          createdOn: each.createdOn,
          isEnabled: each.enabled !== false,
          tags: each.tags ?? {},
          recoveryLevel: each.recoveryLevel,
          expiresOn: each.expiresOn,
        });
      }
      return versions;
    });
    return found ?? [];
  }

  /** A version's value. */
  async value(version: string, patience: Patience): Promise<string> {
    const { value } = await this.call(operations.read, patience, (client, options) =>
      client.getSecret(this.name, { ...options, version }),
    );
    return value ?? "";
  }

  /** When a deleted secret will be gone for good; `undefined` where it isn't deleted. */
  async deleted(patience: Patience): Promise<{ readonly goneOn: Date | undefined } | undefined> {
    return await this.unlessMissing(operations.lookUpDeleted, patience, async (client, options) => {
      const { scheduledPurgeDate } = await client.getDeletedSecret(this.name, options);
      return { goneOn: scheduledPurgeDate };
    });
  }

  /** Adds a version. */
  async write(value: string, tags: Readonly<Record<string, string>>, patience: Patience): Promise<void> {
    await this.call(operations.write, patience, (client, options) =>
      client.setSecret(this.name, value, { ...options, tags, contentType: this.contentType }),
    );
  }

  /** Disables a version and sets it aside: it stays, and counts no more. */
  async disable({ id, tags }: SecretVersion, patience: Patience): Promise<void> {
    const changes = { enabled: false, tags: { ...tags, [tagNames.setAside]: "lost" } };
    await this.call(operations.disable, patience, (client, options) =>
      client.updateSecretProperties(this.name, id, { ...options, ...changes }),
    );
  }

  /** Asks the vault to recover the deleted secret; doesn't wait for it. Another may have asked already. */
  async recover(patience: Patience): Promise<void> {
    try {
      await this.call(operations.recover, patience, (client, options) =>
        client.beginRecoverDeletedSecret(this.name, options),
      );
    } catch (error) {
      if (!(error instanceof KeyVaultFault) || !["missing", "busy"].includes(error.kind)) throw error;
    }
  }

  /** What an error is in words. */
  faultFrom(error: unknown, operation: VaultOperation, patience: Patience): KeyVaultFault {
    const place: FaultPlace = {
      url: this.vault.url,
      secret: this.name,
      operation,
      lastAnswer: this.vault.lastAnswer,
      limits: { all: patience.limit, request: this.vault.limits.request },
    };
    return faultFrom(error, place);
  }

  private async unlessMissing<T>(
    operation: VaultOperation,
    patience: Patience,
    work: (client: SecretClient, options: CallOptions) => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await this.call(operation, patience, work);
    } catch (error) {
      if (error instanceof KeyVaultFault && error.kind === "missing") return undefined;
      throw error;
    }
  }

  private async call<T>(
    operation: VaultOperation,
    patience: Patience,
    work: (client: SecretClient, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    const { pause } = this.vault.limits;
    this.vault.forgetAnswer();
    for (let attempt = 0; ; attempt++) {
      try {
        const options = { abortSignal: patience.signal };
        const client = await patience.during(this.vault.connected());
        return await patience.during(work(client, options));
      } catch (error) {
        const fault = this.faultFrom(error, operation, patience);
        if (fault.kind !== "throttled" || patience.isOver || attempt >= repetitions) throw fault;
        await patience.pause(pause * 2 ** attempt).catch(() => {
          throw fault;
        });
      }
    }
  }
}
