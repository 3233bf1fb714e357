import { resolve } from "node:path";

import { describeFaults } from "../../infra/fault";
import { CommandError, exitCodes } from "../exit";
import { addService } from "../service/add";
import { checkServices } from "../service/check";
import { pushChange } from "../service/push";
import { renderAdded, renderList, renderServicesCheck } from "../service/report";
import { renderingChanges, servicesIn, writeChanges } from "../service/repository";
import type { ServiceAddOptions } from "../service/request";
import { jsonSchema } from "../service/schema";
import { coloursFor } from "../ui/colour";

/** Options of the commands that read all services of a clone. */
export interface ServicesOptions {
  readonly folder?: string;
  readonly tenant?: string;
  /** Whether Argo CD makes the services from their files. */
  readonly argocd?: boolean;
  readonly json?: boolean;
}

const rootOf = ({ folder = "." }: { readonly folder?: string }): string => resolve(folder);

function say(isJson: boolean | undefined, result: object, lines: () => readonly string[]): void {
  process.stdout.write(`${isJson === true ? JSON.stringify(result, undefined, 2) : lines().join("\n")}\n`);
}

/** Writes a service into a clone of the tenant's repository, and opens the change if asked to. */
export async function add(name: string, options: ServiceAddOptions): Promise<void> {
  const root = rootOf(options);
  const added = addService(root, name, options);
  const isPushed = options.push === true && added.files.length > 0;
  const change = isPushed ? await pushChange(root, name, added.files) : undefined;
  say(options.json, { ...added, pushed: isPushed, ...(change && { change }) }, () =>
    renderAdded(name, added, coloursFor(process.stdout), change),
  );
}

/** Shows every service of a clone on a line. Ends with 1 if a file isn't as it should be. */
export function list(options: ServicesOptions): void {
  const { services, faults } = servicesIn(rootOf(options), options.tenant);
  say(options.json, { services, faults }, () => [
    ...renderList(services),
    ...(faults.length === 0 ? [] : ["", describeFaults(faults)]),
  ]);
  if (faults.length > 0) process.exitCode = exitCodes.failed;
}

/** Looks whether the services of a clone are as they should be. Ends with 1 if something is wrong. */
export function check(options: ServicesOptions): void {
  const found = checkServices(rootOf(options), {
    tenant: options.tenant,
    isArgo: options.argocd === true,
  });
  say(options.json, found, () => renderServicesCheck(found, coloursFor(process.stdout)));
  if (found.faults.length > 0) process.exitCode = exitCodes.failed;
}

/** Writes what Flux applies of the services' files. Nothing if one of them has a fault. */
export function render(options: ServicesOptions): void {
  const root = rootOf(options);
  const { services, faults } = servicesIn(root, options.tenant);
  if (faults.length > 0) throw new CommandError(`Nothing was written.\n\n${describeFaults(faults)}`);
  const changes = renderingChanges(root, services);
  writeChanges(root, changes);
  const files = changes.map(({ path, text }) => ({ path, removed: text === undefined }));
  say(options.json, { files }, () =>
    files.length === 0
      ? ["Everything is as the services' files say; nothing changed."]
      : files.map(({ path, removed }) => (removed ? `- ${path}` : `+ ${path}`)),
  );
}

/** Prints the JSON schema of a service's file. */
export function schema(): void {
  process.stdout.write(`${JSON.stringify(jsonSchema(), undefined, 2)}\n`);
}
