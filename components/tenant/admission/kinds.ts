import { isFrom, isFromControl, type Trusted } from "../trusted";
import { text } from "./cel";
import { deniedKinds, type DeniedKinds } from "./deniedKinds";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

function isOneOf({ groups }: DeniedKinds): string {
  return Object.entries(groups)
    .map(([group, resources]) => {
      const isGroup = `request.resource.group == ${text(group)}`;
      if (resources.includes("*")) return `(${isGroup})`;
      return `(${isGroup} && request.resource.resource in [${resources.map(text).join(", ")}])`;
    })
    .join(" || ");
}

function exceptions({ makers, controlAccount }: DeniedKinds): readonly string[] {
  return [
    ...(makers === undefined ? [] : [isFrom(...makers)]),
    ...(controlAccount === undefined ? [] : [isFromControl(controlAccount)]),
  ];
}

/** Which kinds a tenant may not write at all: {@link deniedKinds}. */
export function kinds(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-kinds",
    kinds: deniedKinds.flatMap(({ groups }) =>
      Object.entries(groups).map(([group, resources]) => ({ group, resources })),
    ),
    exempt: [trusted],
    validations: deniedKinds.map((denied) => ({
      expression: [`!(${isOneOf(denied)})`, ...exceptions(denied)].join(" || "),
      message: message`${"request.kind.kind"} isn't a tenant's to write: ${text(denied.instead)}`,
    })),
  });
}
