import assert from "node:assert/strict";
import { lostNamespaces } from "../../../cli/engine/revival";
import type { StackState } from "../../../cli/engine/state";

const namespace = (name: string, uid: string) => ({
  urn: `urn:pulumi:local::terp::terp:flux:Flux$kubernetes:core/v1:Namespace::Namespace/${name}`,
  type: "kubernetes:core/v1:Namespace",
  inputs: {},
  outputs: { metadata: { name, uid } },
  delete: false,
  protect: false,
});
const state: StackState = { resources: [namespace("a", "1"), namespace("b", "2")], pendingOperations: 0 };

describe("a state's namespaces", () => {
  const cases: readonly (readonly [string, readonly (readonly [string, string])[], readonly string[]])[] = [
    [
      "are all there in the cluster that it tells of",
      [
        ["a", "1"],
        ["b", "2"],
        ["c", "3"],
      ],
      [],
    ],
    ["are lost in a cluster that was made anew", [], ["a", "b"]],
    [
      "are lost where another of that name is there",
      [
        ["a", "1"],
        ["b", "9"],
      ],
      ["b"],
    ],
  ];
  for (const [what, live, expected] of cases) {
    it(what, () => {
      assert.deepEqual(lostNamespaces(state, new Map(live)), expected);
    });
  }
});
