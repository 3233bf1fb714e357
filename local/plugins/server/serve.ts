import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { keepStructsAsBytes } from "../../../infra/protobuf/plainStructs";
import { ConnectedHost } from "./engineHost";
import type { EngineHost, ResourceProvider } from "./provider";
import { service } from "./service";

const megabyte = 1024 * 1024;

/**
 * Serves a provider to the engine that started this process: prints the port it listens on (loopback), and ends when
 * its parent process does, so that a killed engine leaves no orphan.
 * @param create makes the provider; its argument reaches the engine
 * @param options.engine address of the engine; default: this process's first argument that is no option
 */
export async function serve(
  create: (host: EngineHost) => ResourceProvider,
  options: { readonly engine?: string } = {},
): Promise<void> {
  keepStructsAsBytes();
  const engine = options.engine ?? process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  const host = new ConnectedHost(engine);
  const server = new grpc.Server({
    "grpc.max_receive_message_length": 400 * megabyte,
    "grpc.max_send_message_length": 400 * megabyte,
  });
  server.addService(ResourceProviderService, service(create(host), host));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  process.stdout.write(`${String(port)}\n`);
  endWithParent();
}

/** Ends this process soon after its parent has ended, or when it is told to. */
function endWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) process.exit(0);
  }, 500);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
}
