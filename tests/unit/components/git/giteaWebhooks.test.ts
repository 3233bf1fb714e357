import { strict as assert } from "node:assert";
import fc from "fast-check";

import { hookRequest, hooksToChange, type HookAnswer } from "../../../../components/git/giteaWebhooks";

const host = "http://webhook-receiver.flux-system.svc.cluster.local";
const wanted = { url: `${host}/hook/new`, token: "the token" };

function hook(id: number, url: string, active = true): HookAnswer {
  return { id, active, config: { url } };
}

describe("which webhooks of a repository are changed", () => {
  const cases: readonly (readonly [
    string,
    readonly HookAnswer[],
    { readonly withdrawn: readonly number[]; readonly isMissing: boolean },
  ])[] = [
    ["none is there: it is made", [], { withdrawn: [], isMissing: true }],
    ["it is there: nothing", [hook(1, wanted.url)], { withdrawn: [], isMissing: false }],
    [
      "there is one of another token: it is withdrawn, and the new one made",
      [hook(1, `${host}/hook/old`)],
      { withdrawn: [1], isMissing: true },
    ],
    [
      "it is there beside an older one: that is withdrawn",
      [hook(1, `${host}/hook/old`), hook(2, wanted.url)],
      { withdrawn: [1], isMissing: false },
    ],
    [
      "it is there twice: one stays",
      [hook(1, wanted.url), hook(2, wanted.url)],
      { withdrawn: [2], isMissing: false },
    ],
    [
      "somebody has turned it off: it is made anew",
      [hook(1, wanted.url, false)],
      { withdrawn: [1], isMissing: true },
    ],
    [
      "it is there turned off and turned on: the one that is on stays",
      [hook(1, wanted.url, false), hook(2, wanted.url)],
      { withdrawn: [1], isMissing: false },
    ],
    [
      "the tenant has one of its own elsewhere: that stays",
      [hook(1, "https://chat.example.org/hook/old")],
      { withdrawn: [], isMissing: true },
    ],
    [
      "another's host begins with the same words: that one stays",
      [hook(1, `${host}.example.org/hook/old`)],
      { withdrawn: [], isMissing: true },
    ],
    [
      "one has an address that isn't one: it stays",
      [hook(1, "not an address"), hook(2, "")],
      { withdrawn: [], isMissing: true },
    ],
  ];
  for (const [what, existing, expected] of cases) {
    it(`where ${what}`, () => {
      assert.deepEqual(hooksToChange(existing, wanted), expected);
    });
  }

  const urls = fc.constantFrom(
    wanted.url,
    `${host}/hook/old`,
    `${host}:8080/hook/new`,
    "https://chat.example.org/x",
    "?",
  );
  const hooks = fc
    .array(fc.record({ url: urls, active: fc.boolean() }), { maxLength: 6 })
    .map((each) => each.map(({ url, active }, id) => hook(id, url, active)));

  /** The webhooks after what was decided was done. */
  function changed(existing: readonly HookAnswer[]): HookAnswer[] {
    const { withdrawn, isMissing } = hooksToChange(existing, wanted);
    const kept = existing.filter(({ id }) => !withdrawn.includes(id));
    return isMissing ? [...kept, hook(99, wanted.url)] : kept;
  }

  it("leaves exactly one that calls Flux, which is the wanted one, whatever was there", () => {
    fc.assert(
      fc.property(hooks, (existing) => {
        const ours = changed(existing).filter(({ config }) => config.url.startsWith(`${host}/`));
        assert.deepEqual(
          ours.map(({ active, config }) => [active, config.url]),
          [[true, wanted.url]],
        );
      }),
    );
  });

  it("takes none of the tenant's own", () => {
    fc.assert(
      fc.property(hooks, (existing) => {
        const others = (all: readonly HookAnswer[]): HookAnswer[] =>
          all.filter(({ config }) => !config.url.startsWith(`${host}/`));
        assert.deepEqual(others(changed(existing)), others(existing));
      }),
    );
  });

  it("changes nothing when it is asked again", () => {
    fc.assert(
      fc.property(hooks, (existing) => {
        assert.deepEqual(hooksToChange(changed(existing), wanted), { withdrawn: [], isMissing: false });
      }),
    );
  });
});

describe("a webhook that Gitea is asked for", () => {
  it("calls the address at a push to any branch, and signs with the token", () => {
    assert.deepEqual(hookRequest(wanted), {
      type: "gitea",
      active: true,
      events: ["push"],
      branch_filter: "*",
      config: { url: wanted.url, content_type: "json", secret: "the token" },
    });
  });
});
