import { strict as assert } from "node:assert";

import { GitHostError } from "../../../../components/git/host";
import { HostClient } from "../../../../components/git/hostClient";
import { githubExplanation } from "../../../../components/git/hostFaults";
import { ScriptedServer } from "../../../support/scriptedServer";

describe("asking a Git host", () => {
  let server: ScriptedServer;

  beforeEach(async () => {
    server = await ScriptedServer.start();
  });
  afterEach(() => server.stop());

  function client(total: number): HostClient {
    return new HostClient(
      {
        description: "the host",
        api: server.url,
        headers: {},
        ifUnreachable: "look whether it runs",
        explain: githubExplanation,
      },
      { total },
    );
  }

  const limit = { message: "You have exceeded a secondary rate limit." };

  it("waits as long as it asks to, and then goes on", async () => {
    server.on("GET /thing", [403, limit, { "retry-after": "1" }], [200, { id: 1 }]);
    const answer = await client(5000).send("GET", "/thing");
    assert.deepEqual([answer.status, answer.body], [200, { id: 1 }]);
  });

  it("doesn't wait longer than there is patience for, and says when to come again", async () => {
    server.on("GET /thing", [403, limit, { "retry-after": "600" }]);
    const asked = client(5000);
    const answer = await asked.send("GET", "/thing");
    const { fault, message } = asked.failure(answer, "looking");
    assert.equal(fault, "limited");
    assert.equal(
      message,
      "the host, looking: it answered 403 You have exceeded a secondary rate limit.; " +
        "it takes no more requests for now: run this again in 10 min, it goes on where it stopped",
    );
    assert.deepEqual(server.requests, ["GET /thing"]);
  });

  it("asks again where a gateway answers in its place", async () => {
    server.on("GET /thing", [502], [503], [200, {}]);
    assert.equal((await client(5000).send("GET", "/thing")).status, 200);
  });

  it("gives up a host that doesn't answer, and says what to look at", async () => {
    server.on("GET /thing", "nothing");
    await assert.rejects(client(100).send("GET", "/thing"), (error: unknown) => {
      assert.ok(error instanceof GitHostError);
      assert.equal(error.fault, "unreachable");
      assert.match(error.message, /^the host can't be reached: .+; look whether it runs$/);
      return true;
    });
  });
});
