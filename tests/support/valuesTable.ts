/** A JSON schema, as far as a table of values looks into it. */
export interface ValueSchema {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, ValueSchema>>;
  readonly items?: ValueSchema;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, ValueSchema>>;
}

/**
 * Every value of a chart with what its schema says of it and its default, as lines of a Markdown table. A group that occurs more
 * than once is written out the first time.
 *
 * @param schema The chart's `values.schema.json`.
 * @param defaults The chart's `values.yaml`.
 */
export function valuesTable(schema: ValueSchema, defaults: unknown): string {
  const definitions = schema.$defs ?? {};
  const seen = new Map<string, string>();
  const resolved = ({ $ref, ...rest }: ValueSchema): ValueSchema =>
    $ref === undefined ? rest : { ...definitions[$ref.replace("#/$defs/", "")], ...rest };

  function rows(of: ValueSchema, path: string, given: unknown): readonly (readonly string[])[] {
    return Object.entries(of.properties ?? {}).flatMap(([name, found]) => {
      const value = resolved(found);
      const here = path === "" ? name : `${path}.${name}`;
      const preset = (given as Record<string, unknown> | undefined)?.[name];
      const isGroup = value.properties !== undefined;
      const before = isGroup && found.$ref !== undefined ? seen.get(found.$ref) : undefined;
      if (isGroup && found.$ref !== undefined && before === undefined) seen.set(found.$ref, here);
      const as = before === undefined ? "" : ` As \`${before}\`.`;
      const shown = isGroup || preset === undefined ? "" : `\`${JSON.stringify(preset)}\``;
      return [
        [`\`${here}\``, `${value.description ?? ""}${as}`, shown],
        ...(before === undefined ? rows(value, here, preset) : []),
        ...(value.items === undefined ? [] : rows(resolved(value.items), `${here}[]`, undefined)),
      ];
    });
  }

  const all = [["value", "what", "default"], ...rows(schema, "", defaults)];
  const [head = "", ...body] = all.map((cells) => `| ${cells.join(" | ")} |`);
  return [head, "| - | - | - |", ...body].join("\n");
}
