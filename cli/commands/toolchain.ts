import { toolchain } from "../lazy";
import { coloursFor } from "../ui/colour";
import { table } from "../ui/table";

/** Shows the tools: which version, from where, and which are missing. */
export async function listToolchain(options: { readonly json?: boolean }): Promise<void> {
  const states = await toolchain().listTools();
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(states, undefined, 2)}\n`);
    return;
  }
  const colours = coloursFor(process.stdout);
  const rows = states.map((each) => [
    each.tool === undefined ? colours.waiting(`… ${each.name}`) : `${colours.good("✔")} ${each.name}`,
    each.version,
    each.tool === undefined ? "not there yet" : each.tool.source,
    each.tool?.directory ?? "",
  ]);
  process.stdout.write(`${table(rows, "").join("\n")}\n`);
}
