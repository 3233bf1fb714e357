import { strict as assert } from "node:assert";

import { claimFaults } from "../../../../../components/tenant/admission/claims";
import { admits, refuses } from "../../../../support/admission/claimCases";

describe("a tenant's domain", () => {
  admits(
    "domain",
    "blue.example.org",
    "xn--bcher-kva.example",
    "a.b",
    "1.blue.example",
    "cluster.local.example",
  );
  const name = "a DNS name: lower-case letters, digits and dashes, with dots between its parts";
  refuses(
    "domain",
    name,
    ["Blue.Example.org", 'write for example "blue.example.org"'],
    ["https://blue.example.org/x", 'write for example "blue.example.org"'],
    ["blue.example.org.", 'write for example "blue.example.org"'],
    [".example.org", 'write for example "example.org"'],
    ["blue_team.example.org", 'write for example "blueteam.example.org"'],
    ["-a.example.org", 'write for example "a.example.org"'],
    ["a..b", 'write for example "a.b"'],
    ["a.example,b.example", 'write for example "a.exampleb.example"'],
    ["", 'write for example "blue.example.org"'],
    [`${"a".repeat(64)}.example`, `write for example "${"a".repeat(64)}.example"`],
    [`a.${"b.".repeat(130)}c`, 'write for example "blue.example.org"'],
  );
  refuses("domain", "a domain without a wildcard: every name below it is meant anyway, *.name too", [
    "*.blue.example.org",
    'write for example "blue.example.org"',
  ]);
  refuses(
    "domain",
    "a domain of at least two parts, the last of which has a letter in it",
    ["org", 'write for example "blue.example.org"'],
    ["localhost", 'write for example "blue.example.org"'],
    ["192.0.2.1", 'write for example "blue.example.org"'],
  );
  refuses(
    "domain",
    "a domain that isn't the cluster's own",
    ["cluster.local", "leave it out: pods reach Services by name without it"],
    ["svc.cluster.local", "leave it out: pods reach Services by name without it"],
  );
});

describe("the beginning of a tenant's sources", () => {
  admits(
    "source",
    "https://github.com/team-blue/",
    "https://git.example:8443/a/b/",
    "https://git.example/",
    "ssh://git@git.example/team-blue/",
    "ssh://git.example:2222/team-blue/",
    "oci://ghcr.io/team_blue/~x/",
  );
  const example = 'write for example "https://github.com/team-blue/"';
  refuses(
    "source",
    "a beginning with https://, ssh:// or oci:// and a host",
    ["http://github.com/team-blue/", example],
    ["git@github.com:team-blue/", example],
    ["github.com/team-blue/", example],
    ["https:///team-blue/", example],
    ["https://a b/", example],
    ["", example],
  );
  refuses(
    "source",
    "an end of `/`: without it, every longer name is meant too",
    ["https://github.com/team-blue", 'write "https://github.com/team-blue/"'],
    ["https://github.com", 'write "https://github.com/"'],
  );
  refuses(
    "source",
    "scheme and host in lower case",
    ["https://GitHub.com/Team/", 'write "https://github.com/Team/"'],
    ["SSH://git@Git.example/x/", 'write "ssh://git@git.example/x/"'],
  );
  refuses(
    "source",
    "no user or password, but for ssh://git@",
    ["https://git@github.com/x/", 'write "https://github.com/x/", and put what authenticates into a Secret'],
    ["ssh://root@git.example/x/", 'write "ssh://git.example/x/", and put what authenticates into a Secret'],
  );
  refuses(
    "source",
    "a path of letters, digits, dots, dashes, underscores, tildes and slashes",
    ["https://github.com/a%2fb/", example],
    ["https://github.com/a?b/", example],
    ["https://github.com/a#b/", example],
    ["https://github.com/a,b/", example],
    ["https://github.com/a@b/", example],
  );
  refuses(
    "source",
    "a path without `..`, `.` and empty parts",
    ["https://github.com/a/../b/", example],
    ["https://github.com//", example],
    ["https://github.com/a/./", example],
  );

  it("doesn't show a password that was written into it", () => {
    const [fault] = claimFaults("", { sources: ["https://me:hunter2@github.com/x/"] });
    assert.deepEqual(fault, {
      path: "sources[0]",
      given: '"https://me:…@github.com/x/"',
      expected: "no user or password, but for ssh://git@",
      remedy: 'write "https://github.com/x/", and put what authenticates into a Secret',
    });
  });
});

describe("a tenant's image", () => {
  admits(
    "image",
    "ghcr.io/team-blue/",
    "ghcr.io/team-blue/app",
    "registry.example:5000/a/b__c/",
    "docker.io/library/nginx",
    "docker.io/blue/",
    "ghcr.io/",
    "localhost/a/",
  );
  refuses(
    "image",
    "a name that begins with its registry",
    ["nginx", 'write for example "docker.io/library/nginx"'],
    ["team-blue/", 'write for example "docker.io/team-blue/"'],
    ["team blue/", 'write for example "ghcr.io/team-blue/"'],
    ["", 'write for example "ghcr.io/team-blue/"'],
    ["/", 'write for example "ghcr.io/team-blue/"'],
  );
  refuses("image", "a name without a scheme", ["https://ghcr.io/team-blue/", 'write "ghcr.io/team-blue/"']);
  refuses(
    "image",
    "a name without a tag or digest: each is meant",
    ["ghcr.io/a/b:1", 'write "ghcr.io/a/b"'],
    ["ghcr.io/a/b@sha256:00", 'write "ghcr.io/a/b"'],
    ["docker.io/library/nginx:1", 'write "docker.io/library/nginx"'],
  );
  refuses("image", "Docker's registry by its usual name", [
    "index.docker.io/library/nginx",
    'write "docker.io/library/nginx"',
  ]);
  refuses("image", "Docker's own images by their whole name", [
    "docker.io/nginx",
    'write "docker.io/library/nginx"',
  ]);
  refuses("image", "an end of `/`, or an image's name after the registry", ["ghcr.io", 'write "ghcr.io/"']);
  refuses(
    "image",
    "lower-case letters and digits with single dots, underscores and dashes between them, and single slashes",
    ["ghcr.io/Team/", 'write for example "ghcr.io/team-blue/"'],
    ["ghcr.io/a/../b/", 'write for example "ghcr.io/team-blue/"'],
    ["ghcr.io//a", 'write for example "ghcr.io/team-blue/"'],
    ["ghcr.io/a,b/", 'write for example "ghcr.io/team-blue/"'],
    ["GHCR.io/a/", 'write for example "ghcr.io/team-blue/"'],
  );
});
