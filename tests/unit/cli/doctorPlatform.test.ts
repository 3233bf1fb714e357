import assert from "node:assert/strict";
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { renderDiagnosis, type Finding } from "../../../cli/doctor/finding";
import {
  judgeCertificates,
  judgeCluster,
  judgeDrill,
  judgeState,
  type CertificateFacts,
  type ClusterFacts,
  type StateFacts,
} from "../../../cli/doctor/judgePlatform";
import { opens } from "../../../cli/doctor/passphrase";
import type { DrillReport } from "../../../cli/drill/report";
import { coloursFor } from "../../../cli/ui/colour";

const now = new Date("2026-11-21T12:00:00Z");
const inDays = (days: number): Date => new Date(now.getTime() + days * 24 * 3600 * 1000);

describe("what the doctor says of the state", () => {
  const there = (secrets: (StateFacts & { kind: "there" })["secrets"]): StateFacts => ({
    kind: "there",
    secrets,
    passphrase: "/keep/passphrase",
  });
  const lost =
    "bring the file back from a copy of the keep folder; without one take the state for lost: move it away, then bin/terp up --stack prd";
  const cases: readonly (readonly [string, StateFacts, readonly Finding[]])[] = [
    ["nothing where its secrets can be read", there("readable"), []],
    [
      "a warning where there is none",
      { kind: "absent" },
      [
        {
          severity: "warning",
          about: "state",
          found: "there is no state, or nothing in it",
          expected: "the state of a platform that is up",
          remedy: "bin/terp up --stack prd, which takes over what exists",
        },
      ],
    ],
    [
      "a fault where it can't be read",
      { kind: "unreadable", reason: "it is cut off" },
      [
        {
          severity: "fault",
          about: "state",
          found: "the state can't be read: it is cut off",
          expected: "one that the engine reads",
          remedy: "mend what it says, or take the state for lost: move it away, then bin/terp up --stack prd",
        },
      ],
    ],
    [
      "a fault where the passphrase is missing",
      there("no passphrase"),
      [
        {
          severity: "fault",
          about: "state",
          found: "the passphrase /keep/passphrase isn't there: the state's secrets can't be read",
          expected: "the file that they were encrypted with",
          remedy: lost,
        },
      ],
    ],
    [
      "a fault where the passphrase is another",
      there("wrong passphrase"),
      [
        {
          severity: "fault",
          about: "state",
          found: "the passphrase /keep/passphrase isn't the one that the state's secrets are encrypted with",
          expected: "the file that they were encrypted with",
          remedy: lost,
        },
      ],
    ],
    [
      "a fault where a backend's secrets can't be read",
      there({ fault: "incorrect passphrase" }),
      [
        {
          severity: "fault",
          about: "state",
          found: "the state's secrets can't be read: incorrect passphrase",
          expected: "the passphrase or the key that they were encrypted with",
          remedy: "set PULUMI_CONFIG_PASSPHRASE_FILE, or sign in to where the key is",
        },
      ],
    ],
  ];
  for (const [what, facts, expected] of cases) {
    it(`is ${what}`, () => {
      assert.deepEqual(judgeState("prd", facts), expected);
    });
  }
});

describe("a passphrase", () => {
  it("is known by what the engine has encrypted with it", async () => {
    const [salt, nonce] = [randomBytes(8), randomBytes(12)];
    const cipher = createCipheriv("aes-256-gcm", pbkdf2Sync("right", salt, 1_000_000, 32, "sha256"), nonce);
    const text = Buffer.concat([cipher.update("pulumi"), cipher.final(), cipher.getAuthTag()]);
    const state = [
      "v1",
      salt.toString("base64"),
      "v1",
      nonce.toString("base64"),
      text.toString("base64"),
    ].join(":");
    assert.equal(await opens("right\n", state), true);
    assert.equal(await opens("wrong", state), false);
  });

  it("isn't judged by a form that isn't known", async () => {
    assert.equal(await opens("right", "v2:a:b"), undefined);
  });
});

describe("what the doctor says of the cluster", () => {
  const cases: readonly (readonly [ClusterFacts, readonly string[]])[] = [
    [{ kind: "running" }, []],
    [{ kind: "absent" }, ["warning: there is no cluster: what only it can tell wasn't looked at"]],
    [{ kind: "unreachable", reason: "ECONNREFUSED" }, ["warning: the cluster can't be asked: ECONNREFUSED"]],
  ];
  for (const [facts, expected] of cases) {
    it(`is ${expected[0] ?? "nothing where it runs"}`, () => {
      const findings = judgeCluster("local", facts);
      assert.deepEqual(
        findings.map(({ severity, found }) => `${severity}: ${found}`),
        expected,
      );
      for (const { remedy } of findings) assert.equal(remedy, "bin/terp up");
    });
  }
});

