import assert from "node:assert/strict";
import { judgeApplication } from "../../../cli/drill/applications";
import { complaintIn } from "../../../cli/drill/child";
import { compare, type Comparison } from "../../../cli/drill/compare";
import { howToGoOn } from "../../../cli/engine/operations";
import { digestOf, secretsInInventory, type TenantFacts } from "../../../cli/drill/facts";

const revision = "main@sha1:aaaa";
const blue: TenantFacts = { recipient: "age1blue", revision, secrets: { "blue-app/greeting": "digest" } };

function comparison(changes: Partial<Comparison> = {}): Comparison {
  return {
    stored: { recipient: "age1platform" },
    known: { recipient: "age1platform", tenants: { blue: "age1blue" } },
    backup: { blue: { key: { recipient: "age1blue" }, revision, sealed: ["greeting"] } },
    drill: { recipient: "age1platform", tenants: { blue } },
    running: { recipient: "age1platform", tenants: { blue } },
    brought: [],
    ...changes,
  };
}

const withTenant = (tenant: Partial<TenantFacts>) => ({
  recipient: "age1platform",
  tenants: { blue: { ...blue, ...tenant } },
});

function lines(changes: Partial<Comparison> = {}): string[] {
  return compare(comparison(changes)).map(({ what, result, detail }) => `${result} ${what}: ${detail}`);
}

const good = [
  "passed key of the platform: age1platform, as the state says",
  "passed key of blue: age1blue, as the state says",
  `passed repository of blue: applied at ${revision}`,
  "passed Secret blue-app/greeting: decrypted, and the same as in the running platform",
];

describe("what a drill compares", () => {
  it("is all there in a good backup", () => {
    assert.deepEqual(lines(), good);
  });

  it("is the key alone of a tenant that brought its repository along", () => {
    const backup = { blue: { key: { recipient: "age1blue" }, revision: undefined, sealed: [] } };
    assert.deepEqual(lines({ backup, brought: ["blue"] }), [
      ...good.slice(0, 2),
      "skipped repository of blue: the tenant brought it along: its owner keeps it",
    ]);
  });

  it("is the backup alone where neither state nor cluster is left", () => {
    assert.deepEqual(lines({ known: undefined, running: undefined }), [
      "passed key of the platform: age1platform, as its store says",
      "passed key of blue: age1blue, as the backup says",
      `passed repository of blue: applied at ${revision}`,
      "passed Secret blue-app/greeting: decrypted; there is no running one to compare with",
    ]);
  });

  it("is the key that took the place of the one that the state knows", () => {
    const rotated = {
      stored: { recipient: "age1new", former: ["age1platform"] },
      backup: {
        blue: { key: { recipient: "age1newer", former: ["age1blue"] }, revision, sealed: ["greeting"] },
      },
      drill: { ...withTenant({ recipient: "age1newer" }), recipient: "age1new" },
    };
    assert.deepEqual(lines(rotated).slice(0, 2), [
      "passed key of the platform: age1new, as its store says",
      "passed key of blue: age1newer, as the backup says",
    ]);
  });

  const cases: readonly (readonly [string, Partial<Comparison>, string])[] = [
    [
      "another key of the platform",
      { drill: { ...withTenant({}), recipient: "age1other" } },
      "failed key of the platform: came up with age1other, expected age1platform as the state says",
    ],
    [
      "no key of the platform",
      { drill: { ...withTenant({}), recipient: undefined } },
      "failed key of the platform: came up with none, expected age1platform as the state says",
    ],
    [
      "another key of a tenant",
      { drill: withTenant({ recipient: "age1new" }) },
      "failed key of blue: came up with age1new, expected age1blue as the state says",
    ],
    [
      "a tenant that doesn't come up",
      { drill: { recipient: "age1platform", tenants: {} } },
      "failed tenant blue: it didn't come up, expected it as in the state; is it still in stacks/tenants.ts?",
    ],
    [
      "a tenant that the code doesn't have any more",
      { known: undefined, drill: { recipient: "age1platform", tenants: {} } },
      "skipped tenant blue: it is in the backup, and not in stacks/tenants.ts any more",
    ],
    [
      "a tenant that the backup doesn't have yet",
      { known: undefined, backup: {} },
      "skipped tenant blue: it is new in stacks/tenants.ts: there is no key of it to recover yet",
    ],
    [
      "a repository that isn't in the backup",
      { backup: { blue: { key: { recipient: "age1blue" }, revision: undefined, sealed: [] } } },
      "failed repository of blue: it isn't in the backup, or has no commit",
    ],
    [
      "another commit than the backup's",
      { drill: withTenant({ revision: "" }) },
      `failed repository of blue: Flux applied nothing, expected ${revision} as in the backup`,
    ],
    [
      "a repository without sealed Secrets",
      { backup: { blue: { key: { recipient: "age1blue" }, revision, sealed: [] } } },
      "skipped Secrets of blue: its repository holds no sealed Secret for this environment",
    ],
    [
      "a sealed Secret that nothing applies",
      { backup: { blue: { key: { recipient: "age1blue" }, revision, sealed: ["unused"] } } },
      "skipped Secret unused of blue: it is sealed in the repository, and nothing there applies it",
    ],
    [
      "a Secret that wasn't decrypted",
      { drill: withTenant({ secrets: { "blue-app/greeting": undefined } }) },
      "failed Secret blue-app/greeting: it wasn't decrypted: it isn't there, or is empty, or still sealed",
    ],
    [
      "a Secret that only the running platform has",
      { drill: withTenant({ secrets: {} }) },
      "failed Secret blue-app/greeting: it wasn't decrypted: it isn't there, or is empty, or still sealed",
    ],
    [
      "a Secret that was pushed after the copy",
      {
        drill: withTenant({ secrets: {} }),
        running: withTenant({ revision: "main@sha1:bbbb" }),
      },
      "skipped Secret blue-app/greeting: the tenant pushed it after the copy was made: main@sha1:bbbb",
    ],
    [
      "another content",
      { drill: withTenant({ secrets: { "blue-app/greeting": "other" } }) },
      "failed Secret blue-app/greeting: decrypted, but its content isn't that of the running platform",
    ],
    [
      "another content since a push",
      { running: withTenant({ revision: "main@sha1:bbbb", secrets: { "blue-app/greeting": "other" } }) },
      "skipped Secret blue-app/greeting: decrypted; the tenant pushed since the copy was made: main@sha1:bbbb",
    ],
  ];
  for (const [what, changes, expected] of cases) {
    it(`shows ${what}`, () => {
      const differing = lines(changes).filter((line) => !good.includes(line));
      assert.ok(differing.includes(expected), `got ${JSON.stringify(differing, undefined, 2)}`);
    });
  }
});

