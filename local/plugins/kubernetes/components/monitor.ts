import * as grpc from "@grpc/grpc-js";
import { ResourceMonitorClient } from "@pulumi/pulumi/proto/resource_grpc_pb";
import type { RegisterResourceResponse } from "@pulumi/pulumi/proto/resource_pb";
import { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb";
import { writeStruct } from "../../server/messages";
import type { PropertyMap } from "../../server/values";

export interface Registered {
  readonly urn: string;
  readonly id: string;
}

/** A connection to the engine's resource monitor, to register a component's parts with. */
export class Monitor {
  private readonly client: ResourceMonitorClient;

  /** @param endpoint `host:port` from a construct request */
  public constructor(endpoint: string) {
    this.client = new ResourceMonitorClient(endpoint, grpc.credentials.createInsecure());
  }

  /** Registers a resource, and waits until the engine has created or updated it. */
  public async register(resource: {
    readonly type: string;
    readonly name: string;
    readonly parent: string;
    readonly inputs: PropertyMap;
    /** absent: the resource is a component */
    readonly provider?: string | undefined;
    readonly isComponent: boolean;
    readonly dependencies?: readonly string[];
  }): Promise<Registered> {
    const request = new RegisterResourceRequest()
      .setType(resource.type)
      .setName(resource.name)
      .setParent(resource.parent)
      .setCustom(!resource.isComponent)
      .setObject(writeStruct(resource.inputs))
      .setDependenciesList([...(resource.dependencies ?? [])])
      .setProvider(resource.provider ?? "")
      .setAcceptsecrets(true)
      .setSupportspartialvalues(true);
    return await new Promise<Registered>((resolve, reject) => {
      this.client.registerResource(request, (error: Error | null, response: RegisterResourceResponse) => {
        if (error === null) resolve({ urn: response.getUrn(), id: response.getId() });
        else reject(error);
      });
    });
  }

  /** Says that a component is complete, and what it gives. */
  public async complete(urn: string, outputs: PropertyMap): Promise<void> {
    const request = new RegisterResourceOutputsRequest().setUrn(urn).setOutputs(writeStruct(outputs));
    await new Promise<void>((resolve, reject) => {
      this.client.registerResourceOutputs(request, (error: Error | null) => {
        if (error === null) resolve();
        else reject(error);
      });
    });
  }

  /** Ends the connection. */
  public [Symbol.dispose](): void {
    this.client.close();
  }
}
