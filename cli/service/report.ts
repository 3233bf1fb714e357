import type { Colours } from "../ui/colour";
import { table } from "../ui/table";
import { describeFaults } from "../../infra/fault";
import type { ServiceAdded } from "./add";
import type { ServicesCheck } from "./check";
import { pushCommands, type PushedChange } from "./push";
import type { ReadService } from "./read";

const shown = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** What came of adding a service, as lines for a person: what changed, what stays theirs, and what to type next. */
export function renderAdded(
  name: string,
  added: ServiceAdded,
  colours: Colours,
  change?: PushedChange,
): string[] {
  const { file, isNew, changed, left, files } = added;
  const first = isNew
    ? `${colours.good("✔")} ${file} is written`
    : changed.length === 0
      ? `${colours.good("✔")} ${file} is there already; no field of it changed`
      : `${colours.good("✔")} ${file}: changed ${changed.join(", ")}`;
  const lines = [
    first,
    ...left.map(
      ({ path, yours, template }) =>
        `${colours.strong(path)} stays as you wrote it, ${shown(yours)}; the template has ${shown(template)}`,
    ),
    ...files.filter((each) => each !== file).map((each) => `  ${each} follows from it`),
  ];
  if (files.length === 0) return lines;
  if (change !== undefined) return [...lines, ...renderChange(change, colours)];
  return [
    ...lines,
    "",
    colours.strong("What to type next"),
    ...pushCommands(name, files).map((each) => `  ${each}`),
  ];
}

/** What came of a push, and what to do where the change isn't open yet. */
function renderChange({ branch, isOpen, address, why = "" }: PushedChange, colours: Colours): string[] {
  if (isOpen) {
    return [
      `${colours.good("✔")} pushed to ${branch}, and open for review:`,
      `  ${address ?? "at the Git host"}`,
    ];
  }
  return [
    `${colours.good("✔")} pushed to ${branch}; it isn't open for review yet: ${why}`,
    "",
    colours.strong("What to do next"),
    address === undefined
      ? `  open the branch ${branch} for review at the Git host`
      : `  open it at ${address}`,
  ];
}

/** Every service on a line. */
export function renderList(services: readonly ReadService[]): string[] {
  if (services.length === 0) return ["There are no services in services/."];
  return table([
    ["environment", "service", "namespace", "image", "chart"],
    ...services.map(({ environment, service: { service, image, chart } }) => [
      environment,
      service.name,
      `${service.tenant}-${service.namespace}`,
      `${image.name}:${image.tag}`,
      chart.revision,
    ]),
  ]);
}

/** What a check found, as lines for a person. */
export function renderServicesCheck({ services, faults }: ServicesCheck, colours: Colours): string[] {
  const count = services === 1 ? "1 service" : `${String(services)} services`;
  if (faults.length === 0) return [`${colours.good("✔")} ${count}: all as they should be`];
  return [
    ...describeFaults(faults).split("\n"),
    "",
    `${colours.bad("✖")} ${faults.length === 1 ? "1 fault" : `${String(faults.length)} faults`}`,
  ];
}
