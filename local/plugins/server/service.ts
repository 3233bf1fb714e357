import type * as grpc from "@grpc/grpc-js";
import type { UntypedServiceImplementation } from "@grpc/grpc-js";
import { status } from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type PluginAttach, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { ConnectedHost } from "./engineHost";
import { failure } from "./failures";
import * as convert from "./messages";
import { nameOf, readStruct, typeOf, writeStruct } from "./messages";
import type { ResourceProvider } from "./provider";

class Unimplemented extends Error {}

/** The gRPC service `pulumirpc.ResourceProvider` over a provider. */
export function service(provider: ResourceProvider, host: ConnectedHost): UntypedServiceImplementation {
  /** Answers a call with what `answer` returns, after the messages it logged. */
  function unary<Request, Response>(answer: (request: Request) => Promise<Response> | Response) {
    return (call: grpc.ServerUnaryCall<Request, Response>, callback: grpc.sendUnaryData<Response>): void => {
      void (async () => {
        try {
          const response = await answer(call.request);
          await host.flush();
          callback(null, response);
        } catch (error) {
          await host.flush();
          if (error instanceof Unimplemented) {
            callback({ code: status.UNIMPLEMENTED, details: `${error.message} is not implemented` });
          } else callback(failure(error));
        }
      })();
    };
  }
  function offered<T>(method: T | undefined, name: string): T {
    if (method === undefined) throw new Unimplemented(name);
    return method;
  }
  const unimplemented = (name: string) =>
    unary(() => {
      throw new Unimplemented(name);
    });

  return {
    handshake: unary((request: messages.ProviderHandshakeRequest) => {
      host.attach(request.getEngineAddress());
      return new messages.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setAcceptResources(false)
        .setAcceptOutputs(false)
        .setSupportsAutonamingConfiguration(true);
    }),
    parameterize: unimplemented("Parameterize"),
    call: unimplemented("Call"),
    list: unimplemented("List"),
    getMapping: unary(() => new messages.GetMappingResponse()),
    getMappings: unary(() => new messages.GetMappingsResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
    attach: unary((request: PluginAttach) => {
      host.attach(request.getAddress());
      return new Empty();
    }),
    cancel: unary(() => {
      provider.cancel?.();
      return new Empty();
    }),
    getSchema: unary(async () =>
      new messages.GetSchemaResponse().setSchema((await provider.getSchema?.()) ?? "{}"),
    ),
    configure: unary(async (request: messages.ConfigureRequest) => {
      const variables: Record<string, string> = {};
      request.getVariablesMap().forEach((value: string, key: string) => (variables[key] = value));
      await provider.configure?.({ args: readStruct(request.getArgs()), variables });
      return new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setAcceptresources(false)
        .setAcceptoutputs(false)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    checkConfig: unary(async (request: messages.CheckRequest) => {
      const news = readStruct(request.getNews());
      if (provider.checkConfig === undefined) return convert.checkResponse({ inputs: news });
      const olds = readStruct(request.getOlds());
      return convert.checkResponse(await provider.checkConfig({ urn: request.getUrn(), olds, news }));
    }),
    diffConfig: unary(async (request: messages.DiffRequest) => {
      if (provider.diffConfig === undefined) return new messages.DiffResponse();
      return convert.diffResponse(await provider.diffConfig(diffRequest(request)));
    }),
    check: unary(async (request: messages.CheckRequest) =>
      convert.checkResponse(
        await provider.check({
          ...identity(request),
          olds: readStruct(request.getOlds()),
          news: readStruct(request.getNews()),
          randomSeed: request.getRandomseed_asU8(),
          autonaming: convert.autonamingOf(request),
        }),
      ),
    ),
    diff: unary(async (request: messages.DiffRequest) =>
      convert.diffResponse(await provider.diff(diffRequest(request))),
    ),
    create: unary(async (request: messages.CreateRequest) => {
      const { id, properties } = await provider.create({
        ...identity(request),
        properties: readStruct(request.getProperties()),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new messages.CreateResponse().setId(id).setProperties(writeStruct(properties));
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const { id, properties, inputs } = await provider.read({
        ...identity(request),
        id: request.getId(),
        properties: readStruct(request.getProperties()),
        inputs: readStruct(request.getInputs()),
      });
      // Without an id there is nothing: even empty properties would be taken for an object.
      if (id === "") return new messages.ReadResponse();
      return new messages.ReadResponse()
        .setId(id)
        .setProperties(writeStruct(properties))
        .setInputs(writeStruct(inputs));
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const properties = await provider.update({
        ...diffRequest(request),
        timeout: request.getTimeout(),
        preview: request.getPreview(),
      });
      return new messages.UpdateResponse().setProperties(writeStruct(properties));
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      await provider.delete({
        ...identity(request),
        id: request.getId(),
        properties: readStruct(request.getProperties()),
        oldInputs: readStruct(request.getOldInputs()),
        timeout: request.getTimeout(),
      });
      return new Empty();
    }),
    invoke: unary(async (request: messages.InvokeRequest) => {
      const invoke = offered(provider.invoke?.bind(provider), "Invoke");
      const result = await invoke({
        token: request.getTok(),
        args: readStruct(request.getArgs()),
        preview: request.getPreview(),
      });
      return new messages.InvokeResponse()
        .setReturn(writeStruct(result.return))
        .setFailuresList(convert.failureList(result.failures));
    }),
    construct: unary(async (request: messages.ConstructRequest) => {
      const construct = offered(provider.construct?.bind(provider), "Construct");
      const providers: Record<string, string> = {};
      request.getProvidersMap().forEach((value: string, key: string) => (providers[key] = value));
      const { urn, state } = await construct({
        type: request.getType(),
        name: request.getName(),
        parent: request.getParent(),
        inputs: readStruct(request.getInputs()),
        monitorEndpoint: request.getMonitorendpoint(),
        dryRun: request.getDryrun(),
        providers,
        dependencies: request.getDependenciesList(),
      });
      return new messages.ConstructResponse().setUrn(urn).setState(writeStruct(state));
    }),
  };
}

/** What names the resource in every request. */
function identity(request: { getUrn(): string; getName(): string; getType(): string }) {
  const urn = request.getUrn();
  return { urn, name: nameOf(request.getName(), urn), type: typeOf(request.getType(), urn) };
}

function diffRequest(request: messages.DiffRequest | messages.UpdateRequest) {
  return {
    ...identity(request),
    id: request.getId(),
    olds: readStruct(request.getOlds()),
    oldInputs: readStruct(request.getOldInputs()),
    news: readStruct(request.getNews()),
    ignoreChanges: request.getIgnorechangesList(),
  };
}
