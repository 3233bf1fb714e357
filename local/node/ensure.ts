import { join } from "node:path";
import type { Progress } from "../progress";
import { ApiClient, hasCondition } from "./apiClient";
import { cgroupsOfThisMachine, killGroups, makeGroups, foldersOf, processesIn } from "./cgroups";
import { writeConfiguration } from "./configuration";
import { hostProxySettings, policyArguments, programsOf, type ProgramName } from "./definitions";
import { isThere, ownFolder, readIfThere } from "../files";
import { ensureImages } from "./images";
import { withLock } from "./lock";
import { hasNamespaces, inNetwork, makeNamespaces } from "./namespaces";
import { ensurePki, serverOf } from "./pki";
import { Supervisor, type Program } from "./programs";
import { policyHealth } from "./policyHealth";
import { chooseRecord, claimName, machineLock, type NodeRecord } from "./record";
import { attempt, run, until } from "./shell";
import { layoutOf, type NodeAccess, type NodeLayout, type NodeSpec } from "./spec";
import { dnsObjects, dnsPath, nodePath, policyAgentRights, type SystemObject } from "./systemObjects";
import { connect } from "node:net";

/**
 * Sees to it that a node runs: starts what is missing, dead or changed, and keeps its data. Can be called at any time, and
 * again after it was killed at any point.
 *
 * @returns when the cluster's DNS is ready.
 * @throws if something can't be had, with what to do about it.
 */
export async function ensureNode(spec: NodeSpec, progress: Progress): Promise<NodeAccess> {
  const layout = layoutOf(spec);
  if (process.getuid?.() !== 0) throw new Error("the embedded node needs root: run the command as root");
  for (const folder of [spec.directory, spec.runDirectory, layout.pids]) ownFolder(folder);
  return await withLock(join(spec.directory, "lock"), async () => await ensureLocked(spec, layout, progress));
}

async function ensureLocked(spec: NodeSpec, layout: NodeLayout, progress: Progress): Promise<NodeAccess> {
  const cgroups = cgroupsOfThisMachine();
  const supervisor = new Supervisor(layout, cgroups);
  const alive = (): boolean =>
    foldersOf(cgroups, layout.cgroup).some((folder) => processesIn(folder).length > 0);
  claimName(layout, spec, alive);

  const record = await withLock(machineLock(spec.runDirectory), async () => {
    const chosen = await chooseRecord(layout, spec.name);
    if (!hasNamespaces(layout)) {
      await killGroups(cgroups, layout.cgroup);
      await makeNamespaces(layout, chosen.link, async () => {
        await denyAll(spec, layout, chosen);
      });
    }
    return chosen;
  });
  makeGroups(cgroups, layout.cgroup);
  await ensurePki(layout, spec.name, record.link);
  writeConfiguration(spec, layout, record.link);
  makeFolders(layout);
  const programs = programsOf({
    spec,
    layout,
    link: record.link,
    proxyPort: record.proxyPort,
    hostProxy: hostProxySettings(process.env),
  });

  const kubeconfig = readIfThere(layout.kubeconfig("admin")) ?? "";
  const client = new ApiClient(kubeconfig);
  try {
    await progress.step(`Starting the embedded cluster "${spec.name}"`, async (update) => {
      await start({ spec, layout, supervisor, programs, client, update });
    });
  } finally {
    client.close();
  }
  return {
    kubeconfig,
    kubeconfigPath: layout.kubeconfig("admin"),
    server: serverOf(record.link),
    nodeAddress: record.link.nodeAddress,
    hostAddress: record.link.hostAddress,
  };
}

/** Until the policy agent knows a pod, the pod gets and sends nothing. */
async function denyAll(spec: NodeSpec, layout: NodeLayout, record: NodeRecord): Promise<void> {
  await inNetwork(layout, [join(spec.tools.netpol, "netpol"), "deny", ...policyArguments(record.link)]);
}

function makeFolders(layout: NodeLayout): void {
  const folders = [
    layout.etcd,
    layout.containerd,
    layout.kubelet,
    layout.podLogs,
    layout.containerdState,
    layout.shimSockets,
  ];
  for (const folder of [...folders, layout.cniState, join(layout.kubelet, "volume-plugins")])
    ownFolder(folder);
}

/** What the start of a node's programs takes. */
interface Start {
  readonly spec: NodeSpec;
  readonly layout: NodeLayout;
  readonly supervisor: Supervisor;
  readonly programs: Readonly<Record<ProgramName, Program>>;
  readonly client: ApiClient;
  readonly update: (text: string) => void;
}

