import assert from "node:assert/strict";
import { renameKubeconfig } from "../../../engine/plugin-behaviour/machine";
import { normalise, normaliseText, shapeOf } from "../../../engine/plugin-behaviour/normalise";

const around = { directory: "/tmp/pb-01-x", server: "https://10.1.2.3:6443", scenarios: "/x/scenarios" };

describe("normalising a record", () => {
  it("hides paths, addresses, times and generated names", () => {
    const texts: Record<string, string> = {
      "/tmp/pb-01-x/chart": "<tmp>/chart",
      "at https://10.1.2.3:6443/api": "at <server>/api",
      "dial 10.1.2.3:6443": "dial <server>",
      "see https://example.test/x for help": "see <url> for help",
      "2026-11-21T11:00:00Z": "<time>",
      "config-0a1b2c3d": "config-<auto>",
      "[Pod pb-14/web-7d4b9c6f5b-x2z4k]": "[Pod pb-14/web-<rs>-<pod>]",
      "after 12.5s": "after <dur>",
    };
    for (const [text, expected] of Object.entries(texts)) assert.equal(normaliseText(text, around), expected);
  });

  it("marks secrets, and describes random values by their form", () => {
    const options = { ...around, generated: true, known: new Set(["given"]) };
    const secret = {
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      plaintext: '"a1B2"',
    };
    const value = { result: secret, prefix: "given", id: "none", uid: "x", __pulumi_raw_state_delta: {} };
    assert.deepEqual(normalise(value, options), {
      result: { "<secret>": "<length 4, alphanumeric>" },
      prefix: "given",
      id: "none",
      uid: "<volatile>",
    });
  });

  it("describes keys, hashes and numbers", () => {
    assert.equal(
      shapeOf("-----BEGIN PRIVATE KEY-----\nx\n", "a"),
      "<pem PRIVATE KEY, trailing newline true>",
    );
    assert.equal(shapeOf("ssh-ed25519 AAAA", "a"), "<ssh-ed25519 key, trailing newline false>");
    assert.equal(shapeOf("aa:bb", "a"), "<colon hex, 2 bytes>");
    assert.equal(shapeOf("AQIDBA==", "base64"), "<base64 length 8, padding 2>");
    assert.equal(shapeOf("0102", "hex"), "<lower hex length 4>");
  });
});

describe("the kubeconfig of the scenarios", () => {
  const config = `
apiVersion: v1
current-context: there
clusters: [{name: here, cluster: {server: "https://a"}}, {name: there, cluster: {server: "https://b"}}]
contexts: [{name: there, context: {cluster: there, user: me, namespace: x}}]
users: [{name: me, user: {token: t}}]
`;

  it("holds the current cluster alone, under the names that the scenarios replace", () => {
    const { text, server } = renameKubeconfig(config);
    assert.equal(server, "https://b");
    assert.match(text, /^current-context: c$/m);
    assert.match(text, /^ {2}- name: k\n {4}cluster:\n {6}server: https:\/\/b$/m);
    assert.doesNotMatch(text, /https:\/\/a/);
  });

  it("says what it lacks", () => {
    assert.throws(() => renameKubeconfig(config.replace("name: me", "name: you")), /user "me"/);
  });
});
