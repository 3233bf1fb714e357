import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { EngineHost, Severity } from "./provider";

/** An EngineHost over the engine's own gRPC service, whose address may be told later. Connects at the first message. */
export class ConnectedHost implements EngineHost {
  private client: EngineClient | undefined;
  private readonly pending = new Set<Promise<void>>();

  /** @param address `host:port` of the engine; undefined: messages are dropped until `attach` */
  public constructor(private address: string | undefined) {}

  /** The engine tells its address. */
  public attach(address: string): void {
    this.client?.close();
    this.client = undefined;
    this.address = address;
  }

  public log(severity: Severity, message: string, options: { urn?: string; ephemeral?: boolean } = {}): void {
    const sent = this.send(severity, message, options).finally(() => this.pending.delete(sent));
    this.pending.add(sent);
  }

  /** Resolves when every message so far has reached the engine, so that a result doesn't overtake them. */
  public async flush(): Promise<void> {
    while (this.pending.size > 0) await Promise.all(this.pending);
  }

  private async send(
    severity: Severity,
    message: string,
    options: { urn?: string; ephemeral?: boolean },
  ): Promise<void> {
    if (this.address === undefined) return;
    const client = (this.client ??= new EngineClient(this.address, grpc.credentials.createInsecure()));
    const severities = {
      debug: LogSeverity.DEBUG,
      info: LogSeverity.INFO,
      warning: LogSeverity.WARNING,
      error: LogSeverity.ERROR,
    };
    const request = new LogRequest()
      .setSeverity(severities[severity])
      .setMessage(message)
      .setUrn(options.urn ?? "")
      .setEphemeral(options.ephemeral ?? false);
    // A message that the engine no longer takes isn't worth failing an operation for.
    await new Promise<void>((resolve) => {
      client.log(request, () => {
        resolve();
      });
    });
  }
}
