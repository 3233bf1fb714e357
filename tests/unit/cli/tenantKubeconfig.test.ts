import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { tenantKubeconfig } from "../../../cli/cluster/tenantKubeconfig";
import { printTenantKubeconfig, type TenantKubeconfigOptions } from "../../../cli/commands/tenant";
import { projectName } from "../../../cli/engine/stack";
import { exitCodes } from "../../../cli/exit";
import { node } from "../../../cli/lazy";
import { loginOf } from "../../../cli/status/inspect";
import { paths } from "../../../local/paths";
import { aFolder } from "../../support/folders";
import { ScriptedServer } from "../../support/scriptedServer";

const oidc = {
  issuer: "https://login.example.org/realms/teams",
  clientId: "kubernetes",
  scopes: ["groups", "email"],
};
const login = {
  exec: {
    apiVersion: "client.authentication.k8s.io/v1",
    command: "kubectl",
    args: [
      "oidc-login",
      "get-token",
      "--oidc-issuer-url=https://login.example.org/realms/teams",
      "--oidc-client-id=kubernetes",
      "--oidc-extra-scope=groups",
      "--oidc-extra-scope=email",
    ],
    interactiveMode: "IfAvailable",
    provideClusterInfo: false,
    installHint: "Logging in needs kubelogin: kubectl krew install oidc-login",
  },
};

describe("a kubeconfig for a tenant", () => {
  const access = {
    server: "https://b.example.org:6443",
    certificateAuthority: "the authority",
    certificate: "the administrator's certificate",
    key: "the administrator's key",
    token: "the administrator's token",
  };
  const wanted = { tenant: "team-blue", namespace: "team-blue-app", access };

  it("is one context in the tenant's namespace, as somebody with a token", () => {
    const text = tenantKubeconfig({ ...wanted, proof: { kind: "token", token: "the token" } });
    assert.deepEqual(parse(text), {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "team-blue",
      clusters: [
        {
          name: "terp",
          cluster: {
            server: "https://b.example.org:6443",
            "certificate-authority-data": Buffer.from("the authority").toString("base64"),
          },
        },
      ],
      users: [{ name: "team-blue", user: { token: "the token" } }],
      contexts: [
        { name: "team-blue", context: { cluster: "terp", user: "team-blue", namespace: "team-blue-app" } },
      ],
    });
  });

  it("with a login asks the person when it is used, for what the settings name", () => {
    const text = tenantKubeconfig({ ...wanted, proof: { kind: "login", oidc } });
    const { users } = parse(text) as { users: object[] };
    assert.deepEqual(users, [{ name: "team-blue", user: login }]);
  });

  it("with a login gives kubelogin the provider's authority, where it has one of its own", () => {
    const text = tenantKubeconfig({
      ...wanted,
      proof: { kind: "login", oidc: { ...oidc, authority: "a certificate" } },
    });
    const { users } = parse(text) as { users: { user: typeof login }[] };
    assert.equal(users[0]?.user.exec.args.at(-1), "--certificate-authority-data=YSBjZXJ0aWZpY2F0ZQ==");
  });

  it("has nothing of the administrator's, whose access it is made from", () => {
    for (const proof of [
      { kind: "login", oidc },
      { kind: "token", token: "x" },
    ] as const) {
      const text = tenantKubeconfig({ ...wanted, proof });
      for (const secret of [access.certificate, access.key, access.token])
        assert.ok(!text.includes(secret) && !text.includes(Buffer.from(secret).toString("base64")));
    }
  });

  it("names no authority where the cluster's is known to every machine", () => {
    const text = tenantKubeconfig({
      ...wanted,
      access: { server: "https://b.example.org" },
      proof: { kind: "token", token: "x" },
    });
    const { clusters } = parse(text) as { clusters: object[] };
    assert.deepEqual(clusters, [{ name: "terp", cluster: { server: "https://b.example.org" } }]);
  });
});

