import assert from "node:assert/strict";
import { knownTenant } from "../../../../cli/tenant/known";
import { amountOf, shortQuantity } from "../../../../cli/tenant/view/quantity";
import { renderTenants } from "../../../../cli/tenant/view/renderList";
import { renderTenant } from "../../../../cli/tenant/view/renderTenant";
import { sizeClassOf } from "../../../../cli/tenant/view/parts";
import type { TenantView } from "../../../../cli/tenant/view/tenantView";
import { coloursFor } from "../../../../cli/ui/colour";
import { quotaOf, sizes } from "../../../../components/tenant/sizes";

const plain = coloursFor({});
const now = Date.parse("2026-11-01T10:03:05Z");

const blue: TenantView = {
  name: "team-blue",
  ready: true,
  reason: "Applied",
  suspended: false,
  revision: "main@sha1:0123456789abcdef",
  reconciled: "2026-11-01T10:00:00Z",
  repository: "http://git:30080/team-blue/apps",
  brought: undefined,
  recipient: "age1new",
  former: [],
  namespaces: [{ name: "team-blue-app", size: "small", quota: [] }],
  people: [],
  allowances: [],
  troubles: [],
  volumes: [],
  warnings: [],
};

describe("the list of tenants", () => {
  it("has each on a line, aligned", () => {
    const green: TenantView = {
      ...blue,
      name: "team-green",
      ready: false,
      reason: "its repository: authentication failed",
      revision: "",
      reconciled: "",
      namespaces: [
        { name: "team-green-app", size: "medium", quota: [] },
        { name: "team-green-jobs", size: undefined, quota: [] },
      ],
    };
    const troubles = [
      { what: "team-red-app/Deployment/web", reason: "ImagePullBackOff" },
      { what: "team-red-app/Pod/job-1", reason: "Error" },
    ];
    const namespacesOf = (name: string) => [{ name: `${name}-app`, size: "large", quota: [] }];
    const red: TenantView = { ...blue, name: "team-red", troubles, namespaces: namespacesOf("team-red") };
    const white: TenantView = {
      ...blue,
      name: "team-white",
      suspended: true,
      namespaces: namespacesOf("team-white"),
    };
    const views = { stack: "local", ready: false, tenants: [blue, green, red, white], unread: [] };
    assert.deepEqual(renderTenants(views, plain, now), [
      "local: 3 of 4 tenants ready",
      "  ✔ team-blue   app        small    main@sha1:0123456    3 min 05 s ago",
      "  ✖ team-green  app, jobs  several  nothing applied yet                  its repository: authentication failed",
      "  ✔ team-red    app        large    main@sha1:0123456    3 min 05 s ago  in trouble: team-red-app/Deployment/web: ImagePullBackOff (and 1 more)",
      "  ✔ team-white  app        large    main@sha1:0123456    3 min 05 s ago  suspended",
    ]);
  });

  it("says what couldn't be read", () => {
    const views = { stack: "prd", ready: false, tenants: [], unread: ["the cluster: it doesn't answer"] };
    assert.deepEqual(renderTenants(views, plain, now), [
      "prd has no tenants",
      "",
      "not read: the cluster: it doesn't answer",
    ]);
  });
});

