import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

/** A kind of resource, as the SDK's own files describe it. */
export interface Kind {
  /** E.g. `azure-native:storage:StorageAccount`, without a version. */
  readonly token: string;
  /** The SDK's module, e.g. `storage`. */
  readonly module: string;
  /** E.g. `StorageAccount`. */
  readonly name: string;
  /** Version of Azure's REST API that it is made by; absent where it isn't made by that API. */
  readonly apiVersion?: string | undefined;
  readonly inputs: readonly string[];
  /** Inputs that the SDK demands. A name that can be generated is none of them. */
  readonly required: readonly string[];
  /** TypeScript types by name, e.g. `outputs.storage.SkuResponse | undefined`. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** The npm package `@pulumi/azure-native`: the only description of Azure's kinds that is at hand without the official plugin. */
export class Sdk {
  private readonly kinds = new Map<string, Kind>();
  private readonly fields = new Map<string, ReadonlyMap<string, string>>();
  private types: string | undefined;

  /** @param folder where the package lies. */
  constructor(private readonly folder: string) {}

  /**
   * The package that a program uses.
   *
   * @param places folders from which it is looked for, the likeliest first.
   * @throws if it isn't installed.
   */
  static find(places: readonly string[]): Sdk {
    for (const place of places) {
      try {
        const manifest = createRequire(path.join(place, "any.js")).resolve(
          "@pulumi/azure-native/package.json",
        );
        return new Sdk(path.dirname(manifest));
      } catch {
        // Not from there.
      }
    }
    throw new Error(`@pulumi/azure-native isn't installed in ${places.join(" or ")}; run npm ci`);
  }

  /**
   * Reads what the SDK says of a kind.
   *
   * @param token a type token, with or without a version.
   * @throws if the SDK has no such kind.
   */
  kind(token: string): Kind {
    const plain = token.replace(/\/v\w+:/, ":");
    const known = this.kinds.get(plain);
    if (known !== undefined) return known;
    const [, module = "", name = ""] = plain.split(":");
    const file = this.fileOf(module, name);
    if (file === undefined) throw new Error(`${token}: @pulumi/azure-native has no such kind of resource`);
    const kind = readKind({ token: plain, module, name }, file);
    this.kinds.set(plain, kind);
    return kind;
  }

  /**
   * The fields of one of the SDK's output types, with their types.
   *
   * @param type e.g. `outputs.storage.SkuResponse`, possibly a list of it or undefined.
   * @returns undefined if it isn't an output type.
   */
  fieldsOf(type: string): ReadonlyMap<string, string> | undefined {
    const [, module, name] = /\boutputs\.(\w+)\.(\w+)/.exec(type) ?? [];
    if (module === undefined || name === undefined) return undefined;
    const key = `${module}.${name}`;
    const known = this.fields.get(key);
    if (known !== undefined) return known;
    this.types ??= readFileSync(path.join(this.folder, "types", "output.d.ts"), "utf8");
    const begin = this.types.indexOf(`declare namespace ${module} {`);
    const start = this.types.indexOf(`    interface ${name} {`, begin);
    if (begin < 0 || start < 0) return undefined;
    const block = this.types.slice(start, this.types.indexOf("\n    }", start));
    const fields = new Map([...block.matchAll(/^ {8}(\w+)\??: (.*?);?$/gm)].map(pair));
    this.fields.set(key, fields);
    return fields;
  }

  /** A kind's files, without extension. Their names begin with a small letter; how many more are small can't be told. */
  private fileOf(module: string, name: string): string | undefined {
    if (!/^\w+$/.test(module) || !/^\w+$/.test(name)) return undefined;
    const folder = path.join(this.folder, module);
    const wanted = `${name}.d.ts`.toLowerCase();
    const found = readdirOrNone(folder).find((each) => each.toLowerCase() === wanted);
    return found === undefined ? undefined : path.join(folder, found.slice(0, -".d.ts".length));
  }
}

function readKind(identity: Pick<Kind, "token" | "module" | "name">, file: string): Kind {
  const code = readFileSync(`${file}.js`, "utf8");
  const types = readFileSync(`${file}.d.ts`, "utf8");
  return {
    ...identity,
    apiVersion: /Uses Azure REST API version ([\w-]+)\./.exec(types)?.[1],
    inputs: firsts(code, /resourceInputs\["(\w+)"\] = \(?args/g),
    required: firsts(code, /Missing required property '(\w+)'/g),
    outputs: new Map([...types.matchAll(/^ {4}readonly (\w+): pulumi\.Output<([^;]*)(?:>;)?$/gm)].map(pair)),
  };
}

function firsts(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, first = ""]) => first))];
}

function pair([, name = "", type = ""]: RegExpMatchArray): [string, string] {
  return [name, type];
}

function readdirOrNone(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
