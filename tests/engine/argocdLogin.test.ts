import { strict as assert } from "node:assert";
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

import { applicationSpec, projectSpec } from "../../components/argocd/application";
import { argocdCrds } from "../../components/argocd/crds";
import { argocdApi, argocdNamespace } from "../../components/argocd/names";
import { argocdConfiguration, argocdPolicy } from "../../components/argocd/settings";
import { webhookSecrets } from "../../components/argocd/webhooks";
import { managedKinds } from "../../components/tenant/managedKinds";
import { newAuthority } from "../../local/node/certificates";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensure";
import { describeWebhooks, shownTokens } from "../support/argocd/webhookSuite";
import { ControlPlane } from "../support/controlPlane";
import { eventually } from "../support/eventually";
import { OidcIssuer, type Signature } from "../support/oidcIssuer";
import { makeTestFolder, removeTestFolder, type TestFolder } from "../support/testFolder";

const clientId = "argocd";
/** Nothing listens there: Argo CD's API is asked what somebody may, and not to do it. */
const nowhere = "127.0.0.1:9";

/** A port of this machine's that is free now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Argo CD's own API, with the settings that a stack gives it, at an API server without nodes and at a provider's double. */
describe("who logs in to Argo CD", () => {
  let plane: ControlPlane;
  let issuer: OidcIssuer;
  let own: TestFolder;
  let server: ChildProcess;
  let address = "";

  const make = async (path: string, manifest: object): Promise<void> => {
    await plane.must({ method: "POST", path, body: manifest });
  };

  /** What a stack with two tenants has of Argo CD, as far as its API looks at it. */
  async function makeObjects(): Promise<void> {
    const { "argocd-crds": tool } = await ensureTools(["argocd-crds"], silent);
    const file = join(tool.directory, "argocd-crds.yaml");
    for (const crd of argocdCrds({ kind: "file", file }))
      await make("/apis/apiextensions.k8s.io/v1/customresourcedefinitions", crd);
    const within = `/api/v1/namespaces/${argocdNamespace}`;
    const { certificate: otherAuthority } = await newAuthority("another authority");
    const labels = { "app.kubernetes.io/part-of": "argocd" };
    await make("/api/v1/namespaces", { metadata: { name: argocdNamespace } });
    // The double's certificate is of an authority of its own, which no machine trusts.
    const login = {
      issuer: issuer.url,
      clientId,
      scopes: ["openid", "groups"],
      authority: `${otherAuthority}${issuer.authority}`,
    };
    const data = argocdConfiguration({ kinds: managedKinds, url: "https://argocd.test", login });
    await make(`${within}/configmaps`, { metadata: { name: "argocd-cm", labels }, data });
    const policy = argocdPolicy({ operators: ["operators"], viewers: ["auditors"] });
    await make(`${within}/configmaps`, { metadata: { name: "argocd-rbac-cm", labels }, data: policy });
    await make(`${within}/secrets`, {
      metadata: { name: "argocd-secret", labels },
      stringData: {
        "server.secretkey": "for sessions",
        "oidc.clientSecret": "the client's",
        ...webhookSecrets("github", shownTokens),
      },
    });
    const objects = `/apis/${argocdApi}/namespaces/${argocdNamespace}`;
    for (const tenant of ["team-blue", "team-green"]) {
      const namespaces = [`${tenant}-app`];
      const repository = `ssh://git@git.test/${tenant}.git`;
      await eventually(() =>
        make(`${objects}/appprojects`, {
          apiVersion: argocdApi,
          kind: "AppProject",
          metadata: { name: tenant },
          spec: projectSpec({
            tenant,
            repositories: [repository],
            namespaces,
            kinds: managedKinds,
            account: `terp-tenant-${tenant}:reconciler`,
            groups: { owners: [`${tenant}-owners`], viewers: [`${tenant}-developers`] },
          }),
        }),
      );
      await make(`${objects}/applications`, {
        apiVersion: argocdApi,
        kind: "Application",
        metadata: { name: tenant },
        spec: applicationSpec({
          tenant,
          repository,
          branch: "main",
          path: ".",
          namespace: `${tenant}-app`,
          retry: "3s",
        }),
      });
    }
  }

  before(async () => {
    plane = await ControlPlane.start();
    issuer = await OidcIssuer.start("127.0.0.1");
    own = await makeTestFolder();
    await makeObjects();
    const { argocd } = await ensureTools(["argocd"], silent);
    const kubeconfig = join(own.folder, "kubeconfig");
    await writeFile(kubeconfig, plane.kubeconfig);
    await mkdir(join(own.folder, "assets"));
    const ports = [await freePort(), await freePort()];
    address = `http://127.0.0.1:${String(ports[0])}`;
    const log = openSync(join(own.folder, "server.log"), "a");
    const words = [
      `--kubeconfig=${kubeconfig}`,
      `--namespace=${argocdNamespace}`,
      "--insecure",
      "--address=127.0.0.1",
      `--port=${String(ports[0])}`,
      `--metrics-port=${String(ports[1])}`,
      `--redis=${nowhere}`,
      `--repo-server=${nowhere}`,
      `--staticassets=${join(own.folder, "assets")}`,
    ];
    server = spawn("setpriv", ["--pdeathsig", "KILL", "--", join(argocd.directory, "argocd"), ...words], {
      env: { PATH: process.env["PATH"], HOME: own.folder, ARGOCD_BINARY_NAME: "argocd-server" },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    await eventually(async () => {
      const { status } = await fetch(`${address}/api/version`);
      assert.equal(status, 200, readFileSync(join(own.folder, "server.log"), "utf8").slice(-2000));
    });
  });

  after(async () => {
    server.kill("SIGKILL");
    await issuer.stop();
    await plane.stop();
    await removeTestFolder(own);
  });

  /** What Argo CD answers somebody of a group. */
  async function ask(
    group: string,
    method: "GET" | "POST" | "PUT" | "DELETE",
    path: string,
    { signature = "own", audience = clientId }: { signature?: Signature; audience?: string } = {},
  ): Promise<{ readonly status: number; readonly text: string }> {
    const token = issuer.token({ sub: "somebody", aud: audience, groups: [group] }, signature);
    const response = await fetch(`${address}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...((method === "POST" || method === "PUT") && { body: "{}" }),
    });
    return { status: response.status, text: await response.text() };
  }

  /** The names of the Applications that somebody of a group is shown. */
  async function shown(group: string): Promise<string[]> {
    const { text } = await ask(group, "GET", "applications");
    const { items } = JSON.parse(text) as { items: readonly { metadata: { name: string } }[] | null };
    return (items ?? []).map(({ metadata }) => metadata.name).sort();
  }

  for (const [group, names] of [
    ["team-blue-owners", ["team-blue"]],
    ["team-blue-developers", ["team-blue"]],
    ["team-green-owners", ["team-green"]],
    ["operators", ["team-blue", "team-green"]],
    ["auditors", ["team-blue", "team-green"]],
    ["others", []],
  ] as const)
    it(`sees, of the group ${group}, ${names.length === 0 ? "no Application" : names.join(" and ")}`, async () => {
      await eventually(async () => {
        assert.deepEqual(await shown(group), names);
      });
    });

  for (const [group, may] of [
    ["team-blue-owners", true],
    ["operators", true],
    ["team-blue-developers", false],
    ["team-green-owners", false],
    ["auditors", false],
    ["others", false],
  ] as const)
    it(`may ${may ? "" : "not "}have team-blue's applied anew, of the group ${group}`, async () => {
      const { status, text } = await ask(group, "POST", "applications/team-blue/sync");
      // Who may is let through to the repo server, which isn't there.
      if (may) assert.match(text, /connection refused|connect:|Unavailable/i);
      else assert.deepEqual([status, /permission denied/i.test(text)], [403, true], text);
    });

  it("may not delete or change an Application, as its owner", async () => {
    const deleted = await ask("team-blue-owners", "DELETE", "applications/team-blue");
    assert.equal(deleted.status, 403, deleted.text);
    const changed = await ask("team-blue-owners", "PUT", "applications/team-blue/spec");
    assert.equal(changed.status, 403, changed.text);
  });

  it("may see its own project and no repository or cluster, as a tenant's owner", async () => {
    for (const [path, names] of [
      ["projects", ["team-blue"]],
      ["repositories", []],
      ["clusters", []],
    ] as const) {
      const { text } = await ask("team-blue-owners", "GET", path);
      const { items } = JSON.parse(text) as { items: readonly { metadata?: { name: string } }[] | null };
      assert.deepEqual(
        (items ?? []).map(({ metadata }) => metadata?.name),
        names,
        path,
      );
    }
  });

  it("is known by the provider's signature alone, and by a token for Argo CD", async () => {
    for (const [signature, audience] of [
      ["foreign", clientId],
      ["none", clientId],
      ["own", "another-client"],
    ] as const) {
      const { status, text } = await ask("operators", "GET", "applications", { signature, audience });
      assert.equal(status, 401, `${signature} ${audience}: ${text}`);
    }
  });

  it("isn't let in without a token", async () => {
    const { status } = await fetch(`${address}/api/v1/applications`);
    assert.equal(status, 401);
  });

  describeWebhooks(() => ({ address, plane }));
});
