import { strict as assert } from "node:assert";

import { pageOf, readAnswer } from "../../../../cli/service/hostAnswer";

const gitlab = "https://git.example.org/acme/teams/blue-apps/-/merge_requests";

describe("what a Git host answers a push with", () => {
  for (const [what, lines, expected] of [
    [
      "GitHub, of a new branch",
      [
        "Create a pull request for 'service-shop' on GitHub by visiting:",
        "https://github.com/acme/blue-apps/pull/new/service-shop",
      ],
      {
        host: "github",
        address: "https://github.com/acme/blue-apps/pull/new/service-shop",
        isOpen: false,
      },
    ],
    [
      "Gitea, of a new branch",
      [
        "Create a new pull request for 'service-shop':",
        "http://10.0.0.2:30080/team-blue/apps/pulls/new/service-shop",
        "Processed 1 references in total",
      ],
      {
        host: "gitea",
        address: "http://10.0.0.2:30080/team-blue/apps/pulls/new/service-shop",
        isOpen: false,
      },
    ],
    [
      "Forgejo, of a new branch",
      ["https://codeberg.org/acme/apps/compare/main...service-shop"],
      {
        host: "gitea",
        address: "https://codeberg.org/acme/apps/compare/main...service-shop",
        isOpen: false,
      },
    ],
    [
      "Gitea, of a branch that is open for review",
      ["Visit the existing pull request:", "http://10.0.0.2:30080/team-blue/apps/pulls/1"],
      { host: "gitea", address: "http://10.0.0.2:30080/team-blue/apps/pulls/1", isOpen: true },
    ],
    [
      "GitLab, which opened one",
      ["View merge request for service-shop:", `${gitlab}/7`],
      { host: "gitlab", address: `${gitlab}/7`, isOpen: true },
    ],
    [
      "GitLab, which opened none",
      [
        "To create a merge request for service-shop, visit:",
        `${gitlab}/new?merge_request%5Bsource_branch%5D=service-shop`,
      ],
      {
        host: "gitlab",
        address: `${gitlab}/new?merge_request%5Bsource_branch%5D=service-shop`,
        isOpen: false,
      },
    ],
    [
      "another host, with an address",
      ["Review it at https://git.example.org/review/1"],
      { address: "https://git.example.org/review/1", isOpen: false },
    ],
    ["a host that says nothing", [], { isOpen: false }],
  ] as const)
    it(`is understood of ${what}`, () => {
      assert.deepEqual(readAnswer(lines), expected);
    });

  it("says whose API opens a change, below a path too", () => {
    assert.deepEqual(pageOf("https://example.org/git/team-blue/apps/pulls/new/service-shop"), {
      url: "https://example.org/git",
      owner: "team-blue",
      repository: "apps",
    });
    assert.equal(pageOf("https://git.example.org/review/1"), undefined);
  });
});
