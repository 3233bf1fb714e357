import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ControlPlane, type Answer } from "../support/controlPlane";
import { EngineProject, type End } from "../support/engineProject";
import { SwitchedLogin } from "../support/switchedLogin";

const previewer = SwitchedLogin.nameOf("previewer");

/** One object of each kind of rule, and Secrets in a tenant's control namespace as the platform calls them. */
const program = `
import { readFileSync } from "node:fs";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ClusterReaders } from "../components/readers";
import { clusterProvider } from "../infra/cluster/handle";
export = () => {
  const config = new pulumi.Config();
  const provider = clusterProvider("theirs", pulumi.secret(readFileSync(process.env["THEIRS"]!, "utf8")));
  const options = { provider };
  const data = { text: config.get("text") ?? "one" };
  const space = new kubernetes.core.v1.Namespace("space", { metadata: { name: "terp-tenant-blue" } }, options);
  const own = (name: string) => ({ name, namespace: space.metadata.name });
  new kubernetes.core.v1.ConfigMap("map", { metadata: own("map"), data }, options);
  new kubernetes.core.v1.Secret("access", { metadata: own("git-access"), stringData: data }, options);
  new kubernetes.core.v1.ServiceAccount("account", { metadata: own("account") }, options);
  new kubernetes.networking.v1.NetworkPolicy("closed", { metadata: own("closed"), spec: { podSelector: {} } }, options);
  new kubernetes.apps.v1.Deployment("none", {
    metadata: own("none"),
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: "none" } },
      template: { metadata: { labels: { app: "none" } }, spec: { containers: [{ name: "main", image: "none" }] } },
    },
  }, options);
  if (config.getBoolean("more")) new kubernetes.core.v1.ConfigMap("more", { metadata: own("more"), data }, options);
  new ClusterReaders("readers", {
    environment: "test",
    readers: { groups: [], users: ["${previewer}"] },
    secrets: ["git-access"],
    releases: [{ namespace: "terp-tenant-blue", ready: space }],
  }, { providers: [provider] });
};
`;

/** A plan's changes, a line for each: what is done, and the resource's logical name. */
function planOf({ code, output }: End): string[] {
  assert.equal(code, 0, output);
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as {
    readonly steps: readonly { readonly op: string; readonly urn: string }[];
  };
  return steps
    .filter(({ op }) => op !== "same" && op !== "refresh")
    .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? urn}`)
    .sort();
}

describe("who may look and no more, on a real engine and API server", function () {
  // Each step stands on the one before.
  this.bail(true);
  let plane: ControlPlane;
  let login: SwitchedLogin;
  let project: EngineProject;

  before(async () => {
    plane = await ControlPlane.start();
    const post = async (path: string, body: object): Promise<unknown> =>
      (await plane.must({ method: "POST", path, body })).body;
    login = await SwitchedLogin.create({ post }, plane.kubeconfig);
    const file = join(login.folder, "kubeconfig.yaml");
    await writeFile(file, login.kubeconfig);
    project = await EngineProject.create(program, { THEIRS: file });
    await project.attach("kubernetes");
    await project.initialise();
  });
  after(async () => {
    await project.remove();
    login.remove();
    await plane.stop();
  });

  const preview = (...words: string[]): Promise<End> =>
    project.run("preview", "--json", "--stack", "test", ...words);
  const configure = async (name: string, value: string): Promise<void> => {
    const { code, output } = await project.run("config", "set", "--stack", "test", name, value);
    assert.equal(code, 0, output);
  };
  const asPreviewer = (method: "GET" | "POST" | "DELETE", path: string, body?: object): Promise<Answer> =>
    plane.call({
      method,
      path,
      ...(body && { body }),
      as: { user: previewer, groups: ["system:authenticated"] },
    });
  const textNow = async (): Promise<unknown> => {
    const path = "/api/v1/namespaces/terp-tenant-blue/configmaps/map";
    const { body } = await plane.must({ method: "GET", path });
    return (body["data"] as Readonly<Record<string, string>>)["text"];
  };

  it("previews what another has made, and what is really there, as no change", async () => {
    const { code, output } = await project.up();
    assert.equal(code, 0, output);
    login.as("previewer");
    assert.deepEqual(planOf(await preview()), []);
    assert.deepEqual(planOf(await preview("--refresh")), []);
  });

  it("previews a change as who deploys does, without being let try it", async () => {
    await configure("text", "two");
    await configure("more", "true");
    const seen = planOf(await preview());
    assert.deepEqual(seen, ["create more", "update access", "update map"]);
    login.as("deployer");
    assert.deepEqual(planOf(await preview()), seen);
  });

  it("sees what somebody changed by hand, in a Secret of the stack's too", async () => {
    await configure("text", "one");
    await configure("more", "false");
    const base = "/api/v1/namespaces/terp-tenant-blue";
    await plane.must({
      method: "PATCH",
      path: `${base}/secrets/git-access`,
      body: { data: { text: "eA==" } },
    });
    login.as("previewer");
    assert.deepEqual(planOf(await preview("--refresh")), ["update access"]);
    await plane.must({
      method: "PATCH",
      path: `${base}/secrets/git-access`,
      body: { data: { text: "b25l" } },
    });
  });

  it("changes nothing by an up, which fails", async () => {
    await configure("text", "three");
    const { code, output } = await project.up();
    assert.notEqual(code, 0);
    assert.match(output, /is forbidden: User "system:serviceaccount:default:previewer" cannot/);
    assert.equal(await textNow(), "one");
  });

  it("is refused a tenant's Secrets, in a list too, and is shown the stack's", async () => {
    const secrets = "/api/v1/namespaces/default/secrets";
    await plane.must({ method: "POST", path: secrets, body: { metadata: { name: "database" } } });
    const statuses = await Promise.all(
      [
        `${secrets}/database`,
        secrets,
        "/api/v1/secrets",
        "/api/v1/secrets?watch=true",
        "/api/v1/namespaces/terp-tenant-blue/secrets/git-access",
      ].map(async (path) => (await asPreviewer("GET", path)).status),
    );
    assert.deepEqual(statuses, [403, 403, 403, 403, 200]);
  });

  it("is refused writing, deleting, tokens and commands in pods", async () => {
    const base = "/api/v1/namespaces/default";
    const statuses = await Promise.all([
      asPreviewer("POST", `${base}/configmaps`, { metadata: { name: "new" } }),
      asPreviewer("POST", `${base}/configmaps?dryRun=All`, { metadata: { name: "new" } }),
      asPreviewer("DELETE", "/api/v1/namespaces/terp-tenant-blue"),
      asPreviewer("POST", `${base}/serviceaccounts/deployer/token`, { spec: {} }),
      asPreviewer("GET", `${base}/pods/any/exec?command=id`),
    ]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [403, 403, 403, 403, 403],
    );
  });
});
