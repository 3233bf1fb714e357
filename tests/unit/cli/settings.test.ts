import { strict as assert } from "node:assert";
import { checkedConfig } from "../../../cli/engine/settings";
import { CommandError } from "../../../cli/exit";

describe("wrong settings, read before there is an engine", () => {
  const names = { project: "terp", stack: "dev" };
  /** What a command says of a settings file. */
  function said(text: string): string {
    try {
      checkedConfig(text, names);
    } catch (error) {
      assert.ok(error instanceof CommandError, String(error));
      assert.equal(error.code, 2);
      return error.message;
    }
    return assert.fail("it was accepted");
  }

  it("say where to write what can't be typed yet, because the stack isn't there", () => {
    assert.equal(
      said("config: { terp:cluster: { kind: local }, terp:flux: { interval: soon } }"),
      `the configuration of stack "dev" has one fault, and nothing was done:

flux.interval
  given     "soon"
  expected  a whole number with its unit: "s", "m" or "h"
  remedy    type, for example: pulumi config set --stack dev --path 'terp:flux.interval' 1m

\`pulumi config\` needs the stack. Where \`terp init\` or a first run hasn't made it yet, write the same in Pulumi.dev.yaml instead.
`,
    );
  });

  it("say nothing of it where nothing is to be typed", () => {
    const ends = "config: { terp:cluster: { secure: v1 } }";
    assert.match(said(ends), /write it in clear\n$/);
  });
});
