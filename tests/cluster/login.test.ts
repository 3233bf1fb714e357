import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { embeddedKubeconfig } from "../../cli/cluster/access";
import type { Summary } from "../../cli/status/summary";
import {
  developerRules,
  followerRules,
  ownerRules,
  viewerRules,
  type Rule,
} from "../../components/tenant/roles";
import { accessFrom, KubeApi, KubeApiError, type Access } from "../../infra/cluster/kubeApi";
import { at } from "../support/attacks/identities";
import { eventually } from "../support/eventually";
import { OidcIssuer, type Claims } from "../support/oidcIssuer";
import { TrialPlatform } from "../support/trialPlatform";

const anchor = "    // One tenant, one line or more.\n";
const people = '{ owners: ["leads"], developers: ["developers"], viewers: ["auditors"] }';
const red = `    new TenantComponent("team-red", { platform, namespaces: ["app"], people: ${people} }, options),\n`;
const anna: Claims = { sub: "anna", aud: "kubernetes", groups: ["leads"] };

/** Who somebody is to the API server. */
interface Review {
  readonly status: { readonly userInfo: { readonly username: string; readonly groups: readonly string[] } };
}

interface RulesReview {
  readonly status: { readonly resourceRules: readonly Rule[] };
}

/** Each right by itself. */
function rightsIn(rules: readonly Rule[]): string[] {
  const all = rules.flatMap(({ verbs, apiGroups, resources }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`)),
    ),
  );
  // Everybody who is known may ask who they are and what they may.
  return [...new Set(all)].filter((right) => !/\/self\w+reviews$/.test(right)).sort();
}

describe("logging in to the cluster", function () {
  // Each step stands on the one before.
  this.bail(true);
  let trial: TrialPlatform;
  let access: Access;
  let issuer: OidcIssuer;

  async function as<T>(token: string, work: (api: KubeApi) => Promise<T>): Promise<T> {
    const { server, certificateAuthority } = access;
    const api = new KubeApi({ server, token, ...(certificateAuthority && { certificateAuthority }) });
    try {
      return await work(api);
    } finally {
      await api.close();
    }
  }

  async function whoIs(token: string): Promise<Review["status"]["userInfo"]> {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    return ((await as(token, (api) => api.post(path, body))) as Review).status.userInfo;
  }

  async function rightsOf(token: string, namespace: string): Promise<string[]> {
    const body = {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SelfSubjectRulesReview",
      spec: { namespace },
    };
    const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    const { status } = (await as(token, (api) => api.post(path, body))) as RulesReview;
    return rightsIn(status.resourceRules);
  }

  const isNobody = (token: string): Promise<void> =>
    assert.rejects(whoIs(token), (error) => error instanceof KubeApiError && error.status === 401);

  /** Sets the section `oidc` anew, and runs. */
  async function loggingIn(section: object): Promise<void> {
    await trial.edit(
      `Pulumi.${trial.stack}.yaml`,
      (text) => `${text.replace(/ {2}terp:oidc: .*\n/, "")}  terp:oidc: ${JSON.stringify(section)}\n`,
    );
    await trial.ask<Summary>("up");
  }

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.edit("stacks/tenants.ts", (text) => text.replace(anchor, `${anchor}${red}`));
    await trial.ask<Summary>("up");
    const state = await trial.state();
    const cluster = state?.resources.find(({ type }) => type.endsWith(":LocalCluster"));
    // The node reaches nothing but what this machine's end of their link does.
    issuer = await OidcIssuer.start(String(cluster?.outputs["hostAddress"]));
    access = accessFrom((await embeddedKubeconfig(trial.stack, trial.environment)) ?? "");
  });

  after(async () => {
    await issuer.stop();
    await trial.remove();
  });

  it("gives nobody anything without the section `oidc`", async () => {
    await isNobody(issuer.token(anna));
    assert.deepEqual(issuer.asked, []);
  });

  it("begins on a running cluster with the run that sets the section", async () => {
    const caFile = join(trial.folder, "login-ca.pem");
    await writeFile(caFile, issuer.authority);
    await loggingIn({ issuer: issuer.url, clientId: "kubernetes", caFile });
    // The API server asks for the provider's keys in the background.
    await eventually(async () => {
      assert.deepEqual((await whoIs(issuer.token(anna))).username, "oidc:anna");
    });
    assert.deepEqual(issuer.asked.slice(0, 2), [
      "/realms/teams/.well-known/openid-configuration",
      "/realms/teams/keys",
    ]);
  });

  it("takes the groups from the token as they are", async () => {
    const { groups } = await whoIs(issuer.token({ ...anna, groups: ["leads", "everybody else"] }));
    assert.deepEqual([...groups].sort(), ["everybody else", "leads", "system:authenticated"]);
  });

  for (const [group, rules] of [
    ["leads", ownerRules],
    ["developers", developerRules],
    ["auditors", viewerRules],
  ] as const) {
    it(`gives the group "${group}" exactly its role in the tenant's namespace, sight of what applies it, and nothing elsewhere`, async () => {
      const token = issuer.token({ ...anna, groups: [group] });
      assert.deepEqual(await rightsOf(token, "team-red-app"), rightsIn(rules));
      assert.deepEqual(await rightsOf(token, "terp-tenant-team-red"), rightsIn(followerRules));
      for (const namespace of ["team-blue-app", "terp-tenant-team-blue", "flux-system", "default"])
        assert.deepEqual(await rightsOf(token, namespace), [], namespace);
    });
  }

  it("lets somebody of the team do what that role may, and no more", async () => {
    await as(issuer.token({ ...anna, groups: ["auditors"] }), async (api) => {
      assert.ok((await api.list(at("v1", "pods", "team-red-app"))).length > 0);
      for (const path of [at("v1", "secrets", "team-red-app"), at("v1", "pods", "team-blue-app")])
        await assert.rejects(api.text(path), /403.*User \\"oidc:anna\\" cannot list/);
    });
  });

  it("gives somebody without a group of the team nothing", async () => {
    const token = issuer.token({ sub: "otto", aud: "kubernetes" });
    assert.equal((await whoIs(token)).username, "oidc:otto");
    assert.deepEqual(await rightsOf(token, "team-red-app"), []);
  });

  const past = Math.floor(Date.now() / 1000) - 3600;
  for (const [what, make] of [
    ["for another client", () => issuer.token({ ...anna, aud: "grafana" })],
    ["that has expired", () => issuer.token({ ...anna, exp: past })],
    ["that isn't valid yet", () => issuer.token({ ...anna, nbf: past + 2 * 3600 })],
    ["of another issuer", () => issuer.token({ ...anna, iss: "https://login.example.org" })],
    ["that somebody else signed", () => issuer.token(anna, "foreign")],
    ["that nobody signed", () => issuer.token(anna, "none")],
    [
      "with groups that were changed after it was signed",
      () => {
        const [header, , signature] = issuer.token(anna).split(".");
        const [, body] = issuer.token({ ...anna, groups: ["leads", "others"] }).split(".");
        return [header, body, signature].join(".");
      },
    ],
    ["with a group of Kubernetes' own", () => issuer.token({ ...anna, groups: ["system:masters"] })],
  ] as const) {
    it(`knows nobody by a token ${what}`, async () => {
      await isNobody(make());
    });
  }

  it("is what `terp tenant kubeconfig` tells kubelogin", async () => {
    const { standardOutput } = await trial.terp("tenant", "kubeconfig", "team-red");
    const { users, clusters } = parse(standardOutput) as {
      users: { user: { exec: { args: string[] } } }[];
      clusters: { cluster: { server: string } }[];
    };
    assert.deepEqual(users[0]?.user.exec.args, [
      "oidc-login",
      "get-token",
      `--oidc-issuer-url=${issuer.url}`,
      "--oidc-client-id=kubernetes",
      "--oidc-extra-scope=groups",
      `--certificate-authority-data=${Buffer.from(issuer.authority).toString("base64")}`,
    ]);
    assert.equal(clusters[0]?.cluster.server, access.server);
  });

  it("changes with the section: a token for the client of before is nobody's", async () => {
    const caFile = join(trial.folder, "login-ca.pem");
    await loggingIn({ issuer: issuer.url, clientId: "terp", caFile });
    await eventually(async () => {
      assert.equal((await whoIs(issuer.token({ ...anna, aud: "terp" }))).username, "oidc:anna");
    });
    await isNobody(issuer.token(anna));
  });
});
