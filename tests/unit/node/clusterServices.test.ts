import assert from "node:assert/strict";

import { imageCatalog, imagesFor, type ImageService } from "../../../local/images/catalog";
import { checkedInputs, provider } from "../../../local/node/clusterProvider";
import { toolsOfEveryStack, toolsOfServices } from "../../../local/toolchain/tool";

const referencesFor = (services: readonly ImageService[]): string[] =>
  imagesFor(services).map(({ reference }) => reference);

describe("the images of a service that only some stacks run", () => {
  const ofServices = imageCatalog.filter(({ service }) => service !== undefined);

  it("are no other stack's", () => {
    assert.ok(ofServices.length > 0);
    for (const { reference, service } of ofServices) {
      assert.ok(!referencesFor([]).includes(reference), reference);
      if (service !== undefined) assert.ok(referencesFor([service]).includes(reference), reference);
    }
  });

  it("are made of tools that no other stack takes", () => {
    for (const { tool } of ofServices) assert.ok(toolsOfServices.includes(tool), tool);
    for (const { tool } of imagesFor([])) assert.ok(toolsOfEveryStack.includes(tool), tool);
  });
});

describe("the embedded cluster's services", () => {
  const asked = { name: "test", registries: {} };
  const found = { healthy: true, sources: "digest" };

  it("are kept with what else was asked for", () => {
    assert.deepEqual(checkedInputs({}, { ...asked, services: ["charts"] }, found).services, ["charts"]);
    assert.ok(!("services" in checkedInputs({}, asked, found)));
  });

  for (const [what, before, now, changes] of [
    ["one more brings the node up to date", undefined, ["charts"], true],
    ["the same change nothing", ["charts"], ["charts"], false],
    ["one less changes nothing", ["charts"], undefined, false],
    ["none change nothing", undefined, undefined, false],
  ] as const) {
    it(what, async () => {
      const inputs = (services: readonly ImageService[] | undefined): typeof asked =>
        services === undefined ? asked : { ...asked, ...{ services } };
      const old = { ...inputs(before), state: "running" };
      const result = await provider.diff?.("test", old as never, inputs(now));
      assert.equal(result?.changes, changes);
      assert.deepEqual(result.replaces, []);
    });
  }
});
