import assert from "node:assert/strict";
import { changesBetween, diffOf, pathText } from "../../../local/plugins/kubernetes/diff";
import { immutablePaths, needsReplacement } from "../../../local/plugins/kubernetes/replaceRules";

const nothingMutable = { configMap: false, secret: false };

describe("the kubernetes plugin's diff", () => {
  const configMap = (data: Record<string, string>, name = "c") => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "n" },
    data,
  });

  it("names each changed key, a map that comes or goes by its own name", () => {
    const old = { metadata: { name: "a" }, data: { a: "1", b: "2" } };
    const next = { metadata: { name: "a", labels: { x: "1" } }, data: { a: "2", c: "3" } };
    const found = changesBetween(old, next).map(({ path, kind }) => `${kind} ${pathText(path)}`);
    assert.deepEqual(found, ["update data.a", "delete data.b", "add data.c", "add metadata.labels"]);
  });

  it("takes null for absent, and goes into lists", () => {
    assert.deepEqual(changesBetween({ a: null }, {}), []);
    assert.deepEqual(changesBetween({ l: [{ x: 1 }] }, { l: [{ x: 2 }, {}] }), [
      { path: ["l", 0, "x"], kind: "update" },
      { path: ["l", 1], kind: "add" },
    ]);
  });

  it("quotes keys with dots", () => {
    assert.equal(pathText(["metadata", "labels", "a.b/c", 0]), 'metadata.labels["a.b/c"][0]');
  });

  it("replaces a named ConfigMap by deleting it first when its data changes", () => {
    const next = configMap({ a: "2" });
    const diff = diffOf(configMap({ a: "1" }), next, immutablePaths(next, nothingMutable));
    assert.deepEqual(diff.replaces, ["data.a"]);
    assert.equal(diff.deleteBeforeReplace, true);
    assert.equal(diff.detailedDiff?.["data.a"]?.kind, "update-replace");
  });

  it("creates first under another name", () => {
    const next = configMap({}, "other");
    const diff = diffOf(configMap({}), next, immutablePaths(next, nothingMutable));
    assert.deepEqual([diff.replaces, diff.deleteBeforeReplace], [["metadata.name"], false]);
  });

  it("updates a ConfigMap in place where the provider says so, unless the object is immutable", () => {
    const mutable = { configMap: true, secret: true };
    assert.deepEqual(immutablePaths(configMap({}), mutable), ["metadata.name", "metadata.namespace"]);
    assert.ok(immutablePaths({ ...configMap({}), immutable: true }, mutable).includes("data"));
  });

  it("knows which part of a Pod may change", () => {
    const rules = immutablePaths({ apiVersion: "v1", kind: "Pod" }, nothingMutable);
    assert.ok(needsReplacement(["spec", "containers", "args"], rules));
    assert.ok(!needsReplacement(["spec", "containers", "image"], rules));
    assert.ok(!needsReplacement(["metadata", "labels"], rules));
  });

  it("replaces when a map that holds an immutable key comes or goes", () => {
    const rules = immutablePaths({ apiVersion: "apps/v1", kind: "Deployment" }, nothingMutable);
    assert.ok(needsReplacement(["spec"], rules));
    assert.ok(needsReplacement(["spec", "selector", "matchLabels", "app"], rules));
    assert.ok(!needsReplacement(["spec", "replicas"], rules));
  });
});
