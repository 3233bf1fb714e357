import { strict as assert } from "node:assert";
import { stringify } from "yaml";

import { accessFrom, KubeApi, KubeApiError } from "../../../infra/cluster/kubeApi";
import { ScriptedServer } from "../../support/scriptedServer";

const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** A kubeconfig with two contexts, of which the second is the current one. */
function kubeconfig(changes: object = {}): string {
  return stringify({
    "current-context": "second",
    clusters: [
      { name: "a", cluster: { server: "https://a.example.org" } },
      {
        name: "b",
        cluster: {
          server: "https://b.example.org:6443/",
          "certificate-authority-data": encoded("the authority"),
        },
      },
    ],
    users: [
      { name: "ann", user: { token: "ann's" } },
      {
        name: "bob",
        user: { "client-certificate-data": encoded("bob's"), "client-key-data": encoded("bob's key") },
      },
    ],
    contexts: [
      { name: "first", context: { cluster: "a", user: "ann" } },
      { name: "second", context: { cluster: "b", user: "bob" } },
    ],
    ...changes,
  });
}

describe("a kubeconfig", () => {
  it("says where the cluster of its current context is, and who we are there", () => {
    assert.deepEqual(accessFrom(kubeconfig()), {
      server: "https://b.example.org:6443",
      certificateAuthority: "the authority",
      certificate: "bob's",
      key: "bob's key",
    });
  });

  it("may have a token in the place of a certificate, and no authority of its own", () => {
    assert.deepEqual(accessFrom(kubeconfig({ "current-context": "first" })), {
      server: "https://a.example.org",
      token: "ann's",
    });
  });

  it("whose current context isn't in it is refused", () => {
    assert.throws(() => accessFrom(kubeconfig({ "current-context": "third" })), {
      message: 'kubeconfig: its current context "third" names no cluster or user in the file',
    });
  });

  it("whose current context's user isn't in it is refused", () => {
    assert.throws(
      () => accessFrom(kubeconfig({ users: [] })),
      /its current context "second" names no cluster or user in the file/,
    );
  });
});

describe("the API server", () => {
  let server: ScriptedServer;
  let api: KubeApi;

  beforeEach(async () => {
    server = await ScriptedServer.start();
    api = new KubeApi({ server: server.url, token: "the token" });
  });
  afterEach(async () => {
    await api.close();
    await server.stop();
  });

  const asked = (): { method: string; path: string; authorization: string | undefined } =>
    server.asked[0] ?? assert.fail("it wasn't asked");

  it("is asked with our token", async () => {
    server.on("GET /version", [200, "yes"]);
    assert.equal(await api.text("/version"), "yes");
    assert.equal(asked().authorization, "Bearer the token");
  });

  it("that refuses is quoted, with the path", async () => {
    server.on("GET /version", [403, "not you"]);
    await assert.rejects(api.text("/version"), (error: Error) => {
      assert.ok(error instanceof KubeApiError);
      assert.equal(error.status, 403);
      assert.equal(error.message, "/version: the API server answered 403: not you");
      return true;
    });
  });

  it("that has just started is asked again", async () => {
    server.on("GET /version", [429, "not yet", { "retry-after": "1" }], [200, "yes"]);
    assert.equal(await api.text("/version"), "yes");
    assert.deepEqual(server.requests, ["GET /version", "GET /version"]);
  });

  it("that has just started is quoted where it was to make something", async () => {
    server.on("POST /tokens", [429, "not yet", { "retry-after": "1" }]);
    await assert.rejects(api.post("/tokens", {}), { status: 429 });
  });

  it("that talks much is quoted with the beginning alone", async () => {
    server.on("GET /version", [500, "x".repeat(5000)]);
    await assert.rejects(api.text("/version"), /answered 500: x{500}$/);
  });

  it("is given an object, and its answer is returned", async () => {
    server.on("POST /tokens", [201, { status: { token: "new" } }]);
    assert.deepEqual(await api.post("/tokens", { spec: 1 }), { status: { token: "new" } });
    assert.deepEqual(
      [server.asked[0]?.body, server.asked[0]?.contentType],
      [{ spec: 1 }, "application/json"],
    );
  });

  describe("that merges a change into an object", () => {
    it("is told what, and in whose name, as that is written", async () => {
      server.on("PATCH /things/one?fieldManager=some%20body%26co", [200, {}]);
      await api.merge("/things/one", { spec: { suspend: true } }, "some body&co");
      assert.deepEqual(
        [server.asked[0]?.body, server.asked[0]?.contentType],
        [{ spec: { suspend: true } }, "application/merge-patch+json"],
      );
    });

    it("fails where it refuses, or the object isn't there", async () => {
      for (const status of [404, 409, 422]) {
        server.on("PATCH /things/one?fieldManager=terp", [status, "no"]);
        await assert.rejects(api.merge("/things/one", {}, "terp"), { status });
      }
    });
  });

  describe("that removes an object", () => {
    it("is asked once", async () => {
      server.on("DELETE /things/one", [200, {}]);
      await api.remove("/things/one");
      assert.deepEqual(server.requests, ["DELETE /things/one"]);
    });

    it("has done so where the object isn't there", async () => {
      server.on("DELETE /things/one", [404, "gone"]);
      await api.remove("/things/one");
    });

    it("hasn't where it refuses", async () => {
      server.on("DELETE /things/one", [403, "protected"]);
      await assert.rejects(api.remove("/things/one"), {
        status: 403,
        message: "/things/one: the API server answered 403: protected",
      });
    });
  });

  it("lists objects with every field in its place, and none of a kind that it doesn't know", async () => {
    server.on("GET /things", [200, { items: [{ metadata: { name: "one" } }] }], [404, "what?"]);
    assert.deepEqual(await api.list("/things"), [
      { metadata: { name: "one", namespace: "", generation: 0, labels: {} }, spec: {}, status: {} },
    ]);
    assert.deepEqual(await api.list("/things"), []);
  });
});
