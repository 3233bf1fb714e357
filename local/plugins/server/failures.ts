import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { writeStruct } from "./messages";
import { ResourceInitError } from "./provider";

/** The gRPC answer for what a provider's method threw. */
export function failure(thrown: unknown): grpc.ServerErrorResponse {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const response = Object.assign(new Error(error.message), {
    code: grpc.status.UNKNOWN,
    details: error.message,
  });
  if (!(error instanceof ResourceInitError)) return response;
  const { id, properties, inputs, reasons } = error.partial;
  const detail = new ErrorResourceInitFailed()
    .setId(id)
    .setProperties(writeStruct(properties))
    .setInputs(writeStruct(inputs))
    .setReasonsList([...reasons]);
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(error.message).setDetailsList([packed]);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return Object.assign(response, { metadata });
}
