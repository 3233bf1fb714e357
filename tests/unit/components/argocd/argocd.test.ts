import { strict as assert } from "node:assert";
import { parse } from "yaml";

import { Argocd, type ArgocdArgs } from "../../../../components/argocd/argocd";
import { managedKinds } from "../../../../components/tenant/managedKinds";
import type { PolicyRule } from "../../../../components/policyRule";
import { argocdArgs } from "../../../support/argocd/argocdArgs";
import { allows } from "../../../support/rights";
import { recorder, type Recorded, type Recorder } from "../../../support/recorder";

const args: ArgocdArgs = { ...argocdArgs, kinds: managedKinds };
const groups = { operators: ["platform-operators"], viewers: ['audit, "external"'] };
const pages: ArgocdArgs["pages"] = { host: "argocd.platform.test", groups };
const login = {
  issuer: "https://login.test",
  clientId: "argocd",
  scopes: ["openid"],
  clientSecret: "hidden",
};

function answers({ type, name }: Recorded): Record<string, unknown> {
  return type === "random:index/randomPassword:RandomPassword"
    ? { result: `password ${name}`, bcryptHash: `hash of ${name}` }
    : {};
}

async function afterMaking(changes: Partial<ArgocdArgs> = {}): Promise<Recorder> {
  const record = recorder({ outputs: answers });
  new Argocd("argocd", { ...args, ...changes });
  await record.settled();
  return record;
}

const configurationOf = (record: Recorder): Record<string, string> =>
  record.byName("ConfigMap/argocd/argocd-cm").inputs.data as Record<string, string>;

describe("Argo CD", () => {
  it("admits pods of the restricted profile alone, and runs three without pages", async () => {
    const record = await afterMaking();
    const labels = record.byName("Namespace/argocd").inputs.metadata.labels as Record<string, string>;
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "restricted");
    assert.deepEqual(
      record
        .ofType("kubernetes:apps/v1:Deployment")
        .map(({ name }) => name)
        .sort(),
      ["argocd-application-controller", "argocd-redis", "argocd-repo-server"].map(
        (name) => `Deployment/argocd/${name}`,
      ),
    );
  });

  it("applies as tenants' reconcilers, and knows objects by an annotation", async () => {
    const data = configurationOf(await afterMaking());
    assert.equal(data["application.sync.impersonation.enabled"], "true");
    assert.equal(data["application.resourceTrackingMethod"], "annotation");
  });

  it("looks at what tenants and operators may have applied, and at no Secret", async () => {
    const data = configurationOf(await afterMaking());
    const included = parse(data["resource.inclusions"] ?? "") as { apiGroups: string[]; kinds: string[] }[];
    const kinds = included.flatMap(({ apiGroups, kinds: of }) =>
      of.map((kind) => `${apiGroups.join()}/${kind}`),
    );
    assert.ok(kinds.includes("apps/Deployment"));
    assert.deepEqual(
      kinds.filter((kind) => /Secret|Role|Quota|LimitRange|Namespace|CustomResource|\*/.test(kind)),
      ["/Namespace"],
    );
  });

  it("has nothing in the project that it would make by itself", async () => {
    const { spec } = (await afterMaking()).byName("AppProject/argocd/default").inputs;
    assert.deepEqual([spec.sourceRepos, spec.destinations, spec.clusterResourceWhitelist], [[], [], []]);
    assert.deepEqual(spec.namespaceResourceBlacklist, [{ group: "*", kind: "*" }]);
  });

  it("has an administrator where nobody can log in otherwise, with a password that is secret", async () => {
    const record = await afterMaking({ pages });
    assert.equal(configurationOf(record)["admin.enabled"], "true");
    const secret = record.byName("Secret/argocd/argocd-secret").inputs.stringData;
    assert.ok(record.isSecret(secret));
    const { "admin.password": password } = record.plain(secret) as Record<string, string>;
    assert.equal(password, "hash of argocd-admin");
  });

  it("has no administrator once people log in by the identity provider", async () => {
    const record = await afterMaking({ pages: { host: "argocd.platform.test", groups, login } });
    const data = configurationOf(record);
    assert.equal(data["admin.enabled"], "false");
    assert.deepEqual(parse(data["oidc.config"] ?? ""), {
      name: "Single sign-on",
      issuer: "https://login.test",
      clientID: "argocd",
      clientSecret: "$oidc.clientSecret",
      requestedScopes: ["openid"],
    });
    const secret = record.byName("Secret/argocd/argocd-secret").inputs.stringData;
    const kept = record.plain(secret) as Record<string, string>;
    assert.deepEqual([kept["oidc.clientSecret"], kept["admin.password"]], ["hidden", undefined]);
  });

  it("trusts the identity provider by the authorities that it is given", async () => {
    const authority = "the certificates";
    const record = await afterMaking({
      pages: { host: "argocd.platform.test", groups, login: { ...login, authority } },
    });
    const provider = parse(configurationOf(record)["oidc.config"] ?? "") as { rootCA?: string };
    assert.equal(provider.rootCA, authority);
  });

  it("lets nobody do anything but those in a group that has a role", async () => {
    const record = await afterMaking({ pages });
    assert.deepEqual(record.byName("ConfigMap/argocd/argocd-rbac-cm").inputs.data, {
      "policy.default": "",
      "policy.csv": 'g, "platform-operators", role:admin\ng, "audit, ""external""", role:readonly\n',
      scopes: "[groups]",
    });
  });

  it("has its cache's password in no argument", async () => {
    const record = await afterMaking();
    const { template } = record.byName("Deployment/argocd/argocd-redis").inputs.spec;
    assert.ok(!JSON.stringify(template).includes("password argocd-redis"));
    const secret = record.plain(record.byName("Secret/argocd/argocd-redis").inputs.stringData);
    assert.match(
      (secret as Record<string, string>)["redis.conf"] ?? "",
      /^requirepass password argocd-redis$/m,
    );
  });

  it("gives what fetches repositories no way to the API server, and none to anything by HTTP", async () => {
    const record = await afterMaking();
    const { spec } = record.byName("Deployment/argocd/argocd-repo-server").inputs.spec.template;
    assert.equal(spec.automountServiceAccountToken, false);
    const { egress } = record.byName("NetworkPolicy/argocd/argocd-repo-server").inputs.spec as {
      egress: { ports: { port: number }[] }[];
    };
    const ports = egress.flatMap(({ ports: of }) => of.map(({ port }) => port));
    assert.deepEqual([...new Set(ports)].sort(), [1053, 22, 2222, 53, 6379].sort());
  });
});

