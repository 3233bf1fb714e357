import { strict as assert } from "node:assert";
import { existsSync, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { withPipelineIdentity } from "../../../../cli/pipeline/identity";
import { eventually } from "../../../support/eventually";

describe("a pipeline's identity", () => {
  let server: Server;
  let asked: string[];
  let status: number;
  let environment: NodeJS.ProcessEnv;

  beforeEach(async () => {
    asked = [];
    status = 200;
    server = createServer((request, response) => {
      asked.push(`${request.url ?? ""} ${request.headers.authorization ?? ""}`);
      response.writeHead(status, { "Content-Type": "application/json" });
      response.end(JSON.stringify({ value: `token-${String(asked.length)}` }));
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/token?x=1`;
    environment = {
      ACTIONS_ID_TOKEN_REQUEST_URL: url,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: "bearer",
      AZURE_CLIENT_ID: "client",
      AZURE_TENANT_ID: "tenant",
    };
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });

  it("of GitHub is asked for Azure's exchange, and lies in a file of its owner's while it is needed", async () => {
    const before = { ...environment };
    let file = "";
    await withPipelineIdentity(environment, () => {
      file = environment["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
      assert.equal(readFileSync(file, "utf8"), "token-1");
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assert.equal(environment["ARM_OIDC_TOKEN_FILE_PATH"], file);
      assert.equal(environment["ARM_CLIENT_ID"], "client");
      return Promise.resolve();
    });
    assert.deepEqual(asked, ["/token?x=1&audience=api%3A%2F%2FAzureADTokenExchange Bearer bearer"]);
    assert.equal(existsSync(file), false);
    assert.deepEqual(environment, before);
  });

  it("is renewed while it is needed", async () => {
    await withPipelineIdentity(
      environment,
      async () => {
        const file = environment["AZURE_FEDERATED_TOKEN_FILE"] ?? "";
        await eventually(
          async () => {
            assert.notEqual(await readFile(file, "utf8"), "token-1");
          },
          20_000,
          5,
        );
      },
      5,
    );
  });

  it("of GitLab is the job's token", async () => {
    const gitlab: NodeJS.ProcessEnv = { AZURE_ID_TOKEN: "jwt", AZURE_CLIENT_ID: "c", AZURE_TENANT_ID: "t" };
    await withPipelineIdentity(gitlab, () => {
      assert.equal(readFileSync(gitlab["AZURE_FEDERATED_TOKEN_FILE"] ?? "", "utf8"), "jwt");
      return Promise.resolve();
    });
  });

  it("is nothing outside a pipeline", async () => {
    const person: NodeJS.ProcessEnv = { HOME: "/home/x" };
    await withPipelineIdentity(person, () => {
      assert.deepEqual(person, { HOME: "/home/x" });
      return Promise.resolve();
    });
  });

  it("that is refused ends the command before its work, with what to mend", async () => {
    status = 403;
    await assert.rejects(
      withPipelineIdentity(environment, () => assert.fail("it works")),
      {
        message:
          "the pipeline's identity: GitHub answers 403, expected a token; give the job `permissions: id-token: write`",
      },
    );
  });
});
