import { strict as assert } from "node:assert";

import {
  broughtFaults,
  hostNameOf,
  identityOf,
  linesFor,
  portOf,
  takenFaults,
} from "../../../../components/git/broughtRepository";
import { publishedHostKeys } from "../../../../components/git/knownHosts";

const url = "ssh://git@git.example.org/team-blue/apps.git";

describe("a repository that a tenant brings along", () => {
  for (const good of [
    url,
    "ssh://git@git.example.org:2222/team-blue/apps",
    "ssh://git@ssh.github.com:443/acme/blue.git",
    "ssh://forgejo@10.0.0.7/~team/deep/er/a_b.c-d.git",
  ]) {
    it(`is at an address such as ${good}`, () => {
      assert.deepEqual(broughtFaults("repository", { url: good }), []);
    });
  }

  const form = "ssh://, a user without a password, a host and a path";
  const password = "an address by SSH: the repository is read with a deploy key, never with a password";
  const example = `write for example "${url}"`;
  for (const [given, expected, remedy, shown = given] of [
    ["https://git.example.org/a/b.git", password, 'write "ssh://git@git.example.org/a/b.git"'],
    [
      "https://ann:hidden@git.example.org:8443/a/b",
      password,
      'write "ssh://git@git.example.org/a/b"',
      "https://ann:…@git.example.org:8443/a/b",
    ],
    ["git@git.example.org:a/b.git", form, 'write "ssh://git@git.example.org/a/b.git"'],
    ["ssh://git:hidden@git.example.org/a/b", form, example, "ssh://git:…@git.example.org/a/b"],
    ["ssh://git.example.org/a/b", form, example],
    ["ssh://git@git.example.org", form, example],
    ["ssh://git@git.example.org/", form, example],
    ["ssh://git@git.example.org/a/../b", form, example],
    ["ssh://git@git.example.org/a/b?ref=main", form, example],
    ["ssh://git@git.example.org/a%2fb", form, example],
    ["ssh://-oProxyCommand=x@git.example.org/a", form, example],
    ["file:///srv/git", form, example],
    ["", form, example],
    [
      "ssh://git@git.example.org:2022/a/b",
      "the port 22, 443, 2222: what the network policies let Flux reach",
      "have the host listen on one of them as well",
    ],
  ] as const) {
    it(`isn't at ${JSON.stringify(given)}, and no password is told`, () => {
      assert.deepEqual(broughtFaults("repository", { url: given }), [
        { path: "repository.url", given: JSON.stringify(shown), expected, remedy },
      ]);
    });
  }

  for (const branch of ["main", "release/2026", "v1.2_x-y"]) {
    it(`has a branch such as ${branch}`, () => {
      assert.deepEqual(broughtFaults("repository", { url, branch }), []);
    });
  }
  for (const branch of ["", "-x", "a..b", "a//b", "a/", "a b", "a.lock", "refs:x"]) {
    it(`has no branch ${JSON.stringify(branch)}`, () => {
      assert.deepEqual(broughtFaults("repository", { url, branch }), [
        {
          path: "repository.branch",
          given: JSON.stringify(branch),
          expected: "a branch's name",
          remedy: 'write for example "main"',
        },
      ]);
    });
  }
});

describe("the host of a repository that a tenant brings along", () => {
  it("is named as `known_hosts` names it", () => {
    assert.deepEqual([hostNameOf({ url }), portOf({ url })], ["git.example.org", 22]);
    const other = { url: "ssh://git@Git.Example.org:2222/a" };
    assert.deepEqual([hostNameOf(other), portOf(other)], ["[git.example.org]:2222", 2222]);
  });

  const lines = "git.example.org,10.0.0.7 ssh-ed25519 AAAA\n[git.example.org]:2222 ssh-ed25519 BBBB\n";
  for (const [of, address, expected] of [
    ["its name", url, "git.example.org,10.0.0.7 ssh-ed25519 AAAA\n"],
    ["its address", "ssh://git@10.0.0.7/a", "git.example.org,10.0.0.7 ssh-ed25519 AAAA\n"],
    ["its name and port", "ssh://git@git.example.org:2222/a", "[git.example.org]:2222 ssh-ed25519 BBBB\n"],
    ["nobody's, where a longer name is known", "ssh://git@example.org/a", ""],
  ] as const) {
    it(`has the keys of ${of} alone`, () => {
      assert.equal(linesFor({ url: address }, lines), expected);
    });
  }

  it("may be one whose key is published", () => {
    assert.match(
      linesFor({ url: "ssh://git@github.com/acme/blue.git" }, publishedHostKeys),
      /^github\.com ssh-ed25519 \S+\n$/,
    );
  });
});

describe("one repository", () => {
  it("is known by whichever way its address is written", () => {
    const ways = [
      url,
      "ssh://git@GIT.example.org/team-blue/apps",
      "ssh://deploy@git.example.org:22/Team-Blue/apps.git",
    ];
    assert.equal(new Set(ways.map(identityOf)).size, 1);
  });

  it("isn't another at the same host, or at another of its ports", () => {
    const others = [
      "ssh://git@git.example.org/team-blue/apps2",
      "ssh://git@git.example.org:2222/team-blue/apps",
    ];
    assert.equal(new Set([url, ...others].map(identityOf)).size, 3);
  });

  it("is brought along once: who has it is named", () => {
    const taken = [{ owner: 'tenant "team-green"', url: "ssh://git@git.example.org/team-blue/apps" }];
    assert.deepEqual(takenFaults("repository", { url }, taken), [
      {
        path: "repository.url",
        given: JSON.stringify(url),
        expected: `a repository of this tenant's alone: this one is tenant "team-green"'s`,
        remedy: "name another one, or leave `repository` out: then the platform makes one",
      },
    ]);
  });
});
