import { strict as assert } from "node:assert";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import type { Exportable } from "../../../../../components/tenant/suspension/exportable";
import {
  SuspensionProvider,
  type SuspensionInputs,
  type SuspensionOutputs,
  type SuspensionTools,
} from "../../../../../components/tenant/suspension/suspensionProvider";
import { aFolder } from "../../../../support/folders";

const settings: Exportable = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "team-blue-app" },
  data: { colour: "blue" },
};
const secret: Exportable = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "login", namespace: "team-blue-app" },
  data: { password: "aGlkZGVu" },
};

describe("suspending a tenant", () => {
  const folder = aFolder();
  let done: string[];
  let tools: SuspensionTools;

  beforeEach(() => {
    done = [];
    const note = (what: string): Promise<void> => {
      done.push(what);
      return Promise.resolve();
    };
    tools = {
      cluster: (kubeconfig) => ({
        stopReconciling: (namespaces) => note(`stop ${namespaces.join(" ")} with ${kubeconfig}`),
        objects: async (namespaces) => {
          await note(`read ${namespaces.join(" ")}`);
          return { objects: [settings, secret], unread: [] };
        },
        releaseCharts: (control, namespaces) => note(`release ${namespaces.join(" ")} from ${control}`),
        releaseServices: (tenant) => note(`release services of ${tenant}`),
        closeNetwork: (namespaces) => note(`close ${namespaces.join(" ")}`),
        close: () => note("hang up"),
      }),
      host: ({ url }) => ({
        bundle: async ({ organisation, repository }) => {
          await note(`bundle ${organisation}/${repository} of ${url}`);
          return Buffer.from("a bundle");
        },
      }),
      bundleBySsh: async ({ url }) => {
        await note(`bundle ${url} by SSH`);
        return Buffer.from("a bundle");
      },
      seal: (_, recipient) => Promise.resolve(`ENC[AES256_GCM] for ${recipient}`),
      now: () => new Date("2026-11-05T09:08:07.654Z"),
    };
  });

  function inputs(changes: Partial<SuspensionInputs> = {}): SuspensionInputs {
    return {
      kubeconfig: "the kubeconfig",
      access: { url: "http://git", username: "terp", password: "the host's password" },
      tenant: "team-blue",
      environment: "dev",
      namespaces: ["team-blue-app"],
      organisation: "team-blue",
      repository: "apps",
      recipient: "age1team",
      folder: folder.path,
      ...changes,
    };
  }

  const place = (): string => join(folder.path, "team-blue", "2026-11-05T09-08-07");

  async function suspend(changes: Partial<SuspensionInputs> = {}): Promise<SuspensionOutputs> {
    const { id, outs } = await new SuspensionProvider(tools).create(inputs(changes));
    assert.equal(id, "team-blue");
    return outs ?? assert.fail("no outputs");
  }

  /** Paths of an export's files. */
  function filesBelow(path: string): string[] {
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
      .sort();
  }

  it("stops what is reconciled, exports what there is, and then closes the network", async () => {
    await suspend();
    assert.deepEqual(done, [
      "stop team-blue-app with the kubeconfig",
      "read team-blue-app",
      "bundle team-blue/apps of http://git",
      "release team-blue-app from terp-tenant-team-blue",
      "release services of team-blue",
      "close team-blue-app",
      "hang up",
    ]);
  });

  it("writes the export to a folder of its own below the tenant's, and says where", async () => {
    const { exportedTo } = await suspend();
    assert.equal(exportedTo, place());
    assert.deepEqual(filesBelow(exportedTo), [
      "README.md",
      "manifests/team-blue-app/configmap-settings.yaml",
      "manifests/team-blue-app/secret-login.yaml",
      "repository.bundle",
      "volumes.yaml",
    ]);
  });

  it("encrypts Secrets to the tenant", async () => {
    const { exportedTo } = await suspend();
    assert.equal(
      readFileSync(join(exportedTo, "manifests/team-blue-app/secret-login.yaml"), "utf8"),
      "ENC[AES256_GCM] for age1team",
    );
  });

  it("writes what nobody else on the machine can read", async () => {
    const { exportedTo } = await suspend();
    const modes = [".", "manifests", "manifests/team-blue-app", ...filesBelow(exportedTo)].map((path) => {
      const found = statSync(join(exportedTo, path));
      return found.mode & 0o777;
    });
    assert.deepEqual([...new Set(modes)].sort(), [0o600, 0o700].sort());
  });

  it("keeps no credential in the state, and no word of what was exported", async () => {
    assert.deepEqual(await suspend(), {
      tenant: "team-blue",
      namespaces: ["team-blue-app"],
      exportedTo: place(),
    });
  });

  it("leaves nothing but the export beside it", async () => {
    await suspend();
    assert.deepEqual(readdirSync(join(folder.path, "team-blue")), ["2026-11-05T09-08-07"]);
  });

  it("takes the place of what a killed run has left, whole or in part", async () => {
    for (const left of [place(), `${place()}.unfinished`]) {
      mkdirSync(join(left, "manifests"), { recursive: true });
      writeFileSync(join(left, "manifests", "old.yaml"), "old");
    }
    const { exportedTo } = await suspend();
    assert.ok(!filesBelow(exportedTo).includes("manifests/old.yaml"));
    assert.deepEqual(readdirSync(join(folder.path, "team-blue")), ["2026-11-05T09-08-07"]);
  });

  it("keeps earlier exports", async () => {
    const earlier = join(folder.path, "team-blue", "2025-01-01T00-00-00");
    mkdirSync(earlier, { recursive: true });
    await suspend();
    assert.deepEqual(readdirSync(join(folder.path, "team-blue")), [
      "2025-01-01T00-00-00",
      "2026-11-05T09-08-07",
    ]);
  });

  for (const [what, broken] of [
    ["a Secret can't be encrypted", { seal: () => Promise.reject(new Error("no")) }],
    ["the repository can't be read", { host: () => ({ bundle: () => Promise.reject(new Error("no")) }) }],
  ] as const) {
    it(`takes no network policy away and leaves no export where ${what}: the next run does all of it`, async () => {
      tools = { ...tools, ...broken };
      await assert.rejects(suspend(), { message: "no" });
      assert.ok(!done.some((each) => each.startsWith("close ")));
      assert.equal(done.at(-1), "hang up");
      assert.deepEqual(readdirSync(folder.path), []);
    });
  }

  const brought = {
    url: "ssh://git@git.example.org/blue.git",
    branch: "main",
    privateKey: "the deploy key",
    knownHosts: "git.example.org ssh-ed25519 AAAA\n",
  };

  it("bundles a repository that the tenant brought along from where it is, and asks our Git host for none", async () => {
    const { exportedTo } = await suspend({ brought });
    assert.ok(done.includes(`bundle ${brought.url} by SSH`));
    assert.ok(!done.some((each) => each.startsWith("bundle team-blue/apps")));
    assert.ok(filesBelow(exportedTo).includes("repository.bundle"));
  });

  it("isn't held up by a repository of the tenant's own that isn't reached: the export says why it lacks it", async () => {
    const complaint = `bundling ${brought.url}: ssh: connect to host git.example.org: timed out`;
    tools = { ...tools, bundleBySsh: () => Promise.reject(new Error(complaint)) };
    const { exportedTo } = await suspend({ brought });
    assert.ok(done.some((each) => each.startsWith("close ")));
    assert.match(
      readFileSync(join(exportedTo, "README.md"), "utf8"),
      new RegExp(`^- No repository: ${complaint.replaceAll(".", "\\.")}$`, "m"),
    );
  });

  it("exports a tenant whose repository has no commit", async () => {
    tools = { ...tools, host: () => ({ bundle: () => Promise.resolve(undefined) }) };
    const { exportedTo } = await suspend();
    assert.ok(!filesBelow(exportedTo).includes("repository.bundle"));
  });
});