describe("what a repository can't have of what fetches it", () => {
  interface Variable {
    readonly name: string;
    readonly value?: string;
  }
  async function variables(): Promise<ReadonlyMap<string, string | undefined>> {
    const record = await afterMaking();
    const { spec } = record.byName("Deployment/argocd/argocd-repo-server").inputs.spec.template;
    const environment = (spec.containers as { env: Variable[] }[]).flatMap(({ env }) => env);
    return new Map(environment.map(({ name, value }) => [name, value]));
  }

  it("is what answers by HTTP, at a loopback address or elsewhere", async () => {
    const found = await variables();
    assert.deepEqual(
      ["HTTP_PROXY", "HTTPS_PROXY", "ARGOCD_REPO_SERVER_METRICS_LISTEN_ADDRESS"].map((name) =>
        found.get(name),
      ),
      ["http://127.0.0.1:9", "http://127.0.0.1:9", "[$(POD_IP)]"],
    );
  });
});

describe("the rights of Argo CD's controller", () => {
  /** What it may do everywhere, by what is bound to it. */
  async function everywhere(): Promise<readonly PolicyRule[]> {
    const record = await afterMaking();
    const bindings = record.ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding");
    return bindings.flatMap(
      ({ inputs }) =>
        record.byName(`ClusterRole/${inputs.roleRef.name as string}`).inputs.rules as PolicyRule[],
    );
  }

  it("are to look", async () => {
    const verbs = (await everywhere()).flatMap((rule) => rule.verbs as string[]);
    assert.deepEqual([...new Set(verbs)].sort(), ["get", "list", "watch"]);
  });

  it("end before Secrets, and before acting as anybody", async () => {
    const rules = await everywhere();
    for (const [verb, resource] of [
      ["get", "secrets"],
      ["impersonate", "serviceaccounts"],
      ["impersonate", "users"],
    ] as const)
      assert.equal(allows(rules, { verb, resource, name: "reconciler" }), false, `${verb} ${resource}`);
  });

  it("are, where they are bound to it, to act as the reconciler and nobody else", async () => {
    const { rules } = (await afterMaking()).byName("ClusterRole/terp-argocd-impersonator").inputs;
    const may = (name: string): boolean =>
      allows(rules as PolicyRule[], { verb: "impersonate", resource: "serviceaccounts", name });
    assert.deepEqual([may("reconciler"), may("default"), may("platform-reconciler")], [true, false, false]);
  });

  it("make and delete no Application in its own namespace", async () => {
    const record = await afterMaking();
    const { rules } = record.byName("Role/argocd/argocd-application-controller").inputs;
    const group = "argoproj.io";
    for (const verb of ["create", "delete"])
      for (const resource of ["applications", "appprojects"])
        assert.equal(allows(rules as PolicyRule[], { verb, group, resource }), false, `${verb} ${resource}`);
    assert.equal(allows(rules as PolicyRule[], { verb: "patch", group, resource: "applications" }), true);
  });
});