describe("a tenant's application", () => {
  const cases = [
    [
      "answers",
      { drill: "blue-app/podinfo", running: "answers" },
      "passed: blue-app/podinfo answers over HTTP",
    ],
    [
      "must answer if the running one does",
      { drill: undefined, running: "answers" },
      "failed: it doesn't answer over HTTP, and in the running platform it does",
    ],
    [
      "need not answer if the running one doesn't",
      { drill: undefined, running: "none" },
      "skipped: it answers over HTTP in neither platform",
    ],
    [
      "isn't judged where there is no other",
      { drill: undefined, running: undefined },
      "skipped: it doesn't answer over HTTP, and there is no running one to compare with",
    ],
  ] as const;
  for (const [what, answers, expected] of cases) {
    it(what, () => {
      const { result, detail } = judgeApplication("blue", answers);
      assert.equal(`${result}: ${detail}`, expected);
    });
  }
});

describe("the digest of a Secret", () => {
  const base64 = (text: string): string => Buffer.from(text).toString("base64");
  const salt = Buffer.alloc(32, 7);
  const secret = { type: "Opaque", data: { a: base64("1"), b: base64("2") } };

  it("is the same for the same content in whatever order", () => {
    const other = { type: "Opaque", data: { b: base64("2"), a: base64("1") } };
    assert.equal(digestOf(secret, salt), digestOf(other, salt));
  });

  it("differs with the content, and tells nothing without the salt", () => {
    assert.notEqual(digestOf(secret, salt), digestOf({ ...secret, data: { a: base64("1") } }, salt));
    assert.notEqual(digestOf(secret, salt), digestOf(secret, Buffer.alloc(32, 8)));
  });

  it("isn't there for what is empty or still sealed", () => {
    assert.equal(digestOf({ type: "Opaque", data: {} }, salt), undefined);
    const sealed = { type: "Opaque", data: { a: base64("ENC[AES256_GCM,data:x]") } };
    assert.equal(digestOf(sealed, salt), undefined);
  });
});

describe("an inventory", () => {
  it("names its Secrets", () => {
    const ids = [
      "blue-app_greeting__Secret",
      "blue-app_podinfo_apps_Deployment",
      "blue-app_podinfo__Service",
    ];
    assert.deepEqual(secretsInInventory(ids), ["blue-app/greeting"]);
  });
});

describe("what a command of a drill complained about", () => {
  it("is what it says at its end, without its advice", () => {
    const said = [
      "toolchain (0.4 s)",
      "pulumi up: failed after 24 s",
      "",
      "pulumi up failed:",
      "error: the store has no key",
      howToGoOn,
    ];
    assert.equal(complaintIn(said), "pulumi up failed:\nerror: the store has no key");
  });

  it("is everything where it was cut off", () => {
    assert.equal(complaintIn(["toolchain (0.4 s)"]), "toolchain (0.4 s)");
  });
});
