import assert from "node:assert/strict";
import { isIP } from "node:net";
import type { Summary } from "../../cli/status/summary";
import type { KubeApi, KubeObject } from "../../infra/cluster/kubeApi";
import { cgroupsOfThisMachine, foldersOf, processesIn } from "../../local/node/cgroups";
import { layoutOf } from "../../local/node";
import { Attacker } from "../support/attacks/attacker";
import { describeCharts } from "../support/attacks/chartSuite";
import { commits, fetching } from "../support/attacks/commits";
import { reachedFrom, type ForbiddenConnection } from "../support/attacks/connections";
import { describeGuards } from "../support/attacks/guardSuite";
import { at, own, victim, victimControl, withoutRight } from "../support/attacks/identities";
import { RepositoryAttack } from "../support/attacks/repositoryAttack";
import { requests } from "../support/attacks/requests";
import { eventually } from "../support/eventually";
import { TenantRepository } from "../support/tenantRepository";
import { TrialPlatform } from "../support/trialPlatform";

const tenants = `  return [
    new TenantComponent(
      "team-blue",
      {
        platform,
        namespaces: ["app"],
        charts: true,
        people: {
          owners: ["blue-owners"],
          developers: ["blue-developers"],
          viewers: ["blue-viewers"],
          robots: ["ci"],
        },
        domains: ["blue.example.org"],
        sources: ["https://github.com/team-blue/"],
      },
      options,
    ),
    new TenantComponent(
      "team-green",
      { platform, namespaces: ["app"], domains: ["green.example.org"] },
      options,
    ),
  ];`;

