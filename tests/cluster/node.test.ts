import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { provider as countedKinds } from "../../components/tenant/countedKindsProvider";
import { accessFrom, KubeApi } from "../../infra/cluster/kubeApi";
import { ensureNode } from "../../local/node";
import { cgroupsOfThisMachine, killGroups } from "../../local/node/cgroups";
import { removeNamespaces } from "../../local/node/namespaces";
import { silent } from "../../local/progress";
import { eventually } from "../support/eventually";
import { leftoversOf } from "../support/leftovers";
import { TestNode } from "../support/testNode";

const programs = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "containerd",
  "kubelet",
  "kube-proxy",
  "netpol",
  "pull-proxy",
];

/** What the whole machine has that a node could leave behind, without what other nodes of this machine have. */
function machine(): readonly string[] {
  const lines = (text: string): string[] => text.split("\n").filter(Boolean);
  const listed = (folder: string): string[] => {
    try {
      return readdirSync(folder).map((name) => `${folder}/${name}`);
    } catch {
      return [];
    }
  };
  const folders = [
    "/run/netns",
    "/var/lib/cni",
    "/var/lib/kubelet",
    "/var/log/containers",
    "/run/containerd",
    "/run/nri",
  ];
  return [
    ...lines(readFileSync("/proc/mounts", "utf8")),
    ...lines(execFileSync("ip", ["-o", "link"], { encoding: "utf8" })).map(
      (line) => line.split(":")[1] ?? "",
    ),
    ...lines(execFileSync("nft", ["list", "tables"], { encoding: "utf8" })),
    ...folders.flatMap(listed),
  ];
}

