import { strict as assert } from "node:assert";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

import type { OidcConfig } from "../../../infra/config";
import { newAuthority } from "../../../local/node/certificates";
import { applicationAuthority, applicationLogin, clusterLogin, groupsWith } from "../../../stacks/oidc";
import { aFolder } from "../../support/folders";
import { resolve } from "../../support/resolve";

const oidc: OidcConfig = {
  issuer: "https://login.example.org",
  clientId: "kubernetes",
  scopes: ["groups", "email"],
  groups: { leads: "operator", auditors: "viewer", admins: "operator" },
  clients: {},
};

describe("the login of an application", () => {
  const folder = aFolder();
  let server: Server;
  let issuer = "";
  before(async () => {
    server = createServer((_, response) => {
      const endpoint = "https://login.example.org/endpoint";
      const metadata = {
        issuer,
        authorization_endpoint: endpoint,
        token_endpoint: endpoint,
        userinfo_endpoint: endpoint,
      };
      response.end(JSON.stringify(metadata));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  });
  after(() => server.close());

  const clientSecrets = pulumi.secret({ grafana: "hidden" });

  it("is by its own client, with the provider's endpoints and scopes, each once", async () => {
    const config = { oidc: { ...oidc, issuer, clients: { grafana: { clientId: "dashboards" } } } };
    const login = await applicationLogin("grafana", config, { clientSecrets });
    assert.equal(login?.clientId, "dashboards");
    assert.equal(login.endpoints.token, "https://login.example.org/endpoint");
    assert.deepEqual(login.scopes, ["openid", "profile", "email", "groups"]);
  });

  it("is at the client's own issuer, where it has one", async () => {
    const config = { oidc: { ...oidc, clients: { grafana: { clientId: "dashboards", issuer } } } };
    assert.ok(await applicationLogin("grafana", config, { clientSecrets }));
  });

  it("knows the authorities that the provider is trusted by, where the settings have a file of them", async () => {
    const { certificate } = await newAuthority("login");
    const caFile = join(folder.path, "ca.pem");
    writeFileSync(caFile, certificate);
    const given = { ...oidc, issuer, clients: { grafana: { clientId: "dashboards" } } };
    const own = await applicationLogin("grafana", { oidc: { ...given, caFile } }, { clientSecrets });
    assert.equal(own?.authority, certificate);
    const usual = await applicationLogin("grafana", { oidc: given }, { clientSecrets });
    assert.equal(usual?.authority, undefined);
  });

  it("knows them for an application that finds the endpoints itself, and reads no file where there is no client", async () => {
    const { certificate } = await newAuthority("login");
    const caFile = join(folder.path, "argocd-ca.pem");
    const config = { oidc: { ...oidc, caFile, clients: { argocd: { clientId: "argocd" } } } };
    await assert.rejects(applicationAuthority("argocd", config), /oidc\.caFile/);
    assert.equal(await applicationAuthority("argocd", { oidc: { ...oidc, caFile } }), undefined);
    writeFileSync(caFile, certificate);
    assert.equal(await applicationAuthority("argocd", config), certificate);
  });

  it("keeps the client's secret secret", async () => {
    const config = { oidc: { ...oidc, issuer, clients: { grafana: { clientId: "dashboards" } } } };
    const login = await applicationLogin("grafana", config, { clientSecrets });
    assert.equal(await resolve(login?.clientSecret ?? ""), "hidden");
    assert.ok(login && (await pulumi.isSecret(login.clientSecret)));
  });

  it("is none where the settings have no client for it, and no provider is asked", async () => {
    assert.equal(await applicationLogin("grafana", { oidc }, {}), undefined);
    assert.equal(await applicationLogin("grafana", {}, {}), undefined);
  });

  it("names who is in wrong settings: the client's own issuer, if it is that", async () => {
    const config = { oidc: { ...oidc, clients: { grafana: { clientId: "x", issuer: `${issuer}/` } } } };
    await assert.rejects(
      applicationLogin("grafana", config, { clientSecrets }),
      /\noidc\.clients\.grafana\.issuer\n {2}given/,
    );
  });
});

describe("the login to the cluster", () => {
  const folder = aFolder();

  it("is by the section's issuer and client, without what is for applications", async () => {
    assert.deepEqual(await clusterLogin({ oidc }), {
      issuer: "https://login.example.org",
      clientId: "kubernetes",
      scopes: ["groups", "email"],
    });
  });

  it("has the certificates of the file that the section names", async () => {
    const { certificate } = await newAuthority("login");
    const caFile = join(folder.path, "ca.pem");
    writeFileSync(caFile, certificate);
    assert.equal((await clusterLogin({ oidc: { ...oidc, caFile } }))?.authority, certificate);
  });

  it("is none without the section", async () => {
    assert.equal(await clusterLogin({}), undefined);
  });
});

describe("the platform's groups", () => {
  it("are by their role, in one table for all applications", () => {
    assert.deepEqual(groupsWith("operator", { oidc }), ["admins", "leads"]);
    assert.deepEqual(groupsWith("viewer", { oidc }), ["auditors"]);
  });

  it("are none without a provider", () => {
    assert.deepEqual(groupsWith("operator", {}), []);
  });
});