describe("a tenant that attacks", function () {
  let trial: TrialPlatform;
  let api: KubeApi;
  let attacker: Attacker;
  let raised: Summary;
  /** Counted, and told at the end: what nobody tried proves nothing. */
  const count = { tried: 0, through: 0 };

  const isThrough = (through: boolean, what: string): void => {
    count.tried += 1;
    if (through) count.through += 1;
    assert.ok(!through, `${what}: got through`);
  };

  before(async () => {
    trial = await TrialPlatform.create();
    await trial.edit("stacks/tenants.ts", (text) => text.replace(/^ {2}return \[[\s\S]*?^ {2}\];/m, tenants));
    await trial.edit(`Pulumi.${trial.stack}.yaml`, (text) => `${text}  terp:tenants: { charts: true }\n`);
    raised = await trial.ask<Summary>("up");
    api = await trial.api();
    attacker = await Attacker.create(trial);
  });

  after(async () => {
    await attacker.close();
    await api.close();
  });

  after(async () => {
    await trial.remove();
  });

  it("has rights of its own: else nothing that is refused says anything", async () => {
    for (const [as, method, path] of [
      ["owner", "GET", at("v1", "secrets", own)],
      ["developer", "GET", at("apps/v1", "deployments", own)],
      ["viewer", "GET", at("v1", "configmaps", own)],
      ["reconciler", "GET", at("v1", "secrets", own)],
      ["robot", "GET", at("v1", "pods", own)],
    ] as const) {
      const { status, message } = await attacker.request({ what: "look", as, method, path });
      assert.equal(status, 200, `${as}: ${message}`);
    }
  });

  it("lets a robot deliver a Secret, and a developer start an application anew", async () => {
    const secret = { metadata: { name: "delivered" }, stringData: { a: "b" } };
    const path = at("v1", "secrets", own);
    const delivered = await attacker.request({ what: "", as: "robot", method: "POST", path, body: secret });
    assert.equal(delivered.status, 201, delivered.message);
    const annotations = { "kubectl.kubernetes.io/restartedAt": new Date().toISOString() };
    const restart = await attacker.request({
      what: "",
      as: "developer",
      method: "PATCH",
      path: at("apps/v1", "deployments", own, "podinfo"),
      body: { spec: { template: { metadata: { annotations } } } },
    });
    assert.equal(restart.status, 200, restart.message);
  });

  for (const each of requests) {
    it(`can't, as ${each.as}, ${each.what}`, async () => {
      const { status, message } = await attacker.request(each);
      isThrough(status < 400, each.what);
      assert.match(message, each.because ?? withoutRight, `${String(status)} ${message}`);
    });
  }

  it("can't have its repository do more than it may", async () => {
    const read = async (tenant: string, place: string, file: string): Promise<string> => {
      const url = (raised.repositories[tenant] ?? "").replace(/\/[^/]+\/[^/]+$/, `/${place}`);
      const clone = await TenantRepository.clone(trial, url);
      const text = await clone.read(file);
      await clone.remove();
      return text;
    };
    const folder = `environments/${trial.stack}`;
    const key = await read("team-green", "platform/platform", "tenants/team-green/age.yaml");
    const secret = await read("team-green", "team-green/apps", `${folder}/greeting.yaml`);
    const repository = await TenantRepository.clone(trial, raised.repositories["team-blue"] ?? "");
    const attack = await RepositoryAttack.begin(repository, folder, api);
    const failures: string[] = [];
    for (const each of commits({ key, secret, ...(await artifactsOf(victimControl)) })) {
      const said = await attack.try(each);
      count.tried += 1;
      if (said === undefined) count.through += 1;
      if (said === undefined || !each.because.test(said)) failures.push(`${each.what}: ${said ?? "applied"}`);
    }
    assert.equal(await attack.end(), undefined, "its own application is applied as before");
    await repository.remove();
    assert.deepEqual(failures, []);
  });

  describeCharts(() => ({ trial, api, attacker, raised }), isThrough);

  it("could have Flux fetch another tenant's repository for it, but for what keeps the controller from that", async () => {
    const path = at("apps/v1", "deployments", "flux-system", "kustomize-controller");
    const guards = ["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"].map((name) => ({ name, $patch: "delete" }));
    const change = { spec: { template: { spec: { containers: [{ name: "manager", env: guards }] } } } };
    await attacker.request({
      what: "",
      as: "administrator",
      method: "PATCH",
      type: "strategic",
      path,
      body: change,
    });
    const folder = `environments/${trial.stack}`;
    const repository = await TenantRepository.clone(trial, raised.repositories["team-blue"] ?? "");
    const attack = await RepositoryAttack.begin(repository, folder, api);
    const { artifacts } = await artifactsOf(victimControl);
    assert.equal(
      await attack.try(fetching("list what Flux keeps of another tenant", `${artifacts}/`)),
      undefined,
    );
    const stolen = JSON.stringify(await api.list(at("v1", "configmaps", own)));
    assert.match(stolen, /\.tar\.gz/);
    await repository.remove();
  });

  describe("from its pod", () => {
    let pid: number;
    let targets: ForbiddenConnection[];

    before(async () => {
      pid = await eventually(() => processOfPodIn(own));
      targets = await targetsOf();
    });

    it("reaches nobody", async () => {
      const reached = await reachedFrom(pid, targets);
      count.tried += targets.length;
      count.through += reached.length;
      assert.deepEqual(reached, []);
    });

    it("would reach another tenant but for the network policies", async () => {
      for (const namespace of [own, victim])
        await api.remove(at("networking.k8s.io/v1", "networkpolicies", namespace, "terp"));
      await eventually(async () => {
        const reached = await reachedFrom(pid, targets);
        assert.ok(reached.includes("another tenant's pod"), reached.join());
      });
    });
  });

  describeGuards(() => ({ trial, api, attacker, raised }));

  describe("in all", () => {
    it("gets nowhere", function () {
      // What nobody tried proves nothing: the count is what is printed.
      if (this.test !== undefined)
        this.test.title = `${String(count.tried)} attacks tried, ${String(count.through)} got through`;
      assert.ok(count.tried >= 80);
      assert.equal(count.through, 0);
    });
  });

  async function artifactsOf(
    namespace: string,
  ): Promise<{ artifacts: string; artifact: string; byAddress: string }> {
    const [source] = await api.list(at("source.toolkit.fluxcd.io/v1", "gitrepositories", namespace));
    const { url } = source?.status["artifact"] as { readonly url: string };
    const keeper = (await podsIn("flux-system")).find(({ metadata }) =>
      metadata.name.startsWith("source-controller-"),
    );
    const byAddress = `http://${String(keeper?.status["podIP"])}:9090${new URL(url).pathname}`;
    return { artifacts: url.slice(0, url.lastIndexOf("/")), artifact: url, byAddress };
  }

  async function podsIn(namespace: string): Promise<KubeObject[]> {
    return api.list(at("v1", "pods", namespace));
  }

  async function processOfPodIn(namespace: string): Promise<number> {
    const [pod] = (await podsIn(namespace)).filter(
      ({ metadata, status }) => status["phase"] === "Running" && metadata["deletionTimestamp"] === undefined,
    );
    const uid = String(pod?.metadata["uid"]);
    const layout = layoutOf({
      name: trial.stack,
      directory: trial.paths.node,
      runDirectory: trial.paths.run,
    });
    const folders = foldersOf(cgroupsOfThisMachine(), layout.cgroup).filter((each) =>
      each.includes(`pod${uid}`),
    );
    const found = folders.flatMap((folder) => processesIn(folder))[0];
    assert.ok(found, `no pod runs in ${namespace}`);
    return found;
  }

  async function targetsOf(): Promise<ForbiddenConnection[]> {
    const address = async (namespace: string): Promise<string> => {
      const running = (await podsIn(namespace)).find(({ status }) => status["phase"] === "Running");
      return String(running?.status["podIP"]);
    };
    const [node] = await api.list("/api/v1/nodes");
    const addresses = node?.status["addresses"] as readonly { readonly address: string }[];
    const nodeAddress = addresses.find((each) => isIP(each.address) !== 0)?.address ?? "";
    const [greenService] = await api.list(at("v1", "services", victim));
    const git = await address("git");
    const flux = await podsIn("flux-system");
    return [
      { what: "another tenant's pod", address: await address(victim), port: 9898 },
      { what: "another tenant's Service", address: String(greenService?.spec["clusterIP"]), port: 80 },
      { what: "the API server's Service", address: "10.96.0.1", port: 443 },
      ...[6443, 2379, 2380, 10250, 10256, 10257, 10259, 30022, 30080].map((port) => ({
        what: `the node at ${String(port)}`,
        address: nodeAddress,
        port,
      })),
      { what: "the kubelet by the pods' gateway", address: "10.244.0.1", port: 10250 },
      { what: "the Git host", address: git, port: 3000 },
      { what: "the Git host by SSH", address: git, port: 2222 },
      ...flux.flatMap(({ metadata, status }) =>
        [8080, 9090, 9292, 9440].map((port) => ({
          what: `${metadata.name} at ${String(port)}`,
          address: String(status["podIP"]),
          port,
        })),
      ),
      { what: "the metadata address", address: "169.254.169.254", port: 80 },
      { what: "the metadata address of another cloud", address: "169.254.170.2", port: 80 },
      { what: "an address outside", address: "192.0.2.1", port: 443 },
    ];
  }
});