describe("one tenant", () => {
  it("is shown shortly where there is little to say", () => {
    assert.deepEqual(renderTenant(blue, [], plain, now), [
      "✔ team-blue: main@sha1:0123456, 3 min 05 s ago",
      "  repository  http://git:30080/team-blue/apps",
      "  recipient   age1new",
      "  people      none: its repository alone decides",
      "",
      "namespaces, and what is used of their bounds",
      "    team-blue-app (small)",
    ]);
  });

  it("is shown with what the owner of a repository does that it brought along", () => {
    const repository = "ssh://git@git.example.org/blue.git";
    const brought = { deployKey: "ssh-ed25519 AAAA", folder: "environments/dev" };
    assert.deepEqual(renderTenant({ ...blue, repository, brought }, [], plain, now).slice(1, 8), [
      "  repository    ssh://git@git.example.org/blue.git",
      "  deploy key    ssh-ed25519 AAAA",
      "                the repository's owner adds it there, to read only",
      "  it must hold  environments/dev/kustomization.yaml, and below environments/dev/secrets another one",
      "                .sops.yaml with age1new, where it has Secrets",
      "  webhook       `terp tenant webhook team-blue` prints what its host calls at a push, where one is set",
      "  recipient     age1new",
    ]);
  });

  it("is shown with all that it has", () => {
    const quota = [
      { resource: "configmaps", used: "45", hard: "50" },
      { resource: "limits.memory", used: "0", hard: "2Gi" },
      { resource: "pods", used: "20", hard: "20" },
      { resource: "requests.cpu", used: "250m", hard: "1" },
      { resource: "requests.memory", used: "1536Mi", hard: "2Gi" },
      { resource: "secrets", used: "2", hard: "50" },
    ];
    const view: TenantView = {
      ...blue,
      former: ["age1old"],
      namespaces: [
        { name: "team-blue-app", size: "small", quota },
        { name: "team-blue-jobs", size: undefined, quota: quota.slice(2, 3) },
      ],
      people: [
        { role: "owner", members: ["blue-admins"] },
        { role: "developer", members: ["blue", "red"] },
      ],
      allowances: [{ what: "domains", values: ["blue.example.org"] }],
      troubles: [{ what: "team-blue-app/Deployment/web", reason: "ImagePullBackOff: no such image" }],
      volumes: [{ name: "team-blue-app/data", phase: "Bound", size: "5Gi" }],
      warnings: [
        {
          what: "team-blue-app/Pod/web-1",
          reason: "BackOff",
          message: "again",
          count: 7,
          last: "2026-11-01T10:03:00Z",
        },
      ],
    };
    assert.deepEqual(renderTenant(view, ["events: forbidden"], plain, now), [
      "✔ team-blue: main@sha1:0123456, 3 min 05 s ago",
      "  repository  http://git:30080/team-blue/apps",
      "  recipient   age1new",
      "  formerly    age1old, which still decrypts: `terp key retire team-blue`",
      "  people      owner: blue-admins",
      "              developer: blue, red",
      "  domains     blue.example.org",
      "",
      "namespaces, and what is used of their bounds",
      "                   team-blue-app (small)  team-blue-jobs (its own)",
      "  pods             20 of 20               20 of 20",
      "  reserved cores   0.25 of 1              no bound",
      "  reserved memory  1.5Gi of 2Gi           no bound",
      "  memory limits    0 of 2Gi               no bound",
      "  configmaps       45 of 50               no bound",
      "",
      "in trouble",
      "  ✖ team-blue-app/Deployment/web  ImagePullBackOff: no such image",
      "",
      "volumes",
      "  team-blue-app/data  Bound  5Gi",
      "",
      "last warnings",
      "  5.0 s ago  team-blue-app/Pod/web-1  BackOff: again (7 times)",
      "",
      "not read: events: forbidden",
    ]);
  });

  it("says nothing of people where nothing is known of its namespaces", () => {
    const view = { ...blue, ready: false, reason: "there is no cluster", revision: "", namespaces: [] };
    assert.deepEqual(renderTenant({ ...view, reconciled: "" }, [], plain, now), [
      "✖ team-blue: there is no cluster",
      "  applied     nothing applied yet",
      "  repository  http://git:30080/team-blue/apps",
      "  recipient   age1new",
    ]);
  });

  it("begins with the reason where it isn't ready", () => {
    const view = { ...blue, ready: false, reason: "BuildFailed: no such file" };
    assert.deepEqual(renderTenant(view, [], plain, now).slice(0, 2), [
      "✖ team-blue: BuildFailed: no such file",
      "  applied     main@sha1:0123456, 3 min 05 s ago",
    ]);
  });
});

describe("a quantity", () => {
  for (const [text, amount] of [
    ["10m", 0.01],
    ["1", 1],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["12e6", 12e6],
    ["2k", 2000],
    ["", undefined],
    ["many", undefined],
    ["1Xi", undefined],
  ] as const) {
    it(`of ${JSON.stringify(text)} is ${String(amount)}`, () => {
      assert.equal(amountOf(text), amount);
    });
  }

  for (const [text, resource, short] of [
    ["1073741824", "requests.memory", "1Gi"],
    ["25165824", "limits.memory", "24Mi"],
    ["1500m", "requests.cpu", "1.5"],
    ["0", "requests.storage", "0"],
    ["17", "pods", "17"],
  ] as const) {
    it(`of ${text} is shown as ${short}`, () => {
      assert.equal(shortQuantity(text, resource), short);
    });
  }
});

describe("the size class of a namespace", () => {
  const quota = (hard: object) => ({
    metadata: { name: "terp", namespace: "a", generation: 0, labels: {} },
    spec: { hard },
    status: {},
  });

  it("is told by its bounds, however they are written", () => {
    assert.equal(sizeClassOf(quota({ ...quotaOf(sizes.medium), "requests.memory": "8192Mi" })), "medium");
  });

  it("is none where they are its own", () => {
    assert.equal(sizeClassOf(quota({ ...quotaOf(sizes.medium), pods: "61" })), undefined);
  });
});

describe("a tenant's name", () => {
  it("that is mistyped is answered with the nearest", () => {
    assert.throws(() => knownTenant("team-bleu", ["team-red", "team-blue"], "the stack local"), {
      message: 'tenant: got "team-bleu", expected one of team-blue, team-red; did you mean "team-blue"?',
      code: 2,
    });
  });

  it("is answered with how to add it where there is none at all", () => {
    assert.throws(() => knownTenant("team-blue", [], "the stack local"), {
      message:
        'tenant: got "team-blue", but the stack local has no tenants. `terp tenant add team-blue` adds one.',
      code: 2,
    });
  });
});
