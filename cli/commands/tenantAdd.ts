import { relative, resolve } from "node:path";
import { projectFolder } from "../engine/stack";
import { addToFile } from "../tenant/add/add";
import { renderAddition } from "../tenant/add/report";
import { requestedInstance, type TenantAddOptions } from "../tenant/add/request";
import { coloursFor } from "../ui/colour";

/** Writes a tenant's instance into the program. Runs nothing, and changes no platform. */
export function addTenant(name: string, options: TenantAddOptions): void {
  const path =
    options.file === undefined ? resolve(projectFolder, "stacks/tenants.ts") : resolve(options.file);
  const short = relative(process.cwd(), path);
  const addition = addToFile(path, short.startsWith("..") ? path : short, requestedInstance(name, options));
  const text =
    options.json === true
      ? JSON.stringify({ ...addition, changed: addition.added.length > 0 }, undefined, 2)
      : renderAddition(addition, coloursFor(process.stdout)).join("\n");
  process.stdout.write(`${text}\n`);
}
