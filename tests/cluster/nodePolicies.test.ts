import assert from "node:assert/strict";
import { connect, createServer, type Server } from "node:net";
import { eventually } from "../support/eventually";
import { TestNode } from "../support/testNode";

const server = ["a", "server"] as const;
const friend = ["a", "friend"] as const;
const foe = ["a", "foe"] as const;
const stranger = ["b", "stranger"] as const;
const port = 8080;

describe("network policies of the embedded node", function () {
  this.bail(true);
  let node: TestNode;
  let address: string;
  let onHost: Server;

  /** Applies a policy in a namespace; policies are in force a moment later. */
  async function policy(namespace: string, name: string, spec: unknown): Promise<void> {
    await node.apply(`/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies/${name}`, {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name },
      spec,
    });
  }

  const allowed = (from: readonly [string, string], to: string, at: number): Promise<void> =>
    eventually(async () => {
      assert.ok(await node.connects(from, to, at), `${from.join("/")} doesn't reach ${to}:${String(at)}`);
    });

  /** Twice, since a refusal may also be what comes before a policy is in force. */
  const denied = (from: readonly [string, string], to: string, at: number): Promise<void> =>
    eventually(async () => {
      for (let time = 0; time < 2; time++) {
        assert.ok(!(await node.connects(from, to, at)), `${from.join("/")} reaches ${to}:${String(at)}`);
      }
    });

  before(async () => {
    node = await TestNode.create();
    await node.up();
    onHost = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => {
      onHost.listen(0, "0.0.0.0", resolve);
    });
    await Promise.all(["a", "b"].map((name) => node.namespace(name)));
    await Promise.all([
      node.pod("a", "server", { app: "server" }),
      node.pod("a", "friend", { role: "friend" }),
      node.pod("a", "foe", { role: "foe" }),
      node.pod("b", "stranger"),
    ]);
    address = await node.addressOf(...server);
    await node.listen(server, port);
    await node.listen(server, 8081);
    await Promise.all([friend, foe, stranger].map(([namespace, pod]) => node.addressOf(namespace, pod)));
  });

  after(async () => {
    onHost.close();
    await node.remove();
  });

  it("let every pod reach every other where there is no policy", async () => {
    await allowed(friend, address, port);
    await allowed(stranger, address, port);
  });

  it("let a pod reach the API server by its Service", async () => {
    await allowed(stranger, "10.96.0.1", 443);
  });

  it("let a pod resolve names by the DNS Service", async () => {
    await allowed(stranger, "10.96.0.10", 53);
  });

  it("keep pods from the node, the host, the metadata address and everything outside", async () => {
    const { nodeAddress, hostAddress } = node.reach;
    const hostPort = onHost.address();
    assert.ok(typeof hostPort === "object" && hostPort !== null);
    for (const [to, at] of [
      [nodeAddress, 10250],
      [nodeAddress, 10256],
      ["10.244.0.1", 10250],
      [hostAddress, hostPort.port],
      [hostAddress, 3128],
      ["169.254.169.254", 80],
      ["192.0.2.1", 53],
    ] as const) {
      await denied(stranger, to, at);
    }
  });

  it("end even an open connection with a new policy", async () => {
    const answers = await node.chat(foe, address, port);
    await eventually(() => {
      assert.ok(answers() > 0);
      return Promise.resolve();
    });
    await policy("a", "default-deny", { podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    await denied(foe, address, port);
    const then = answers();
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.ok(answers() <= then + 1);
  });

  it("deny by default: other pods, the API server, and traffic from outside", async () => {
    await denied(friend, address, port);
    await denied(stranger, address, port);
    await denied(friend, "10.96.0.1", 443);
  });

  it("allow what a selector and a port allow, and nothing else", async () => {
    await policy("a", "friends", {
      podSelector: { matchLabels: { app: "server" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { role: "friend" } } }], ports: [{ port }] }],
    });
    await policy("a", "to-server", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ podSelector: { matchLabels: { app: "server" } } }] }],
    });
    await allowed(friend, address, port);
    await denied(friend, address, 8081);
    await denied(foe, address, port);
    await denied(stranger, address, port);
  });

  it("allow ranges of ports and namespaces", async () => {
    await policy("a", "range", {
      podSelector: { matchLabels: { app: "server" } },
      policyTypes: ["Ingress"],
      ingress: [
        {
          from: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "b" } } }],
          ports: [{ port: 8081, endPort: 8090 }],
        },
      ],
    });
    await allowed(stranger, address, 8081);
    await denied(stranger, address, port);
  });

  it("allow the API server by its Service's address block", async () => {
    await policy("a", "api", {
      podSelector: { matchLabels: { role: "friend" } },
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "10.96.0.1/32" } }], ports: [{ port: 443 }] }],
    });
    await allowed(friend, "10.96.0.1", 443);
    await denied(foe, "10.96.0.1", 443);
  });

  it("deny the host a NodePort until its address is allowed", async () => {
    await node.apply("/api/v1/namespaces/a/services/outside", {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "outside" },
      spec: { type: "NodePort", selector: { app: "server" }, ports: [{ port, nodePort: 30_111 }] },
    });
    const { nodeAddress, hostAddress } = node.reach;
    const reaches = async (): Promise<boolean> => {
      return await new Promise((resolve) => {
        const socket = connect({ host: nodeAddress, port: 30_111, timeout: 1_000 });
        const end = (result: boolean) => {
          socket.destroy();
          resolve(result);
        };
        socket.on("connect", () => {
          end(true);
        });
        for (const event of ["error", "timeout"]) {
          socket.on(event, () => {
            end(false);
          });
        }
      });
    };
    for (let time = 0; time < 3; time++)
      assert.ok(!(await reaches()), "the host reaches a pod that denies it");
    await policy("a", "from-host", {
      podSelector: { matchLabels: { app: "server" } },
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ ipBlock: { cidr: `${hostAddress}/32` } }], ports: [{ port }] }],
    });
    await eventually(async () => {
      assert.ok(await reaches());
    });
    // By the node's port a pod reaches no more than by the pod's address.
    await denied(foe, nodeAddress, 30_111);
  });

  it("leave a block's exceptions denied", async () => {
    const friendAddress = await node.addressOf(...friend);
    await policy("b", "block", {
      podSelector: {},
      policyTypes: ["Egress"],
      egress: [{ to: [{ ipBlock: { cidr: "10.244.0.0/22", except: [`${friendAddress}/32`] } }] }],
    });
    await node.listen(friend, port);
    await allowed(stranger, address, 8081);
    await denied(stranger, friendAddress, port);
  });

  it("deny everything to a pod that the agent doesn't know, and end that when it does", async () => {
    process.kill(node.pidOf("netpol"), "SIGKILL");
    await node.pod("b", "newcomer");
    const newcomer = await node.addressOf("b", "newcomer");
    await node.listen(["b", "newcomer"], port);
    await denied(stranger, newcomer, port);
    await denied(["b", "newcomer"], "10.96.0.1", 443);
    await node.up();
    await allowed(stranger, newcomer, port);
  });
});