describe("terp tenant kubeconfig", () => {
  const folder = aFolder();
  const home = process.env["TERP_HOME"];
  const write = process.stdout.write.bind(process.stdout);
  let server: ScriptedServer;
  let printed: string;

  beforeEach(async () => {
    process.env["TERP_HOME"] = folder.path;
    server = await ScriptedServer.start();
    const namespaces = encodeURIComponent("terp.dev/tenant=team-blue,terp.dev/role=tenant");
    server.on(`GET /api/v1/namespaces?labelSelector=${namespaces}`, [
      200,
      { items: ["team-blue-app", "team-blue-web"].map((name) => ({ metadata: { name } })) },
    ]);
    for (const account of ["reconciler", "robot-delivery"])
      server.on(`POST /api/v1/namespaces/terp-tenant-team-blue/serviceaccounts/${account}/token`, [
        201,
        { status: { token: `the token of ${account}` } },
      ]);
    const places = paths("local");
    const layout = node().layoutOf({
      name: "local",
      directory: places.node,
      runDirectory: places.run,
    });
    put(
      layout.kubeconfig("admin"),
      stringify({
        "current-context": "terp",
        clusters: [{ name: "terp", cluster: { server: server.url } }],
        users: [{ name: "admin", user: { token: "the administrator's" } }],
        contexts: [{ name: "terp", context: { cluster: "terp", user: "admin" } }],
      }),
    );
  });
  afterEach(async () => {
    process.stdout.write = write;
    if (home === undefined) delete process.env["TERP_HOME"];
    else process.env["TERP_HOME"] = home;
    await server.stop();
  });

  function put(file: string, text: string): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** A state in which the last run gave these outputs. */
  async function lastRunGave(outputs: object): Promise<void> {
    const urn = "urn:pulumi:local::terp::pulumi:pulumi:Stack::terp-local";
    const latest = { resources: [{ urn, type: "pulumi:pulumi:Stack", outputs }] };
    const file = join(paths("local").state, ".pulumi", "stacks", await projectName(), "local.json");
    put(file, JSON.stringify({ version: 3, checkpoint: { latest } }));
  }

  /** The kubeconfig's user, and the namespace that it begins in. */
  async function printedFor(
    options: Partial<TenantKubeconfigOptions> = {},
  ): Promise<{ user: unknown; namespace: unknown }> {
    printed = "";
    process.stdout.write = (text: string | Uint8Array) => {
      printed += String(text);
      return true;
    };
    try {
      await printTenantKubeconfig("team-blue", { stack: "local", hours: "8", ...options });
    } finally {
      process.stdout.write = write;
    }
    const { users, contexts } = parse(printed) as {
      users: { user: unknown }[];
      contexts: { context: { namespace: unknown } }[];
    };
    return { user: users[0]?.user, namespace: contexts[0]?.context.namespace };
  }

  const seconds = (): unknown =>
    server.asked.flatMap(
      ({ body }) => (body as { spec?: { expirationSeconds?: unknown } } | undefined)?.spec ?? [],
    )[0]?.expirationSeconds;

  it("is a login for everybody of the team, where people log in: no token is made", async () => {
    await lastRunGave({ oidc });
    assert.deepEqual(await printedFor(), { user: login, namespace: "team-blue-app" });
    assert.deepEqual(
      server.asked.filter(({ method }) => method === "POST"),
      [],
    );
  });

  it("bears the reconciler's token where nobody logs in", async () => {
    await lastRunGave({});
    assert.deepEqual((await printedFor()).user, { token: "the token of reconciler" });
  });

  it("bears the reconciler's token where there was no run: nothing says that somebody logs in", async () => {
    assert.deepEqual((await printedFor()).user, { token: "the token of reconciler" });
  });

  it("bears the reconciler's token with --reconciler, though people log in", async () => {
    await lastRunGave({ oidc });
    assert.deepEqual((await printedFor({ reconciler: true })).user, { token: "the token of reconciler" });
  });

  it("bears a robot's token with --robot, though people log in", async () => {
    await lastRunGave({ oidc });
    assert.deepEqual((await printedFor({ robot: "delivery" })).user, {
      token: "the token of robot-delivery",
    });
  });

  for (const [hours, expected] of [
    ["8", 28_800],
    ["24", 86_400],
    ["0.5", 1800],
    // The API server takes no less.
    ["0.01", 600],
  ] as const) {
    it(`has a token for ${String(expected)} seconds with --hours ${hours}`, async () => {
      await printedFor({ hours, reconciler: true });
      assert.equal(seconds(), expected);
    });
  }

  for (const hours of ["0", "-1", "24.1", "many", "", "Infinity", "NaN"]) {
    it(`is refused with --hours "${hours}", and asks nobody`, async () => {
      await assert.rejects(printedFor({ hours }), {
        message: `--hours: got "${hours}", expected more than 0 and at most 24`,
        code: exitCodes.usage,
      });
      assert.deepEqual(server.asked, []);
    });
  }

  it("is refused for a robot and the reconciler at once", async () => {
    await assert.rejects(printedFor({ robot: "delivery", reconciler: true }), {
      message: "--robot and --reconciler: expected one of them",
      code: exitCodes.usage,
    });
  });

  describe("how people log in", () => {
    const { signal } = new AbortController();

    it("is what the last run knew", async () => {
      await lastRunGave({ oidc, recipient: "age1platform" });
      assert.deepEqual(await loginOf("local", signal), oidc);
    });

    it("isn't known where nothing was set, or nothing was run", async () => {
      assert.equal(await loginOf("local", signal), undefined);
      await lastRunGave({ recipient: "age1platform" });
      assert.equal(await loginOf("local", signal), undefined);
    });
  });
});