describe("a suspended tenant in a later run", () => {
  const provider = new SuspensionProvider({
    cluster: () => assert.fail("it reaches for the cluster"),
    host: () => assert.fail("it reaches for the Git host"),
    bundleBySsh: () => assert.fail("it reaches for the tenant's Git host"),
    seal: () => assert.fail("it encrypts"),
    now: () => assert.fail("it looks at the clock"),
  });
  const olds = { tenant: "team-blue", namespaces: ["team-blue-app", "team-blue-web"], exportedTo: "/x" };
  const news: SuspensionInputs = {
    kubeconfig: "the kubeconfig",
    access: { url: "http://git", username: "terp", password: "the host's password" },
    tenant: "team-blue",
    environment: "dev",
    namespaces: ["team-blue-app", "team-blue-web"],
    organisation: "team-blue",
    repository: "apps",
    recipient: "age1team",
    folder: "/exports",
  };

  for (const [what, changes, expected] of [
    ["nothing", {}, false],
    ["the kubeconfig", { kubeconfig: "another" }, false],
    ["the Git host's password", { access: { ...news.access, password: "another" } }, false],
    ["the tenant's key", { recipient: "age1new" }, false],
    ["the folder", { folder: "/elsewhere" }, false],
    ["the order of its namespaces", { namespaces: ["team-blue-web", "team-blue-app"] }, false],
    ["a namespace less", { namespaces: ["team-blue-app"] }, false],
    ["a namespace more", { namespaces: [...news.namespaces, "team-blue-db"] }, true],
  ] as const) {
    it(`is ${expected ? "exported again" : "left as it is"} with another value of: ${what}`, async () => {
      assert.deepEqual(await provider.diff("team-blue", olds, { ...news, ...changes }), {
        changes: expected,
      });
    });
  }

  it("leaves its export, and asks nobody, when it is resumed or removed", async () => {
    await assert.doesNotReject(provider.delete());
  });
});
