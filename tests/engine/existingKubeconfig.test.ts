import { strict as assert } from "node:assert";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

import { ControlPlane } from "../support/controlPlane";
import { EngineProject, type End } from "../support/engineProject";

/** The cluster as the program of a stack takes it, with one object in it; or, in the stack that it is made by, its kubeconfig. */
const program = `
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { existingCluster, kubeconfigText } from "../infra/cluster/existing";
import { checkUpFront } from "../infra/cluster/upFront";
export = async () => {
  const config = new pulumi.Config();
  const given = config.getSecret("kubeconfig");
  if (pulumi.getStack() === "clusters") return { kubeconfig: given };
  const cluster = {
    kind: "existing" as const,
    name: "theirs",
    kubernetesVersion: "1.30",
    kubeconfig: config.requireObject<any>("source"),
    deployers: { groups: ["system:masters"], users: [] },
    readers: { groups: [], users: [] },
    accept: ["network-policy", "storage-class", "load-balancer"] as const,
    policyCheck: "names" as const,
  };
  const text = await kubeconfigText(cluster.kubeconfig, given);
  await checkUpFront(cluster, text, { isPreview: pulumi.runtime.isDryRun() });
  const { provider } = existingCluster(cluster, pulumi.secret(text));
  new kubernetes.core.v1.ConfigMap("made", { metadata: { name: "made", namespace: "default" } }, { provider });
  return {};
};
`;

describe("a kubeconfig that isn't in a file, on a real engine and API server", function () {
  // Each step stands on the one before.
  this.bail(true);
  let plane: ControlPlane;
  let project: EngineProject;

  before(async () => {
    plane = await ControlPlane.start();
    project = await EngineProject.create(program);
    await project.attach("kubernetes");
    await project.initialise();
  });
  after(async () => {
    await project.remove();
    await plane.stop();
  });

  async function must(...words: readonly string[]): Promise<End> {
    const end = await project.run(...words);
    assert.equal(end.code, 0, end.output);
    return end;
  }
  const give = (stack: string): Promise<End> =>
    must("config", "set", "--stack", stack, "--secret", "kubeconfig", plane.kubeconfig);
  const from = (source: object): Promise<End> =>
    must("config", "set", "--stack", "test", "source", JSON.stringify(source));

  /** Files of the project, settings and state, in which a text stands. */
  function filesWith(text: string): string[] {
    return [project.state, project.program].flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" })
        .filter((name) => !name.startsWith("node_modules"))
        .map((name) => join(folder, name))
        .filter((file) => statSync(file).isFile() && readFileSync(file, "utf8").includes(text)),
    );
  }

  it("is asked for where the stack's secret isn't there", async () => {
    await from({ kind: "secret" });
    const { code, output } = await project.up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /the stack has no secret of this name; type `pulumi config set --secret kubeconfig < FILE`/,
    );
  });

  it("reaches the cluster as the stack's secret", async () => {
    await give("test");
    const { code, output } = await project.up();
    assert.equal(code, 0, output);
    await plane.must({ method: "GET", path: "/api/v1/namespaces/default/configmaps/made" });
  });

  it("reaches it as another stack's output, which is no change", async () => {
    await must("stack", "init", "clusters");
    await give("clusters");
    await must("up", "--stack", "clusters", "--yes", "--skip-preview");
    await must("config", "rm", "--stack", "test", "kubeconfig");
    await from({ kind: "stack", stack: "organization/terp/clusters", output: "kubeconfig" });
    const { code, output } = await project.up("--expect-no-changes");
    assert.equal(code, 0, output);
  });

  it("is refused where the other stack has no such output", async () => {
    await from({ kind: "stack", stack: "organization/terp/clusters", output: "admin" });
    const { code, output } = await project.up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /cluster\.kubeconfig\.output: stack "organization\/terp\/clusters" has no output "admin"/,
    );
  });

  it("is in clear in no file, settings and states of both stacks included", () => {
    const { users } = parse(plane.kubeconfig) as {
      readonly users: readonly { readonly user: Readonly<Record<string, string>> }[];
    };
    const key = users[0]?.user["client-key-data"] ?? "";
    assert.ok(key.length > 100);
    assert.deepEqual(filesWith(key), []);
    assert.ok(filesWith("clusterIdentifier").length > 0, "the state was looked at");
  });
});
