import { strict as assert } from "node:assert";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { discover } from "../../../infra/oidc/discovery";

describe("an identity provider's endpoints", () => {
  let server: Server;
  let issuer = "";
  let asked: (string | undefined)[] = [];
  let answer: { status: number; body: string };

  before(async () => {
    server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(answer.status).end(answer.body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/realms/teams`;
  });
  after(() => server.close());

  function metadata(changes: Readonly<Record<string, unknown>> = {}): string {
    return JSON.stringify({
      issuer,
      authorization_endpoint: "https://login.example.org/authorize",
      token_endpoint: "https://login.example.org/token",
      userinfo_endpoint: "https://login.example.org/userinfo",
      scopes_supported: ["openid"],
      ...changes,
    });
  }

  beforeEach(() => {
    asked = [];
    answer = { status: 200, body: metadata() };
  });

  function message(given: string, remedy: string, url = issuer): string {
    return (
      "the identity provider can't be used, and nothing was done:\n\n" +
      `oidc.issuer\n  given     ${given}\n` +
      `  expected  ${url} as an OpenID Connect issuer, with its metadata at ${url}/.well-known/openid-configuration\n` +
      `  remedy    ${remedy}\n`
    );
  }

  it("are those of its metadata", async () => {
    assert.deepEqual(await discover(issuer, "oidc.issuer"), {
      authorization: "https://login.example.org/authorize",
      token: "https://login.example.org/token",
      userInfo: "https://login.example.org/userinfo",
    });
  });

  it("are asked for below its URL, with one slash between", async () => {
    answer.body = metadata({ issuer: `${issuer}/` });
    await discover(`${issuer}/`, "oidc.issuer");
    assert.deepEqual(asked, ["/realms/teams/.well-known/openid-configuration"]);
  });

  it("aren't taken from a provider that isn't there", async () => {
    answer.status = 404;
    await assert.rejects(discover(issuer, "oidc.issuer"), {
      message: message(
        "an address that answers with status 404",
        "take the issuer as the provider shows it for this client: it is the claim iss of its tokens",
      ),
    });
  });

  it("aren't taken from one that calls itself otherwise: its tokens would be refused", async () => {
    answer.body = metadata({ issuer: `${issuer}/` });
    await assert.rejects(discover(issuer, "oidc.issuer"), {
      message: message(
        `a provider that calls itself "${issuer}/"`,
        "write the issuer as it calls itself, to the last slash: tokens are compared with it",
      ),
    });
  });

  for (const [what, body] of [
    ["a page", "<html>"],
    ["an answer without endpoints", "{}"],
  ] as const) {
    it(`aren't taken from ${what}`, async () => {
      answer.body = body;
      await assert.rejects(discover(issuer, "oidc.issuer"), {
        message: message(
          "an address that answers with something else",
          "take the issuer as the provider shows it",
        ),
      });
    });
  }

  it("aren't taken from one that can't be reached, which is said with its cause", async () => {
    const gone = createServer().listen(0, "127.0.0.1");
    await once(gone, "listening");
    const { port } = gone.address() as AddressInfo;
    gone.close();
    const closed = `http://127.0.0.1:${String(port)}`;
    await assert.rejects(discover(closed, "oidc.issuer"), {
      message: message(
        `a provider that can't be reached: connect ECONNREFUSED 127.0.0.1:${String(port)}`,
        "look at the address, at name resolution and at the proxy (HTTPS_PROXY) of the machine that runs Pulumi",
        closed,
      ),
    });
  });

  it("stop the run by a message alone", async () => {
    answer.status = 500;
    await assert.rejects(discover(issuer, "oidc.issuer"), { __pulumiRunError: true });
  });
});
