import { strict as assert } from "node:assert";
import { differencesBetween, renderDifferences } from "../../../../cli/environments/differences";
import { readConfig } from "../../../../cli/engine/settings";

const azure = (more: string): string => `config:
  terp:cluster: { kind: local }
  terp:flux: ${more}
`;

function config(stack: string, flux: string) {
  return readConfig(azure(flux), { project: "terp", stack });
}

describe("the differences of two environments", () => {
  it("are the settings that differ", () => {
    const [one, other] = [
      config("dev", "{ interval: 1m, concurrency: 4 }"),
      config("prd", "{ interval: 5m, concurrency: 4 }"),
    ];
    assert.deepEqual(differencesBetween(one, other), [{ path: "flux.interval", one: '"1m"', other: '"5m"' }]);
  });

  it("are none where one writes out a default of the other's", () => {
    const { concurrency, interval } = config("dev", "{}").flux;
    const other = config("prd", `{ interval: ${interval}, concurrency: ${String(concurrency)} }`);
    assert.deepEqual(differencesBetween(config("dev", "{}"), other), []);
  });

  it("say what isn't set", () => {
    const lines = renderDifferences(
      [{ path: "oidc.issuer", one: undefined, other: '"https://id"' }],
      ["dev", "prd"],
    );
    assert.deepEqual(lines, ["oidc.issuer", "  dev  not set", '  prd  "https://id"']);
    assert.deepEqual(renderDifferences([], ["dev", "prd"]), ["dev and prd have the same settings"]);
  });
});
