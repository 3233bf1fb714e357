import assert from "node:assert/strict";
import { join } from "node:path";
import { parse } from "yaml";

import { provider } from "../../../local/node/clusterProvider";
import { configurationFiles } from "../../../local/node/configuration";
import { programsOf } from "../../../local/node/definitions";
import { authenticationConfiguration, type NodeLogin } from "../../../local/node/login";
import type { Program } from "../../../local/node/programs";
import { layoutOf, type NodeSpec } from "../../../local/node/spec";

const login: NodeLogin = { issuer: "https://login.example.org/realms/teams", clientId: "kubernetes" };
const link = { subnet: "10.203.4.0/30", hostAddress: "10.203.4.1", nodeAddress: "10.203.4.2" };
const folder = "/tools";

function spec(changes: Partial<NodeSpec> = {}): NodeSpec {
  const tools = {
    kube: folder,
    etcd: folder,
    containerd: folder,
    runc: folder,
    cni: folder,
    netpol: folder,
  };
  return { name: "test", directory: "/data", runDirectory: "/run/terp/test", tools, images: [], ...changes };
}

function apiServer(changes: Partial<NodeSpec> = {}): Program {
  const node = spec(changes);
  const surroundings = { spec: node, layout: layoutOf(node), link, proxyPort: 3128, hostProxy: {} };
  return programsOf(surroundings)["kube-apiserver"];
}

describe("logging in to the embedded node", () => {
  const file = "/data/etc/authentication.yaml";

  it("is by signed tokens of one provider for one client, with a prefix before whom they name", () => {
    assert.deepEqual(authenticationConfiguration({ ...login, authority: "a certificate" }), {
      apiVersion: "apiserver.config.k8s.io/v1",
      kind: "AuthenticationConfiguration",
      jwt: [
        {
          issuer: {
            url: "https://login.example.org/realms/teams",
            audiences: ["kubernetes"],
            certificateAuthority: "a certificate",
          },
          claimMappings: {
            username: { claim: "sub", prefix: "oidc:" },
            groups: { claim: "groups", prefix: "" },
          },
          userValidationRules: [
            {
              expression: "user.groups.all(group, !group.startsWith('system:'))",
              message: "groups that begin with system: are Kubernetes' own",
            },
          ],
        },
      ],
    });
  });

  it("trusts a provider by the machine's own authorities, where it is given none", () => {
    assert.ok(!JSON.stringify(authenticationConfiguration(login)).includes("certificateAuthority"));
  });

  it("is told to the API server in a file that it reads at its start: another login starts it anew", () => {
    const node = spec({ login });
    const text = configurationFiles(node, layoutOf(node), link)["authentication.yaml"] ?? "";
    assert.deepEqual(parse(text), authenticationConfiguration(login));
    const { args, readsAtStart } = apiServer({ login });
    assert.ok(args.includes(`--authentication-config=${file}`));
    assert.ok(readsAtStart.includes(file));
  });

  it("has the API server ask through the proxy, and nothing else of what it asks", () => {
    const { environment } = apiServer({ login });
    assert.equal(environment["HTTPS_PROXY"], "http://10.203.4.1:3128");
    assert.equal(
      environment["NO_PROXY"],
      "127.0.0.1,10.203.4.2,10.244.0.0/22,10.96.0.0/16,.svc,.cluster.local",
    );
  });

  it("is nobody's where no provider is set, and the API server is as it was", () => {
    const node = spec();
    assert.ok(!("authentication.yaml" in configurationFiles(node, layoutOf(node), link)));
    const { args, readsAtStart, environment } = apiServer();
    assert.ok(!args.some((argument) => argument.startsWith("--authentication-config")));
    assert.ok(!readsAtStart.includes(join("/data", "etc", "authentication.yaml")));
    assert.ok(!("HTTPS_PROXY" in environment));
  });

  describe("in the stack", () => {
    const asked = { name: "test", registries: {} };
    for (const [what, before, now, changes] of [
      ["is brought to a cluster that had none", undefined, login, true],
      ["is taken from one", login, undefined, true],
      ["changes with its client", login, { ...login, clientId: "terp" }, true],
      ["changes with its authority", login, { ...login, authority: "a certificate" }, true],
      ["changes nothing where it is the same", login, { ...login }, false],
    ] as const) {
      it(what, async () => {
        const inputs = (one: NodeLogin | undefined): object => ({ ...asked, ...(one && { login: one }) });
        const old = { ...inputs(before), state: "running" };
        const result = await provider.diff?.("test", old as never, inputs(now) as never);
        assert.deepEqual([result?.changes, result?.replaces], [changes, []]);
      });
    }

    it("is kept with what else was asked for", async () => {
      const found = await provider.check?.(asked, { ...asked, login });
      assert.deepEqual(found?.inputs?.login, login);
    });
  });
});