describe("the embedded node", function () {
  // Each step stands on the one before.
  this.bail(true);
  let node: TestNode;
  let atFirst: readonly string[];

  before(async () => {
    node = await TestNode.create();
    atFirst = machine();
  });

  after(async () => {
    await node.remove();
  });

  it("is absent before it is made", async () => {
    assert.deepEqual(await node.inspect(), { state: "absent", faults: [] });
  });

  it("comes up with all its programs, its DNS and an answering API server", async () => {
    await node.up();
    assert.deepEqual(await node.inspect(), { state: "running", faults: [] });
  });

  it("runs a pod", async () => {
    await node.pod("default", "first");
    assert.match(await node.addressOf("default", "first"), /^10\.244\.0\./);
  });

  it("encrypts Secrets in its database, whose socket only root may open", async () => {
    const value = "a-value-that-is-easy-to-find";
    await node.apply("/api/v1/namespaces/default/secrets/s", {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s" },
      stringData: { value },
    });
    const words = ["-rlF", "--", value, node.layout.etcd, node.layout.logs];
    const found = spawnSync("grep", words, { encoding: "utf8" }).stdout;
    assert.equal(found, "");
  });

  it("lets quotas count a kind that is younger than they are", async () => {
    const kind = "apples.test.example";
    await node.apply("/api/v1/namespaces/default/resourcequotas/q", {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "q" },
      spec: { hard: { [`count/${kind}`]: "1" } },
    });
    await node.define("apples", "test.example");
    const api = new KubeApi(accessFrom(node.reach.kubeconfig));
    try {
      const make = (name: string): Promise<unknown> =>
        api.post("/apis/test.example/v1/namespaces/default/apples", {
          apiVersion: "test.example/v1",
          kind: "Apple",
          metadata: { name },
        });
      await eventually(() => make("one"));
      await assert.rejects(make("two"), /exceeded quota: q/);
    } finally {
      await api.close();
    }
  });

  it("counts kinds when it says so, in each quota from then on", async () => {
    await node.define("pears", "test.example");
    await countedKinds.create({ kubeconfig: node.reach.kubeconfig, kinds: ["pears.test.example"] });
    const api = new KubeApi(accessFrom(node.reach.kubeconfig));
    try {
      assert.equal(
        await api.metadata("/api/v1/namespaces/kube-public/resourcequotas/terp-counted-kinds"),
        undefined,
      );
    } finally {
      await api.close();
    }
  });

  it("changes nothing when it is ensured again", async () => {
    const pids = programs.map((program) => node.pidOf(program));
    await node.up();
    assert.deepEqual(
      programs.map((program) => node.pidOf(program)),
      pids,
    );
  });

  for (const program of programs) {
    it(`names a killed ${program} and brings it back`, async () => {
      process.kill(node.pidOf(program), "SIGKILL");
      await eventually(async () => {
        const { state, faults } = await node.inspect();
        assert.equal(state, "broken");
        assert.ok(faults.includes(`${program} isn't running`), faults.join("; "));
      });
      await node.up();
      assert.deepEqual(await node.inspect(), { state: "running", faults: [] });
    });
  }

  it("brings a pod back whose shim was killed", async () => {
    const shims = node.processes().filter((pid) => executable(pid).endsWith("containerd-shim-runc-v2"));
    assert.ok(shims.length > 0);
    for (const pid of shims) process.kill(pid, "SIGKILL");
    await node.up();
    await eventually(async () => {
      const { status } = await node.readPod("default", "first");
      assert.equal(status?.containerStatuses?.[0]?.ready, true);
      await node.processOf("default", "first");
    });
  });

  it("comes back with its data after a reboot", async () => {
    const { uid } = (await node.readPod("default", "first")).metadata ?? {};
    // What a reboot does to it: no process, no namespace, an empty /run.
    const cgroups = cgroupsOfThisMachine();
    await killGroups(cgroups, node.layout.cgroup);
    await removeNamespaces(node.layout);
    rmSync(node.spec.runDirectory, { recursive: true, force: true });
    assert.equal((await node.inspect()).state, "broken");
    await node.up();
    const pod = await node.readPod("default", "first");
    assert.equal(pod.metadata?.uid, uid);
    await eventually(() => node.processOf("default", "first"));
    assert.deepEqual(await node.inspect(), { state: "running", faults: [] });
  });

  it("refuses to be made again with its data elsewhere", async () => {
    const other = { ...node.spec, directory: `${node.spec.directory}-elsewhere` };
    await assert.rejects(ensureNode(other, silent), /one of this name runs already/);
    rmSync(other.directory, { recursive: true, force: true });
  });

  it("stands beside a second one, and outlives it", async () => {
    const second = await TestNode.create();
    try {
      const [one, other] = [node.reach, await second.up()];
      assert.notEqual(one.nodeAddress, other.nodeAddress);
      await second.pod("default", "second");
      await second.addressOf("default", "second");
    } finally {
      await second.remove();
    }
    assert.deepEqual(await node.inspect(), { state: "running", faults: [] });
    assert.deepEqual(await leftoversOf(second.name), []);
  });

  it("leaves nothing behind", async () => {
    const own = node.layout.hostInterface;
    const pids = node.processes();
    assert.ok(pids.length > programs.length);
    await node.remove();
    assert.deepEqual(await node.inspect(), { state: "absent", faults: [] });
    const remaining = pids.filter((pid) => executable(pid) !== "");
    assert.deepEqual(remaining, []);
    assert.deepEqual(await leftoversOf(node.name), []);
    assert.deepEqual(
      machine().filter((line) => !atFirst.includes(line) && (line.includes(own) || !ofOtherNodes(line))),
      [],
    );
    assert.throws(() => readdirSync(node.spec.directory), /ENOENT/);
    assert.throws(() => readdirSync(node.spec.runDirectory), /ENOENT/);
  });
});

function executable(pid: number): string {
  try {
    return readlinkSync(`/proc/${String(pid)}/exe`);
  } catch {
    return "";
  }
}

/** Other nodes may come and go meanwhile. */
function ofOtherNodes(line: string): boolean {
  return / \/run\/terp\//.test(line) || /^ *tp-[0-9a-f]{8}/.test(line);
}