describe("what makes Applications of files", () => {
  const controller = "argocd-applicationset-controller";
  const group = "argoproj.io";

  it("isn't there unless it is asked for", async () => {
    const names = (await afterMaking()).resources.map(({ name }) => name);
    assert.deepEqual(
      names.filter((name) => /applicationset-controller|terp-argocd-(remover|applications)/.test(name)),
      [],
    );
  });

  it("may make Applications in Argo CD's namespace, and change no project", async () => {
    const record = await afterMaking({ hasServices: true });
    const rules = record.byName(`Role/argocd/${controller}`).inputs.rules as PolicyRule[];
    const may = (verb: string, resource: string): boolean => allows(rules, { verb, group, resource });
    assert.deepEqual([may("create", "applications"), may("delete", "applications")], [true, true]);
    assert.deepEqual([may("update", "appprojects"), may("create", "applicationsets")], [false, false]);
    assert.equal(record.ofType("kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding").length, 1);
  });

  it("reaches the repo server, which lets it in, the API server and no Git host", async () => {
    const record = await afterMaking({ hasServices: true });
    const { ingress, egress } = record.byName(`NetworkPolicy/argocd/${controller}`).inputs.spec as {
      ingress: object[];
      egress: { ports: { port: number }[] }[];
    };
    const ports = egress.flatMap(({ ports: of }) => of.map(({ port }) => port));
    assert.deepEqual([ingress, [...new Set(ports)].sort()], [[], [1053, 443, 53, 6443, 8081].sort()]);
    const { from } = record.byName("NetworkPolicy/argocd/argocd-repo-server").inputs.spec.ingress[0];
    assert.ok(JSON.stringify(from).includes(controller));
  });

  it("is no way to delete what isn't a tenant's to write: that role ends where the kinds end", async () => {
    const record = await afterMaking({ hasServices: true });
    const rules = record.byName("ClusterRole/terp-argocd-remover").inputs.rules as PolicyRule[];
    const may = (verb: string, resource: string, of = ""): boolean =>
      allows(rules, { verb, group: of, resource });
    assert.equal(may("delete", "deployments", "apps"), true);
    for (const resource of ["secrets", "namespaces", "resourcequotas", "limitranges", "pods"])
      assert.equal(may("delete", resource), false, resource);
    assert.equal(may("delete", "rolebindings", "rbac.authorization.k8s.io"), false);
    assert.deepEqual([...new Set(rules.flatMap(({ verbs }) => verbs as string[]))], ["delete"]);
  });

  it("runs once an Application can't be made to wait for a hook at its end", async () => {
    const record = await afterMaking({ hasServices: true });
    const policy = "ValidatingAdmissionPolicyBinding/terp-argocd-applications";
    assert.ok(record.byName(`Deployment/argocd/${controller}`).dependsOn.includes(policy));
    assert.deepEqual(record.byName(policy).inputs.spec.matchResources.namespaceSelector.matchLabels, {
      "kubernetes.io/metadata.name": "argocd",
    });
  });
});
