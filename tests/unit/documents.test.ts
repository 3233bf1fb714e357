import { strict as assert } from "node:assert";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { CommanderError, type Command } from "commander";
import { parse } from "yaml";
import { z } from "zod";
import { program } from "../../cli/program";
import { schemas, secretSettings } from "../../infra/config/schema";
import { valueAt } from "../../infra/config/walk";
import { project } from "../run/command";
import { anchorsOf, blocksOf, callsIn, codeIn, documents, linksIn } from "../support/documents";

/** What `terp` says of words that it can't read. It does nothing. */
async function reading(words: readonly string[], isName: boolean): Promise<string | undefined> {
  const quiet = (command: Command): void => {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
    // `terp env` alone is both a command and a group of others.
    if (command.commands.length === 0 || command.name() === "env") command.action(() => undefined);
    command.commands.forEach(quiet);
  };
  const terp = program();
  quiet(terp);
  try {
    await terp.parseAsync([...words], { from: "user" });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    // A sentence may name a command or an option without its arguments.
    if (isName && error instanceof CommanderError && /missingArgument$/i.test(error.code)) return undefined;
    return error instanceof Error ? error.message : String(error);
  }
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly anyOf?: readonly Shape[];
  readonly oneOf?: readonly Shape[];
}

/** Whether a setting of that name can be written below one of that shape. */
function admits(shape: Shape, [name, ...rest]: readonly string[]): boolean {
  if (name === undefined) return true;
  const next = shape.properties?.[name] ?? shape.additionalProperties;
  const options = [...(shape.anyOf ?? []), ...(shape.oneOf ?? [])];
  return (
    (typeof next === "object" && admits(next, rest)) || options.some((each) => admits(each, [name, ...rest]))
  );
}

const settings: Shape = {
  properties: {
    ...Object.fromEntries(
      Object.entries(schemas).map(([name, schema]) => [
        name,
        z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Shape,
      ]),
    ),
    ...Object.fromEntries(secretSettings.map((name) => [name, { additionalProperties: {} }])),
  },
};

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** What a section says of a value. An ellipsis stands for what everybody has of their own. */
function issuesOf(schema: z.ZodType, value: unknown): readonly Issue[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).filter(({ path }) => !String(valueAt(value, path)).includes("…"));
}

for (const { path, text } of documents().filter(({ path: each }) => each !== "CHANGELOG.md")) {
  describe(`the page ${path}`, () => {
    it("has no command that `terp` doesn't know", async () => {
      const typed = blocksOf(text).flatMap((block) => (block.language === "sh" ? callsIn(block.text) : []));
      const calls = [
        ...typed.map((words) => ({ words, isName: false })),
        // An ellipsis stands for words that don't matter there.
        ...codeIn(text)
          .flatMap(callsIn)
          .filter((words) => !words.includes("…"))
          .map((words) => ({ words, isName: true })),
      ];
      const faults = await Promise.all(
        calls.map(async ({ words, isName }) => {
          const fault = await reading(words, isName);
          return fault === undefined ? [] : [`terp ${words.join(" ")}: ${fault}`];
        }),
      );
      assert.deepEqual(faults.flat(), []);
    });

    it("has no link that leads nowhere", () => {
      const faults = linksIn(text).filter((link) => {
        const [file = "", anchor] = link.split("#");
        const target = join(project, file === "" ? path : normalize(join(dirname(path), file)));
        if (!existsSync(target)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(target, "utf8")).includes(anchor);
      });
      assert.deepEqual(faults, []);
    });

    it("names no setting that there isn't", () => {
      const named = [...text.matchAll(/\bterp:([A-Za-z]+(?:\.[A-Za-z]+)*)/g)].map(([, name]) => name ?? "");
      assert.deepEqual(
        named.filter((name) => !admits(settings, name.split("."))),
        [],
      );
    });

    it("shows no settings that a stack couldn't have", () => {
      const shown = blocksOf(text)
        .filter(({ language, text: yaml }) => language === "yaml" && yaml.startsWith("terp:"))
        .flatMap(({ text: yaml }) => Object.entries(parse(yaml) as Readonly<Record<string, unknown>>));
      const faults = shown.flatMap(([name, value]) => {
        const schema = (schemas as Readonly<Record<string, z.ZodType>>)[name.slice("terp:".length)];
        const issues = schema === undefined ? [{ path: [], message: "unknown" }] : issuesOf(schema, value);
        return issues.map(({ path: at, message }) => `${[name, ...at].join(".")}: ${message}`);
      });
      assert.deepEqual(faults, []);
    });
  });
}
