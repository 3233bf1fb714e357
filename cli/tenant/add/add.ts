import { readFileSync, realpathSync, statSync } from "node:fs";
import { namespaceName } from "../../../components/tenant/names";
import { describeFaults } from "../../../infra/fault";
import { errorCode, writeWhole } from "../../../local/files";
import { CommandError, exitCodes } from "../../exit";
import { type Difference, differencesOf } from "./differences";
import { instanceFaults } from "./faults";
import { insertInstance } from "./insert";
import { instanceExpression, type TenantInstance } from "./instance";
import { print } from "./print";
import { readTenantsFile, Restructured, type TenantsList } from "./tenantsFile";

/** What came of adding a tenant. */
export interface Addition {
  readonly tenant: string;
  /** The file, as it was named. */
  readonly file: string;
  /** Where the instance begins, counted from 1. */
  readonly line: number;
  /** The lines that are new; none if the tenant was there. */
  readonly added: readonly string[];
  /** Full names of the tenant's namespaces. */
  readonly namespaces: readonly string[];
}

/** A program with a new instance, and what came of it. */
export interface AddedText {
  readonly text: string;
  readonly addition: Addition;
}

/**
 * Adds an instance to a program. An instance that is there with the same arguments is left as it is.
 *
 * @param file The program's name, for messages.
 * @throws CommandError with everything that is wrong with the instance; if a tenant of that name has other arguments; or, with the
 * lines to add by hand, if the program isn't written in a way that can be added to.
 */
export function addInstance(file: string, text: string, instance: TenantInstance): AddedText {
  const expression = instanceExpression(instance);
  const list = readList(file, text, print(expression, 4));
  const result = { tenant: instance.name, file, namespaces: fullNames(instance) };
  const there = list.instances.find(({ name }) => name === instance.name);
  if (there !== undefined) {
    const differences = differencesOf(there, instance);
    if (differences.length > 0)
      throw otherArguments(`${file}:${String(there.line)}`, instance.name, differences);
    return { text, addition: { ...result, line: there.line, added: [] } };
  }
  const faults = instanceFaults(instance, list.instances);
  if (faults.length > 0) {
    throw new CommandError(`tenant "${instance.name}":\n${describeFaults(faults)}`, exitCodes.usage);
  }
  const { text: changed, added, line } = insertInstance(text, list, instance.name, expression);
  requireAdded(file, changed, { instance, before: list });
  return { text: changed, addition: { ...result, line, added } };
}

/**
 * {@link addInstance} to a file, which is written as a whole.
 *
 * @param path Where it lies.
 * @param file Its name, for messages.
 * @throws CommandError as {@link addInstance}, and if there is no such file.
 */
export function addToFile(path: string, file: string, instance: TenantInstance): Addition {
  const text = readProgram(path, file);
  const { text: changed, addition } = addInstance(file, text, instance);
  const real = realpathSync(path);
  if (changed !== text) writeWhole(real, changed, statSync(real).mode & 0o777);
  return addition;
}

function readProgram(path: string, file: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (errorCode(error) !== "ENOENT") throw error;
    throw new CommandError(
      `${file}: there is no such file; name the one with the list of tenants with --file`,
      exitCodes.usage,
    );
  }
}

function readList(file: string, text: string, line: string): TenantsList {
  try {
    return readTenantsFile(file, text);
  } catch (error) {
    if (!(error instanceof Restructured)) throw error;
    throw new CommandError(
      `${error.found}, so \`terp tenant add\` can't tell where a tenant goes. Nothing was changed. Add by hand:\n\n    ${line}`,
    );
  }
}

function otherArguments(at: string, tenant: string, differences: readonly Difference[]): CommandError {
  const lines = differences.map(
    ({ argument, written, asked }) =>
      `  ${argument}: the program has ${written ?? "none"}, the command ${asked ?? "none"}`,
  );
  return new CommandError(
    `tenant "${tenant}" is there already, in ${at}, with other arguments:\n${lines.join("\n")}\n` +
      "Change the program by hand to change a tenant, or give the new one another name. Nothing was changed.",
  );
}

/** Reads the result again: nothing is written that the next command couldn't add to. */
function requireAdded(
  file: string,
  text: string,
  { instance, before }: { readonly instance: TenantInstance; readonly before: TenantsList },
): void {
  const { instances } = readTenantsFile(file, text);
  const own = instances.find(({ name }) => name === instance.name);
  if (
    own === undefined ||
    instances.length !== before.instances.length + 1 ||
    differencesOf(own, instance).length > 0
  ) {
    throw new Error(
      `${file}: adding ${instance.name} would make something else of the list; nothing was changed`,
    );
  }
}

function fullNames({ name, namespaces }: TenantInstance): readonly string[] {
  return namespaces.map((namespace) => namespaceName(name, namespace));
}
