import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import type { CheckFailure, CheckRequest, CheckResult, DiffKind, DiffResult } from "./provider";
import type { PropertyMap } from "./values";
import { fromWire, isMap, toWire } from "./values";

/** The property map in a wire struct; an absent struct is an empty map. */
export function readStruct(struct: Struct | undefined): PropertyMap {
  const value = fromWire(struct?.toJavaScript() ?? {});
  return isMap(value) ? value : {};
}

/** A wire struct with the property map's content. */
export function writeStruct(map: Readonly<PropertyMap>): Struct {
  return Struct.fromJavaScript(toWire(map) as Parameters<typeof Struct.fromJavaScript>[0]);
}

/** The message for a check's outcome. */
export function checkResponse(result: CheckResult): messages.CheckResponse {
  return new messages.CheckResponse()
    .setInputs(writeStruct(result.inputs))
    .setFailuresList(failureList(result.failures));
}

/** The messages for failures. */
export function failureList(failures: readonly CheckFailure[] = []): messages.CheckFailure[] {
  return failures.map(({ property, reason }) =>
    new messages.CheckFailure().setProperty(property ?? "").setReason(reason),
  );
}

const changes = {
  none: messages.DiffResponse.DiffChanges.DIFF_NONE,
  some: messages.DiffResponse.DiffChanges.DIFF_SOME,
  unknown: messages.DiffResponse.DiffChanges.DIFF_UNKNOWN,
};
const kinds: Record<DiffKind, messages.PropertyDiff.Kind> = {
  add: messages.PropertyDiff.Kind.ADD,
  "add-replace": messages.PropertyDiff.Kind.ADD_REPLACE,
  delete: messages.PropertyDiff.Kind.DELETE,
  "delete-replace": messages.PropertyDiff.Kind.DELETE_REPLACE,
  update: messages.PropertyDiff.Kind.UPDATE,
  "update-replace": messages.PropertyDiff.Kind.UPDATE_REPLACE,
};

/** The message for a diff. */
export function diffResponse(result: DiffResult): messages.DiffResponse {
  const response = new messages.DiffResponse()
    .setChanges(changes[result.changes])
    .setReplacesList([...(result.replaces ?? [])])
    .setDiffsList([...(result.diffs ?? [])])
    .setStablesList([...(result.stables ?? [])])
    .setDeletebeforereplace(result.deleteBeforeReplace ?? false);
  if (result.detailedDiff === undefined) return response;
  const map = response.getDetaileddiffMap();
  for (const [path, { kind, inputDiff }] of Object.entries(result.detailedDiff)) {
    map.set(path, new messages.PropertyDiff().setKind(kinds[kind]).setInputdiff(inputDiff ?? false));
  }
  return response.setHasdetaileddiff(true);
}

const modes = ["propose", "enforce", "disable"] as const;

/** The engine's wish for generated names in a check's message. */
export function autonamingOf(request: messages.CheckRequest): CheckRequest["autonaming"] {
  const options = request.getAutonaming();
  if (options === undefined) return undefined;
  return { proposedName: options.getProposedName(), mode: modes[options.getMode()] };
}

/** A resource's type: from newer engines as such, else from its URN (`urn:pulumi:stack::project::parents$type::name`). */
export function typeOf(type: string, urn: string): string {
  return type !== "" ? type : ((urn.split("::")[2] ?? "").split("$").pop() ?? "");
}

/** A resource's logical name: from newer engines as such, else from its URN. */
export function nameOf(name: string, urn: string): string {
  return name !== "" ? name : urn.split("::").slice(3).join("::");
}
