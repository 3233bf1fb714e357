import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";

import { publishedHostKey } from "../../../../components/git/knownHosts";
import { publishedHosts } from "../../../../infra/config/gitSection";

describe("a host's published key", () => {
  for (const [host, fingerprint] of [
    ["github.com", "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"],
    ["gitlab.com", "eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8"],
  ] as const)
    it(`has the fingerprint that ${host} publishes`, () => {
      const [name, kind, key = ""] = (publishedHostKey(host) ?? "").trim().split(" ");
      const digest = createHash("sha256").update(Buffer.from(key, "base64")).digest("base64");
      assert.deepEqual([name, kind, digest.replace("=", "")], [host, "ssh-ed25519", fingerprint]);
    });

  it("is known of each host for which the configuration asks for none", () => {
    assert.deepEqual(
      publishedHosts.filter((host) => publishedHostKey(host) === undefined),
      [],
    );
  });

  it("isn't known of any other host", () => {
    assert.equal(publishedHostKey("git.example.org"), undefined);
  });
});