describe("what the doctor says of certificates", () => {
  const certificate = (
    name: string,
    days: number,
    changes: Partial<CertificateFacts> = {},
  ): CertificateFacts => ({
    name,
    isAuthority: false,
    isOurs: true,
    ends: inDays(days),
    ...changes,
  });
  const expected = "more than 30 days left";

  it("is nothing where they hold for more than 30 days", () => {
    assert.deepEqual(judgeCertificates("prd", [certificate("admin", 31)], now), []);
  });

  it("is one warning for those that end soon", () => {
    const ending = [certificate("admin", 29), certificate("apiserver", 3), certificate("kubelet", 300)];
    assert.deepEqual(judgeCertificates("prd", ending, now), [
      {
        severity: "warning",
        about: "certificate",
        found: "certificates will end: admin, apiserver: 2026-11-24",
        expected,
        remedy: "bin/terp up --stack prd, which renews it",
      },
    ]);
  });

  it("is a fault for one that has ended", () => {
    assert.deepEqual(judgeCertificates("prd", [certificate("admin", -1)], now), [
      {
        severity: "fault",
        about: "certificate",
        found: "a certificate ended: admin: 2026-11-20",
        expected,
        remedy: "bin/terp up --stack prd, which renews it",
      },
    ]);
  });

  it("says how an authority, and somebody else's kubeconfig, is renewed", () => {
    const others = [
      certificate("ca", 10, { isAuthority: true }),
      certificate("the kubeconfig's", 10, { isOurs: false }),
    ];
    assert.deepEqual(
      judgeCertificates("prd", others, now).map((each) => each.remedy),
      [
        "bin/terp down --stack prd, then bin/terp up --stack prd: the cluster is made anew, with the same keys and repositories",
        "get a new kubeconfig from whoever made the cluster, and put it in the old one's place",
      ],
    );
  });
});

describe("what the doctor says of drills", () => {
  const report = (date: Date, changes: Partial<DrillReport> = {}): DrillReport => ({
    version: 1,
    stack: "prd",
    drill: "drill-0a1b2c",
    date: date.toISOString(),
    verdict: "passed",
    sources: { keys: "", git: "", comparedWith: "" },
    checks: [],
    timings: [],
    platformTimings: [],
    ...changes,
  });
  const every = "a drill every 30 days";
  const remedy = "bin/terp drill --stack prd";

  it("is nothing where the last one was of late, and passed", () => {
    assert.deepEqual(judgeDrill("prd", report(inDays(-30)), now), []);
  });

  it("is a warning where there was none", () => {
    assert.deepEqual(judgeDrill("prd", undefined, now), [
      {
        severity: "warning",
        about: "drill",
        found: "a recovery was never rehearsed",
        expected: every,
        remedy,
      },
    ]);
  });

  it("is a warning where the last one was long ago", () => {
    assert.deepEqual(judgeDrill("prd", report(inDays(-31)), now), [
      {
        severity: "warning",
        about: "drill",
        found: "the last drill was on 2026-10-21, 31 days ago",
        expected: every,
        remedy,
      },
    ]);
  });

  it("is a fault where the last one failed", () => {
    const checks = [
      { what: "keys", result: "failed", detail: "" },
      { what: "repositories", result: "passed", detail: "" },
    ] as const;
    assert.deepEqual(judgeDrill("prd", report(inDays(-1), { verdict: "failed", checks: [...checks] }), now), [
      {
        severity: "fault",
        about: "drill",
        found: "the last drill, on 2026-11-20, failed: keys",
        expected: "one that passed",
        remedy: `mend what its report says, then ${remedy}`,
      },
    ]);
  });
});

describe("a diagnosis", () => {
  const plain = coloursFor({});

  it("has faults first, each with what to type, and ends with the verdict", () => {
    const findings: readonly Finding[] = [
      { severity: "warning", about: "drill", found: "never", expected: "one", remedy: "bin/terp drill" },
      { severity: "fault", about: "key", found: "gone" },
    ];
    assert.deepEqual(renderDiagnosis({ stack: "local", healthy: false, findings }, plain), [
      "✖ key: gone",
      "! drill: never",
      "    expected  one",
      "    type      bin/terp drill",
      "",
      "✖ local: a recovery would fail as things are; one fault, one warning",
    ]);
  });

  it("is one line where all is well", () => {
    assert.deepEqual(renderDiagnosis({ stack: "local", healthy: true, findings: [] }, plain), [
      "✔ local: nothing is known that would fail in a disaster; no faults, no warnings",
    ]);
  });
});
