import * as grpc from "@grpc/grpc-js";
import * as pulumi from "@pulumi/pulumi";
import type * as kubernetes from "@pulumi/kubernetes";
import * as automation from "@pulumi/pulumi/automation/server";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { RunResponse } from "@pulumi/pulumi/proto/language_pb";
import { readFileSync } from "node:fs";

/*
 * The process in which the program of one scenario runs, once for each of its commands. The engine asks for a run as it
 * asks the automation API for one of a program inside a process; starting Node with Pulumi's packages hundreds of times
 * would take longer than everything else.
 */

type Program = (context: unknown) => unknown;

interface Scenario {
  readonly steps: readonly (Program | { readonly program: Program; readonly provider?: object })[];
  readonly provider?: object;
}

type Answer = grpc.sendUnaryData<RunResponse>;

/** The automation API's server, whose types its package leaves out. */
type LanguageServer = new (program: () => Promise<unknown>) => grpc.UntypedServiceImplementation & {
  run(call: unknown, answer: Answer): Promise<void>;
};
const { LanguageServer } = automation as unknown as { readonly LanguageServer: LanguageServer };

const { PB_SCENARIO: file = "", PB_NS: ns = "", PB_HERE: here = "", KUBECONFIG: config = "" } = process.env;

/** Which step the next run is for. */
let next = 0;

/** Whether the engine has got the program's own error. */
let isShown = false;

async function program(): Promise<unknown> {
  // Each run sees the file anew, as one in a process of its own would.
  Reflect.deleteProperty(require.cache, require.resolve(file));
  // A scenario is found by its name.
  const scenario = require(file) as Scenario;
  const step = scenario.steps[next];
  if (step === undefined) throw new Error(`${file} has no step ${String(next + 1)}`);
  isShown = false;
  try {
    return await (typeof step === "function" ? step : step.program)(contextOf(scenario, step));
  } catch (error) {
    await pulumi.log.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
    isShown = true;
    throw error;
  }
}

/** A package that a scenario doesn't use isn't loaded. */
function contextOf(scenario: Scenario, step: Scenario["steps"][number]): unknown {
  let provider: pulumi.ProviderResource | undefined;
  const kubeconfig = readFileSync(config, "utf8");
  const settings = (typeof step === "function" ? undefined : step.provider) ?? scenario.provider;
  return {
    ...{ pulumi, ns, here, kubeconfig },
    get k8s() {
      return require("@pulumi/kubernetes") as unknown;
    },
    get random() {
      return require("@pulumi/random") as unknown;
    },
    get tls() {
      return require("@pulumi/tls") as unknown;
    },
    get provider() {
      const { Provider } = require("@pulumi/kubernetes") as typeof kubernetes;
      return (provider ??= new Provider("cluster", { kubeconfig, clusterIdentifier: "one", ...settings }));
    },
  };
}

/** How the engine learns that a run failed: as from the Node host, without a word where the engine itself was the cause. */
function failure(message: string): RunResponse {
  const isKnown = isShown || message.includes("resource monitor shut down");
  return isKnown ? new RunResponse().setBail(true) : new RunResponse().setError(message);
}

function main(): void {
  const language = new LanguageServer(program);
  const server = new grpc.Server();
  server.addService(LanguageRuntimeService, {
    getRequiredPlugins: language["getRequiredPlugins"],
    getPluginInfo: language["getPluginInfo"],
    run: (call: unknown, answer: Answer) => {
      let isAnswered = false;
      void language.run(call, (error, response) => {
        if (isAnswered) return;
        isAnswered = true;
        answer(null, error ? failure((error as Error).message) : response);
      });
    },
  } as grpc.UntypedServiceImplementation);
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.send?.({ port });
  });
  process.on("message", ({ step }: { readonly step: number }) => {
    next = step;
    process.send?.({ step });
  });
  process.on("disconnect", () => process.exit());
}

main();
