import { strict as assert } from "node:assert";

import { platformScaffold } from "../../../../components/flux/platformSync";
import {
  ageKeyData,
  eagerPace,
  gitAccess,
  gitRepositorySpec,
  kustomizationSpec,
} from "../../../../components/flux/sync";
import { makeKeyPair, parseKeyFile, successorOf } from "../../../../infra/keys/age";
import { parse } from "yaml";

const pace = { poll: "1m", retry: "5s", drift: "1h" };

describe("a source", () => {
  it("is one branch, asked for at the given pace with the credential beside it", () => {
    assert.deepEqual(gitRepositorySpec({ url: "ssh://git@host/x.git", branch: "main", pace }), {
      url: "ssh://git@host/x.git",
      ref: { branch: "main" },
      interval: "1m",
      timeout: "20s",
      secretRef: { name: "git-access" },
    });
  });

  it("that is suspended isn't asked for anything, and is the same else", () => {
    const args = { url: "ssh://git@host/x.git", branch: "main", pace };
    assert.deepEqual(gitRepositorySpec({ ...args, isSuspended: true }), {
      ...gitRepositorySpec(args),
      suspend: true,
    });
  });

  it("that isn't suspended doesn't say so: who resumes it by hand isn't overruled", () => {
    assert.ok(!("suspend" in gitRepositorySpec({ url: "x", branch: "main", pace, isSuspended: false })));
  });
});

describe("a Kustomization", () => {
  const args = { source: "apps", path: "./here", account: "someone", keySecret: "key", prune: true, pace };

  it("applies as its account, decrypts with its key, and waits until all is well", () => {
    assert.deepEqual(kustomizationSpec(args), {
      sourceRef: { kind: "GitRepository", name: "apps" },
      path: "./here",
      serviceAccountName: "someone",
      decryption: { provider: "sops", secretRef: { name: "key" } },
      interval: "1h",
      retryInterval: "5s",
      timeout: "3m",
      wait: true,
      prune: true,
      deletionPolicy: "MirrorPrune",
    });
  });

  it("that doesn't prune leaves everything when it goes", () => {
    const { prune, deletionPolicy } = kustomizationSpec({ ...args, prune: false }) as {
      prune: boolean;
      deletionPolicy: string;
    };
    assert.deepEqual([prune, deletionPolicy], [false, "Orphan"]);
  });

  it("that is suspended applies nothing, and is the same else", () => {
    assert.deepEqual(kustomizationSpec({ ...args, isSuspended: true }), {
      ...kustomizationSpec(args),
      suspend: true,
    });
    assert.ok(!("suspend" in kustomizationSpec({ ...args, isSuspended: false })));
  });
});

describe("the pace for a host that is near", () => {
  it("looks every two seconds, and for drift every ten minutes", () => {
    assert.deepEqual(eagerPace, { poll: "2s", retry: "3s", drift: "10m" });
  });
});

describe("what Flux is given", () => {
  it("to read a repository: a private key, and the host's own to compare", () => {
    assert.deepEqual(gitAccess("the private key", "the host's"), {
      identity: "the private key",
      known_hosts: "the host's",
    });
  });

  it("to decrypt: the key, under a name that Flux looks for", async () => {
    const key = await makeKeyPair();
    const data = ageKeyData(key);
    assert.deepEqual(Object.keys(data), ["age.agekey"]);
    assert.deepEqual(await parseKeyFile(data["age.agekey"] ?? ""), key);
  });

  it("to decrypt: the keys that this one took the place of as well", async () => {
    const key = await successorOf(await makeKeyPair());
    assert.deepEqual(await parseKeyFile(ageKeyData(key)["age.agekey"] ?? ""), key);
  });
});

describe("a new platform repository", () => {
  const files = platformScaffold("dev", "age1platform");

  it("has a README, SOPS' rules, and the marker in the folder that is applied", () => {
    assert.deepEqual(Object.keys(files).sort(), [".sops.yaml", "README.md", "tenants/platform.yaml"]);
  });

  it("encrypts to the platform's key what people put there by hand", () => {
    assert.deepEqual(parse(files[".sops.yaml"] ?? ""), {
      creation_rules: [{ encrypted_regex: "^(data|stringData)$", age: "age1platform" }],
    });
  });

  it("says whose keys are applied", () => {
    assert.deepEqual(parse(files["tenants/platform.yaml"] ?? ""), {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "terp-platform", namespace: "flux-system" },
      data: { environment: "dev" },
    });
  });

  it("of an environment that YAML takes for something else says it as a text", () => {
    for (const environment of ["true", "null", "2026", "1e3", "0x1f"]) {
      const marker = parse(platformScaffold(environment, "age1platform")["tenants/platform.yaml"] ?? "") as {
        data: { environment: unknown };
      };
      assert.equal(marker.data.environment, environment);
    }
  });

  it("tells its readers what it holds, and that nobody writes there by hand", () => {
    assert.match(files["README.md"] ?? "", /Platform repository of the environment `dev`/);
    assert.match(files["README.md"] ?? "", /nobody needs to change anything by hand/);
  });
});
