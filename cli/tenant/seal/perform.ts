import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { describeFaults, type Fault } from "../../../infra/fault";
import { errorCode, writeIfChanged } from "../../../local/files";
import { CommandError } from "../../exit";
import { decideSeal, isAlone, type Judged, type SealDecision, type SealedFile } from "./decision";
import { oneSecretIn } from "./manifest";
import { pathFrom, placeOf, sealedFilesIn, type Place } from "./place";
import type { NamedRecipient } from "./recipient";

/** What is to be sealed. */
export interface SealRequest {
  /** Files as they were typed, `-` for standard input. */
  readonly files: readonly string[];
  /** Where the one file goes; without it, each takes its own place, and standard input goes to standard output. */
  readonly output: string | undefined;
  /** Options that name the recipient. */
  readonly named: readonly NamedRecipient[];
  /** The folder that paths begin in. */
  readonly folder: string;
}

/** What is read and written beside files. */
export interface SealStreams {
  readonly input: () => Promise<string>;
  readonly output: (text: string) => void;
}

/** A file that can be sealed. */
export interface PreparedSeal extends SealDecision {
  readonly text: string;
  /** Where it goes, with which rights; `undefined` for standard output. */
  readonly target: { readonly path: string; readonly mode: number } | undefined;
}

/** What was done with a file. */
export interface SealResult {
  readonly file: string;
  /** The Secret's name. */
  readonly secret: string;
  readonly recipient: string;
  readonly result: "sealed" | "already sealed";
}

interface Source {
  readonly shown: string;
  /** Where the file is, or goes: decides which rules hold. Links aren't resolved, as SOPS doesn't. */
  readonly place: string;
  readonly text: string;
}

/** Reads all files and decides what is to be done with each. Changes nothing. */
export async function prepareSeal(
  request: SealRequest,
  streams: Pick<SealStreams, "input">,
): Promise<Judged<readonly PreparedSeal[]>> {
  const neighbours = new Map<string, Promise<readonly SealedFile[]>>();
  const known = async (place: Place): Promise<readonly SealedFile[]> => {
    const key = JSON.stringify([place.base, place.root]);
    const found = neighbours.get(key) ?? sealedFilesIn(place, request.folder);
    neighbours.set(key, found);
    return found;
  };
  const prepared: PreparedSeal[] = [];
  const faults: Fault[] = [];
  const files = new Map(request.files.map((file) => [resolve(request.folder, file), file]));
  for (const file of files.values()) {
    const source = await readSource(file, request, streams);
    if ("fault" in source) {
      faults.push(source.fault);
      continue;
    }
    const { shown, text } = source;
    const place = placeOf(dirname(source.place), request.folder);
    const path = pathFrom(place.base, source.place);
    const others = (await known(place)).filter((each) => each.path !== path);
    const { rules } = place;
    const judged = decideSeal({ file: shown, text, path, rules, neighbours: others, named: request.named });
    faults.push(...judged.faults);
    if (judged.decided !== undefined) {
      prepared.push({ ...judged.decided, text, target: targetOf(file, request) });
    }
  }
  const unique = [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
  return unique.length > 0 ? { faults: unique } : { faults: [], decided: prepared };
}

async function readSource(
  file: string,
  { folder, output }: SealRequest,
  streams: Pick<SealStreams, "input">,
): Promise<Source | { readonly fault: Fault }> {
  const isInput = file === "-";
  const shown = isInput ? "standard input" : file;
  const place = resolve(folder, output ?? (isInput ? "secret.yaml" : file));
  let text: string;
  try {
    text = isInput ? await streams.input() : readFileSync(resolve(folder, file), "utf8");
  } catch (error) {
    return { fault: unreadable(shown, error) };
  }
  if (/\.ya?ml$/.test(place)) return { shown, place, text };
  const expected = "a file whose name ends in .yaml or .yml: Flux decrypts by the ending";
  return { fault: { path: output ?? shown, given: "another ending", expected, remedy: "rename it" } };
}

function unreadable(path: string, error: unknown): Fault {
  const expected = "a file with a Secret in clear";
  switch (errorCode(error)) {
    case "ENOENT":
      return { path, given: "no such file", expected, remedy: "mend the path" };
    case "EISDIR":
      return { path, given: "a folder", expected, remedy: "name the files in it that are to be sealed" };
    default:
      return { path, given: String(error), expected, remedy: "make it readable for you" };
  }
}

/** A link stays one: what it leads to is written. */
function targetOf(file: string, { folder, output }: SealRequest): PreparedSeal["target"] {
  if (output !== undefined) {
    const path = resolve(folder, output);
    const mode = statSync(path, { throwIfNoEntry: false })?.mode;
    return mode === undefined ? { path, mode: 0o644 } : { path: realpathSync(path), mode: mode & 0o777 };
  }
  if (file === "-") return undefined;
  const path = realpathSync(resolve(folder, file));
  return { path, mode: statSync(path).mode & 0o777 };
}

/**
 * Seals what was prepared. No file is written before all are sealed; each is written as a whole.
 *
 * @param encrypt Seals a manifest to a recipient.
 * @throws CommandError if what comes out can be read by others.
 */
export async function performSeal(
  prepared: readonly PreparedSeal[],
  encrypt: (manifest: string, recipient: string) => Promise<string>,
  streams: Pick<SealStreams, "output">,
): Promise<readonly SealResult[]> {
  const written: { readonly each: PreparedSeal; readonly sealed: string }[] = [];
  for (const each of prepared) {
    const sealed = each.isSealed ? each.text : await encrypt(each.text, each.recipient);
    requireSealed(each, sealed);
    written.push({ each, sealed });
  }
  return written.map(({ each, sealed }): SealResult => {
    const { file, secret, recipient, isSealed, target } = each;
    if (target === undefined) streams.output(sealed);
    else writeIfChanged(target.path, sealed, target.mode);
    return { file, secret, recipient, result: isSealed ? "already sealed" : "sealed" };
  });
}

/** SOPS also listens to variables like SOPS_PGP_FP, which add readers. */
function requireSealed({ file, recipient }: PreparedSeal, sealed: string): void {
  const made = oneSecretIn(file, sealed);
  const readers = "name" in made ? (made.readers ?? []) : [];
  if (isAlone(readers, recipient)) return;
  const fault: Fault = {
    path: file,
    given: readers.length === 0 ? "sops left values in clear" : `sops sealed it to ${readers.join(", ")}`,
    expected: `sealed to ${recipient} alone`,
    remedy: "unset the variables of the environment whose names begin with SOPS_, and type it again",
  };
  throw new CommandError(`Nothing was written.\n\n${describeFaults([fault])}`);
}