async function start(all: Start): Promise<void> {
  const { spec, layout, supervisor, programs, client, update } = all;
  const ensure = async (name: ProgramName): Promise<boolean> => await supervisor.ensure(programs[name]);
  const alive = (...names: ProgramName[]) => {
    return () => {
      for (const name of names) supervisor.check(name);
    };
  };
  const images = (async () => {
    await ensure("pull-proxy");
    await ensure("containerd");
    await until(async () => await containerdAnswers(spec, layout), {
      what: "containerd answers",
      timeout: 60_000,
      check: alive("containerd"),
    });
    update("importing images");
    await ensureImages(spec, layout);
  })();
  // Its error is awaited below; until then it must not end the process.
  images.catch(() => undefined);

  await ensure("etcd");
  await until(async () => await accepts(layout.etcdSocket), {
    what: "etcd listens",
    timeout: 60_000,
    interval: 20,
    check: alive("etcd"),
  });
  await ensure("kube-apiserver");
  // It waits for the API server itself, and loads while that starts.
  await ensure("kube-scheduler");
  update("waiting for the API server");
  await until(async () => ((await client.isReady()) ? true : undefined), {
    what: "the API server is ready",
    timeout: 120_000,
    check: alive("etcd", "kube-apiserver"),
  });
  update("starting the node's agents");
  // It ends when the API server isn't healthy after 10 seconds (its WaitForAPIServer), which a busy machine needs to make the default roles.
  await ensure("kube-controller-manager");
  await Promise.all([
    // Before it has its rights the agent would only wait, longer each time.
    applySystemObjects(all, policyAgentRights()).then(async () => {
      await ensure("netpol");
      await applySystemObjects(all, dnsObjects());
    }),
    ensureServiceProxy(all),
    images.then(async () => await ensure("kubelet")),
  ]);
  update("waiting for the node and its DNS");
  await until(async () => (hasCondition(await client.get(nodePath(spec.name)), "Ready") ? true : undefined), {
    what: `the node is Ready (kubectl describe node ${spec.name} says why it isn't)`,
    timeout: 120_000,
    check: alive("kubelet", "containerd", "kube-apiserver"),
  });
  await until(
    async () => ((await policyHealth(layout.policySocket, 2_000)).length === 0 ? true : undefined),
    {
      what: `network policies are in force (${supervisor.logFile("netpol")} says why they aren't)`,
      timeout: 60_000,
      check: alive("netpol", "kube-apiserver"),
    },
  );
  await until(async () => (hasCondition(await client.get(dnsPath), "Available") ? true : undefined), {
    what: "the cluster's DNS is ready (kubectl -n kube-system describe pods says why it isn't)",
    timeout: 120_000,
    check: alive(
      "kubelet",
      "containerd",
      "kube-apiserver",
      "kube-controller-manager",
      "kube-scheduler",
      "netpol",
      "kube-proxy",
    ),
  });
}

/** A kube-proxy that takes over the tables of a killed one may leave them half of the old and half of the new. */
async function ensureServiceProxy({ layout, supervisor, programs }: Start): Promise<void> {
  const program = programs["kube-proxy"];
  if (supervisor.stateOf(program) === "running") return;
  await supervisor.stop(program.name);
  const inside = [`--net=${layout.networkNamespace}`, "--", "nft"];
  for (const family of ["ip", "ip6"]) {
    await attempt("nsenter", [...inside, "delete", "table", family, "kube-proxy"]);
  }
  await supervisor.ensure(program);
}

async function applySystemObjects(
  { client, supervisor }: Start,
  objects: readonly SystemObject[],
): Promise<void> {
  for (const { path, object } of objects) {
    // The namespace and the default rights appear a moment after the API server is ready.
    await until(
      async () => {
        await client.apply(path, object);
        return true;
      },
      {
        what: `${path} is applied`,
        timeout: 30_000,
        interval: 100,
        check: () => {
          supervisor.check("kube-apiserver");
        },
      },
    );
  }
}

async function containerdAnswers(spec: NodeSpec, layout: NodeLayout): Promise<true | undefined> {
  if (!isThere(layout.containerdSocket)) return undefined;
  await run(join(spec.tools.containerd, "ctr"), [
    "--address",
    layout.containerdSocket,
    "--connect-timeout",
    "1s",
    "version",
  ]);
  return true;
}

/** Whether something listens at a Unix socket. */
function accepts(path: string): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => {
      resolve(undefined);
    });
  });
}
