import { strict as assert } from "node:assert";

import { textOf, waitIn, type Answer } from "../../../../components/git/answers";
import type { GitHostFault } from "../../../../components/git/host";
import {
  githubExplanation,
  gitlabExplanation,
  type Explanation,
} from "../../../../components/git/hostFaults";

/** An answer as a host gives it, what kind of fault it is, and what its remedy must say. */
type Case = readonly [
  what: string,
  status: number,
  body: unknown,
  fault: GitHostFault,
  remedy: RegExp,
  wait?: number,
];

function answer(status: number, body: unknown, wait?: number): Answer {
  return { status, body, bytes: new Uint8Array(), wait };
}

function judges(explain: (answer: Answer) => Explanation, cases: readonly Case[]): void {
  for (const [what, status, body, fault, remedy, wait] of cases)
    it(`says of ${what} what to do`, () => {
      const [kind, words] = explain(answer(status, body, wait));
      assert.equal(kind, fault);
      assert.match(words, remedy);
    });
}

describe("what GitHub answers", () => {
  const validation = (message: string): object => ({
    message: "Validation Failed",
    errors: [{ resource: "PublicKey", code: "custom", message }],
    status: "422",
  });
  judges(githubExplanation, [
    [
      "a wrong token",
      401,
      { message: "Bad credentials" },
      "unauthenticated",
      /make a new one and type: pulumi/,
    ],
    [
      "too many requests",
      403,
      { message: "API rate limit exceeded for user ID 1." },
      "limited",
      /run this again in 10 min, it goes on where it stopped$/,
      599,
    ],
    [
      "too many requests at once",
      403,
      {
        message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      },
      "limited",
      /run this again in some minutes/,
    ],
    ["too many requests, by its newer status", 429, {}, "limited", /in 1 min/, 1],
    [
      "a token without rights",
      403,
      { message: "Resource not accessible by personal access token" },
      "forbidden",
      /Administration, Contents and Webhooks/,
    ],
    [
      "an account without rights",
      403,
      { message: "You need admin access to the organization before adding a repository to it." },
      "forbidden",
      /give the token the right/,
    ],
    [
      "single sign-on",
      403,
      { message: "Resource protected by organization SAML enforcement. You must grant your token access." },
      "forbidden",
      /Configure SSO/,
    ],
    [
      "deploy keys that the organisation has disabled",
      422,
      validation("Deploy keys are disabled for this repository"),
      "forbidden",
      /Member privileges, Deploy keys, Enabled/,
    ],
    [
      "a deploy key that it has elsewhere",
      422,
      validation("key is already in use"),
      "refused",
      /takes a key once/,
    ],
    [
      "a name that is taken",
      422,
      {
        message: "Repository creation failed.",
        errors: [{ message: "name already exists on this account" }],
      },
      "taken",
      /rename that repository, or give the tenant another name/,
    ],
    [
      "a plan without protected branches",
      403,
      { message: "Upgrade to GitHub Pro or make this repository public to enable this feature." },
      "forbidden",
      /set terp:git\.protect to false/,
    ],
    [
      "a branch that takes pull requests alone",
      422,
      { message: "Repository rule violations found\n\nChanges must be made through a pull request." },
      "forbidden",
      /bypass the rules/,
    ],
    ["an archive", 403, { message: "Repository was archived so is read-only." }, "forbidden", /Unarchive/],
    ["anything else nothing more", 500, { message: "Server Error" }, "refused", /^$/],
  ]);
});

describe("what GitLab answers", () => {
  judges(gitlabExplanation, [
    [
      "a wrong token",
      401,
      { message: "401 Unauthorized" },
      "unauthenticated",
      /make a new one and type: pulumi/,
    ],
    [
      "too many requests",
      429,
      { message: "429 Too Many Requests" },
      "limited",
      /run this again in 1 min/,
      60,
    ],
    [
      "a token of too narrow a scope",
      403,
      {
        error: "insufficient_scope",
        error_description: "The request requires higher privileges than provided by the access token.",
      },
      "forbidden",
      /with the scope api/,
    ],
    ["an account without rights", 403, { message: "403 Forbidden" }, "forbidden", /maintainer of the group$/],
    [
      "a group in which it makes nothing",
      400,
      { message: { namespace: ["is not valid"] } },
      "forbidden",
      /let maintainers make projects/,
    ],
    [
      "a name that is taken",
      400,
      { message: { name: ["has already been taken"], path: ["has already been taken"] } },
      "taken",
      /rename that project or let the token see it/,
    ],
    [
      "a name that is being given back",
      400,
      { message: { base: ["The project is still being deleted. Please try again later."] } },
      "taken",
      /wait until it is gone/,
    ],
    [
      "a branch that it may not push to",
      400,
      { message: "You are not allowed to push into this branch" },
      "forbidden",
      /it writes what the platform needs to that branch/,
    ],
    ["anything else nothing more", 500, { message: "500 Internal Server Error" }, "refused", /^$/],
  ]);
});

describe("the words of an answer", () => {
  for (const [what, body, words] of [
    ["its message, in one line", { message: "not\n  like this" }, "not like this"],
    [
      "GitHub's faults beside it",
      { message: "Failed", errors: [{ message: "one" }, "two"] },
      "Failed, one, two",
    ],
    [
      "GitLab's faults in it",
      { message: { name: ["is taken"], base: ["is gone"] } },
      "name is taken, base is gone",
    ],
    [
      "OAuth's description",
      { error: "no", error_description: "The scope is too narrow." },
      "The scope is too narrow.",
    ],
    ["each once", { message: "the same", errors: ["the same"] }, "the same"],
    ["nothing, where it says nothing", null, "without a word"],
    ["nothing, where a field has none", { message: {} }, "without a word"],
  ] as const)
    it(`are ${what}`, () => {
      assert.equal(textOf({ body }), words);
    });
});

describe("the time that an answer asks to wait", () => {
  const now = new Date("2026-01-01T00:00:00Z");
  const renewed = String(now.getTime() / 1000 + 90);
  for (const [what, headers, wait] of [
    ["what it says", { "retry-after": "30" }, 30],
    [
      "until its allowance is renewed, where nothing is left of it",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": renewed },
      90,
    ],
    ["GitLab's too", { "ratelimit-remaining": "0", "ratelimit-reset": renewed }, 90],
    [
      "none while something is left",
      { "x-ratelimit-remaining": "1", "x-ratelimit-reset": renewed },
      undefined,
    ],
    ["none where it says nothing", {}, undefined],
  ] as const)
    it(`is ${what}`, () => {
      assert.equal(waitIn(new Headers(headers), now), wait);
    });
});
