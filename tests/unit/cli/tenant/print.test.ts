import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import * as prettier from "prettier";
import { instanceExpression, type TenantInstance } from "../../../../cli/tenant/add/instance";
import { flat, print } from "../../../../cli/tenant/add/print";

const words = fc.array(fc.stringMatching(/^[a-z'" /:.-]{1,30}$/), { minLength: 1, maxLength: 4 });
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });

const instances: fc.Arbitrary<TenantInstance> = fc
  .record({
    name: fc.stringMatching(/^[a-z]{1,30}$/),
    namespaces: words,
    size: optional(fc.constantFrom("small", "medium", "large")),
    people: optional(fc.record({ owners: optional(words), developers: optional(words) })),
    reaches: optional(words),
    images: optional(words),
  })
  .map((record) => JSON.parse(JSON.stringify(record)) as TenantInstance)
  // An empty object is nothing that is asked for.
  .filter(({ people }) => people === undefined || Object.keys(people).length > 0);

describe("an instance in the program", () => {
  it("is laid out as Prettier does it", async () => {
    const settings = await prettier.resolveConfig(join(__dirname, "../../../../stacks/tenants.ts"));
    const format = (text: string) => prettier.format(text, { ...settings, parser: "typescript" });
    await fc.assert(
      fc.asyncProperty(instances, async (instance) => {
        const expression = instanceExpression(instance);
        const program = (text: string) => `function f() {\n  return [\n    // kept\n    ${text}\n  ];\n}\n`;
        assert.equal(program(print(expression, 4)), await format(program(flat(expression))));
      }),
      { numRuns: 60 },
    );
  });

  it("is one line where that fits", () => {
    assert.equal(
      print(instanceExpression({ name: "team-green", namespaces: ["app", "jobs"], size: "medium" }), 4),
      'new TenantComponent("team-green", { platform, namespaces: ["app", "jobs"], size: "medium" }, options),',
    );
  });
});
