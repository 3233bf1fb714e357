import assert from "node:assert/strict";
import { isIP } from "node:net";
import type { KubeApi, KubeObject } from "../../../infra/cluster/kubeApi";
import { eventually } from "../eventually";
import { processOfPod } from "../podProcess";
import type { AttackedPlatform } from "./attackedPlatform";
import { reachedFrom, type ForbiddenConnection } from "./connections";
import { at, own, victim } from "./identities";
import type { Tally } from "./tally";

/** The ports of each part of a platform that no tenant's pod reaches, by the part's namespace. */
export type ServicePorts = Readonly<Record<string, readonly number[]>>;

/**
 * Tests of whom a tenant's pod reaches.
 *
 * @param ports Every port is tried at every pod of that namespace.
 * @param more Tests that come after, from the same pod.
 */
export function describePods(
  given: () => AttackedPlatform,
  ports: ServicePorts,
  tally: Tally,
  more: (reached: () => Promise<readonly string[]>) => void = () => undefined,
): void {
  describe("from its pod", () => {
    let pid: number;
    let targets: readonly ForbiddenConnection[];

    before(async () => {
      pid = await eventually(() => processOf(given()));
      targets = await targetsOf(given().api, ports);
    });

    it("reaches nobody", async () => {
      const reached = await reachedFrom(pid, targets);
      tally.count(targets.length, reached);
      assert.deepEqual(reached, []);
    });

    more(() => reachedFrom(pid, targets));
  });
}

async function processOf({ api, trial }: AttackedPlatform): Promise<number> {
  const [pod] = (await podsIn(api, own)).filter(
    ({ metadata, status }) => status["phase"] === "Running" && metadata["deletionTimestamp"] === undefined,
  );
  const uid = String(pod?.metadata["uid"]);
  const found = processOfPod(trial, uid);
  assert.ok(found, `no pod runs in ${own}`);
  return found;
}

async function targetsOf(api: KubeApi, ports: ServicePorts): Promise<readonly ForbiddenConnection[]> {
  const address = async (namespace: string): Promise<string> => {
    const running = (await podsIn(api, namespace)).find(({ status }) => status["phase"] === "Running");
    return String(running?.status["podIP"]);
  };
  const [node] = await api.list("/api/v1/nodes");
  const addresses = node?.status["addresses"] as readonly { readonly address: string }[];
  const nodeAddress = addresses.find((each) => isIP(each.address) !== 0)?.address ?? "";
  const [greenService] = await api.list(at("v1", "services", victim));
  const git = await address("git");
  const parts = await Promise.all(
    Object.entries(ports).map(async ([namespace, each]) => {
      const pods = await podsIn(api, namespace);
      return pods.flatMap(({ metadata, status }) =>
        each.map((port) => ({
          what: `${metadata.name} at ${String(port)}`,
          address: String(status["podIP"]),
          port,
        })),
      );
    }),
  );
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
    ...parts.flat(),
    { what: "the metadata address", address: "169.254.169.254", port: 80 },
    { what: "the metadata address of another cloud", address: "169.254.170.2", port: 80 },
    { what: "an address outside", address: "192.0.2.1", port: 443 },
  ];
}

function podsIn(api: KubeApi, namespace: string): Promise<readonly KubeObject[]> {
  return api.list(at("v1", "pods", namespace));
}
