import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describeFaults } from "../../infra/fault";
import { CommandError } from "../exit";
import { readServices } from "./read";
import { renderingChanges, serviceFiles, writeChanges } from "./repository";
import { answersFor, servicePath, type ServiceAddOptions } from "./request";
import { serviceWritten, type LeftField } from "./update";

/** What came of adding a service. */
export interface ServiceAdded {
  /** Its file, from the repository's folder. */
  readonly file: string;
  readonly isNew: boolean;
  /** Fields that were written, changed or removed. */
  readonly changed: readonly string[];
  /** Fields that are the developer's, and differ from the template. */
  readonly left: readonly LeftField[];
  /** Every file that was written or removed, the service's own among them. */
  readonly files: readonly string[];
}

/**
 * Writes a service into a clone of a tenant's repository, or brings it to the newest template, and what comes of it with it.
 *
 * @throws CommandError, and nothing is written, if an option is missing or wrong, or a person wrote the file.
 */
export function addService(root: string, name: string, options: ServiceAddOptions): ServiceAdded {
  const file = servicePath(options.stack, name);
  const path = join(root, file);
  const text = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const files = serviceFiles(root).filter((each) => each.path !== file);
  const others = readServices(files).services;
  const written = serviceWritten(text, answersFor(name, options, { text, others }));
  if (written === undefined) {
    throw new CommandError(
      `${file}: got a file that \`terp service add\` didn't write, or whose first line is gone; expected one of its own. ` +
        `Change it by hand, or remove it first. Nothing was written.`,
    );
  }
  const { services, faults } = readServices([...files, { path: file, text: written.text }]);
  if (faults.length > 0) throw new CommandError(`Nothing was written.\n\n${describeFaults(faults)}`);
  const changes = [
    ...(written.text === text ? [] : [{ path: file, text: written.text }]),
    ...renderingChanges(root, services),
  ];
  writeChanges(root, changes);
  return {
    file,
    isNew: text === undefined,
    changed: written.changed,
    left: written.left,
    files: changes.map((each) => each.path),
  };
}
