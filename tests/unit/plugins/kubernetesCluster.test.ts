import assert from "node:assert/strict";
import { accessOf, parseKubeconfig } from "../../../local/plugins/kubernetes/kubeconfig";
import { knownKind, pathOf } from "../../../local/plugins/kubernetes/kinds";
import { providerDiff } from "../../../local/plugins/kubernetes/providerDiff";

const kubeconfig = (server: string, names = ["k", "c", "u"]) => `
apiVersion: v1
kind: Config
current-context: ${String(names[1])}
clusters: [{ name: ${String(names[0])}, cluster: { server: "${server}", certificate-authority-data: ${Buffer.from("ca").toString("base64")} } }]
contexts: [{ name: ${String(names[1])}, context: { cluster: ${String(names[0])}, user: ${String(names[2])}, namespace: team } }]
users: [{ name: ${String(names[2])}, user: { token: secret } }]
`;

describe("the kubernetes plugin's kubeconfig", () => {
  it("says where the cluster is, and as whom to go there", async () => {
    const access = accessOf(parseKubeconfig(kubeconfig("https://a:6443/")));
    assert.deepEqual([access.server, access.ca, access.namespace], ["https://a:6443", "ca", "team"]);
    assert.equal(await access.authorization(), "Bearer secret");
  });

  it("may be JSON", () => {
    assert.deepEqual(parseKubeconfig('{"kind":"Config"}'), { kind: "Config" });
  });

  it("is refused with the reason", () => {
    assert.throws(() => parseKubeconfig("hello"), /cannot unmarshal string/);
    assert.throws(
      () => parseKubeconfig("not: [a kubeconfig"),
      /^KubeconfigError|yaml: line 1: did not find expected/,
    );
    const config = parseKubeconfig(kubeconfig("https://a"));
    assert.throws(() => accessOf(config, { context: "nope" }), /context "nope" does not exist/);
  });

  it("with a key that is none stops the provider", () => {
    const text = kubeconfig("https://a").replace(
      "token: secret",
      "client-certificate-data: eA==, client-key-data: eA==",
    );
    assert.throws(() => accessOf(parseKubeconfig(text)), /failed to find any PEM data/);
  });
});

describe("the kubernetes plugin's provider settings", () => {
  const settings = (server: string, clusterIdentifier?: string, names?: string[]) => ({
    kubeconfig: kubeconfig(server, names),
    ...(clusterIdentifier === undefined ? {} : { clusterIdentifier }),
  });

  it("with the same identifier are the same cluster, wherever it is", () => {
    assert.deepEqual(providerDiff(settings("https://a", "one"), settings("https://b", "one")), {
      changes: "some",
      diffs: ["kubeconfig"],
      replaces: [],
    });
  });

  it("with another identifier are another cluster", () => {
    assert.deepEqual(providerDiff(settings("https://a", "one"), settings("https://a", "two")).replaces, [
      "clusterIdentifier",
    ]);
  });

  it("without one are another cluster at another address only", () => {
    assert.deepEqual(providerDiff(settings("https://a"), settings("https://b")).replaces, ["kubeconfig"]);
    assert.deepEqual(
      providerDiff(settings("https://a"), settings("https://a", undefined, ["x", "y", "z"])).replaces,
      [],
    );
    assert.deepEqual(providerDiff(settings("https://a"), settings("https://b", "one")).replaces, [
      "kubeconfig",
    ]);
  });

  it("that are the same change nothing", () => {
    assert.equal(providerDiff(settings("https://a"), settings("https://a")).changes, "none");
  });
});

describe("the kubernetes plugin's kinds", () => {
  it("are found without asking the server where every server has them", () => {
    const policy = knownKind("networking.k8s.io/v1", "NetworkPolicy");
    assert.ok(policy);
    assert.equal(pathOf(policy, "n", "a"), "/apis/networking.k8s.io/v1/namespaces/n/networkpolicies/a");
    const namespace = knownKind("v1", "Namespace");
    assert.ok(namespace);
    assert.equal(pathOf(namespace, "", "n"), "/api/v1/namespaces/n");
    assert.equal(knownKind("example.test/v1", "Widget"), undefined);
  });
});
