import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { CommandError, exitCodes } from "../../exit";
import { checkFile, type CheckResult, together } from "./check";
import { manifestsBelow, manifestText, pathFrom, type Place, placeOf, shownFrom } from "./place";
import type { NamedRecipient } from "./recipient";

/** What is to be checked. */
export interface CheckRequest {
  /** Files and folders as they were typed. */
  readonly paths: readonly string[];
  /** Options that name the recipient. */
  readonly named: readonly NamedRecipient[];
  /** The folder that paths begin in. */
  readonly folder: string;
}

/**
 * Whether all Secrets in files and folders are sealed, and to whom they should be. Changes nothing.
 *
 * @throws CommandError if a path leads nowhere.
 */
export async function checkFiles({ paths, named, folder }: CheckRequest): Promise<CheckResult> {
  const files = new Set<string>();
  for (const path of paths) {
    const full = resolve(folder, path);
    const found = statSync(full, { throwIfNoEntry: false });
    if (found === undefined) {
      throw new CommandError(`${path}: there is no such file or folder; mend the path`, exitCodes.usage);
    }
    for (const file of found.isDirectory() ? await manifestsBelow(full) : [full]) files.add(file);
  }
  const places = new Map<string, Place>();
  const placeFor = (holder: string): Place => {
    const place = places.get(holder) ?? placeOf(holder, folder);
    places.set(holder, place);
    return place;
  };
  const results: CheckResult[] = [];
  for (const file of files) {
    const text = await manifestText(file);
    if (text === undefined) continue;
    const { base, rules } = placeFor(dirname(file));
    results.push(
      checkFile({ file: shownFrom(folder, file), text, path: pathFrom(base, file), rules, named }),
    );
  }
  return together(results);
}
