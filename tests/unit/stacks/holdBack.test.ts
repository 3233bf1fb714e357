import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";

import { holdBack, type HeldBack } from "../../../stacks/holdBack";
import { recorder, type Recorder } from "../../support/recorder";

class Part extends pulumi.CustomResource {
  constructor(name: string, options?: pulumi.CustomResourceOptions) {
    super("test:index:Part", name, {}, options);
  }
}

/** Gives everything that could run its turn. */
async function aWhile(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 50));
}

describe("a program that is held back", () => {
  let record: Recorder;
  let held: HeldBack;
  const names = (): readonly string[] =>
    record.resources.filter(({ type }) => type.startsWith("test:")).map(({ name }) => name);

  beforeEach(async () => {
    record = recorder();
    await pulumi.runtime.runInPulumiStack(() => {
      new Part("before");
      held = holdBack();
      const first = new Part("first");
      new Part("second", { dependsOn: first });
      new Part("third", { dependsOn: [first] });
      return Promise.resolve({});
    });
  });

  it("registers nothing before it has been read to its end, but what came before", async () => {
    await aWhile();
    assert.deepEqual(names(), ["before"]);
    held.release();
    await record.settled();
  });

  it("registers all of it then, each after what it depends on", async () => {
    held.release();
    await record.settled();
    assert.deepEqual([...names()].sort(), ["before", "first", "second", "third"]);
    assert.deepEqual(record.byName("second").dependsOn, ["first"]);
    assert.deepEqual(record.byName("third").dependsOn, ["first"]);
    assert.deepEqual(record.byName("first").dependsOn, []);
  });
});
