import { differencesBetween, renderDifferences } from "../environments/differences";
import { configOf } from "../engine/source";

/** Options of `terp env diff`. */
export interface EnvDiffOptions {
  readonly json?: boolean;
}

/** Shows in which settings two environments differ. No engine is needed. */
export async function diffEnvironments(one: string, other: string, options: EnvDiffOptions): Promise<void> {
  const differences = differencesBetween(await configOf(one, "compare"), await configOf(other, "compare"));
  const text =
    options.json === true
      ? JSON.stringify(differences, undefined, 2)
      : renderDifferences(differences, [one, other]).join("\n");
  process.stdout.write(`${text}\n`);
}
