import { strict as assert } from "node:assert";
import { writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";

import type { KubeObject } from "../../infra/cluster/kubeApi";
import { cacheFolder } from "../../local/paths";
import { installStandIns } from "../../local/plugins/install";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain";
import { type ChartServer, indexServer, registryServer, type TestChart } from "../support/chartServers";
import { ControlPlane } from "../support/controlPlane";
import { EngineProject, type End } from "../support/engineProject";
import { eventually } from "../support/eventually";
import { killWithDescendants } from "../support/killing";
import { findSecrets } from "../support/secretSearch";

const program = `
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { HelmRelease } from "../components/helmRelease";
export = () => {
  const config = new pulumi.Config();
  const kubeconfig = config.requireSecret("kubeconfig");
  const provider = new kubernetes.Provider("cluster", { kubeconfig, clusterIdentifier: "test", enableConfigMapMutable: true, upsertExistingObjects: true });
  const namespace = new kubernetes.core.v1.Namespace("web", { metadata: { name: "web" } }, { provider });
  const password = config.getSecret("password");
  new HelmRelease("web", {
    chart: { name: "web", repository: config.require("repository"), version: "1.0.0" },
    source: { caFile: config.get("caFile") },
    name: "web",
    namespace: "web",
    values: { greeting: config.require("greeting"), hook: config.getBoolean("hook") ?? false, ...(password && { password }) },
    kubeconfig,
    seconds: 60,
  }, { providers: [provider], dependsOn: [namespace] });
};
`;

/** A chart whose hook never ends, where no pod runs: so an installation stays in the middle for as long as one likes. */
const chart: TestChart = {
  name: "web",
  version: "1.0.0",
  templates: {
    "greeting.yaml": `
apiVersion: v1
kind: ConfigMap
metadata: { name: greeting }
data: { text: {{ .Values.greeting | quote }} }
`,
    "hook.yaml": `
{{- if .Values.hook }}
apiVersion: batch/v1
kind: Job
metadata: { name: hook, annotations: { helm.sh/hook: "post-install,post-upgrade" } }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: hook, image: "local.test/none:1" }] } } }
{{- end }}
`,
  },
};

describe("a chart's release on a real engine and API server", () => {
  let plane: ControlPlane;
  let project: EngineProject;
  let repository: ChartServer;

  async function set(values: Readonly<Record<string, string>>): Promise<void> {
    for (const [name, value] of Object.entries(values)) {
      const { code, output } = await project.run("config", "set", "--stack", "test", name, value);
      assert.equal(code, 0, output);
    }
  }

  async function upAsExpected(...words: readonly string[]): Promise<string> {
    const { code, output } = await project.up(...words);
    assert.equal(code, 0, output);
    return output;
  }

  /** A stack that knows of nothing, with the settings of a first run. */
  async function freshState(): Promise<void> {
    await project.initialise();
    const file = join(project.folder, "kubeconfig");
    await writeFile(file, plane.kubeconfig, { mode: 0o600 });
    const { code, output } = await project.run(
      ...["config", "set", "--stack", "test", "--secret", "kubeconfig", "--", plane.kubeconfig],
    );
    assert.equal(code, 0, output);
    await set({ repository: repository.url, greeting: "hello", hook: "false" });
  }

  /** A run that is killed with all that it has started, in the middle of the hook. */
  async function killedInTheMiddle(): Promise<void> {
    const { child, end } = project.start("up", "--stack", "test", "--yes", "--skip-preview");
    await eventually(async () => {
      assert.match((await statuses()).at(-1) ?? "", /^pending-/);
      await plane.must({ method: "GET", path: "/apis/batch/v1/namespaces/web/jobs/hook" });
    });
    await killWithDescendants(child.pid ?? 0);
    await end;
    await project.run("cancel", "--stack", "test", "--yes");
  }

  /** What Helm notes of the release's revisions, the oldest first. */
  async function statuses(): Promise<readonly string[]> {
    const path = "/api/v1/namespaces/web/secrets?labelSelector=owner%3Dhelm";
    const { body } = await plane.must({ method: "GET", path });
    const labels = (body["items"] as readonly KubeObject[]).map(({ metadata }) => metadata.labels);
    return labels
      .sort((one, other) => Number(one["version"]) - Number(other["version"]))
      .map((each) => each["status"] ?? "");
  }

  async function greeting(): Promise<string> {
    const { body } = await plane.must({ method: "GET", path: "/api/v1/namespaces/web/configmaps/greeting" });
    return (body["data"] as { readonly text: string }).text;
  }

  before(async () => {
    plane = await ControlPlane.start();
    repository = await indexServer([chart]);
    const { helm } = await ensureTools(["helm"], silent);
    const plugins = Object.values(await installStandIns(join(cacheFolder(), "plugins"))).map(dirname);
    const path = [...plugins, helm.directory, process.env["PATH"] ?? ""].join(delimiter);
    project = await EngineProject.create(program, {
      PATH: path,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    });
    await freshState();
  });
  after(async () => {
    await project.remove();
    repository.close();
    await plane.stop();
  });

  it("is installed again after its first installation was killed", async () => {
    await set({ hook: "true" });
    await killedInTheMiddle();
    assert.deepEqual(await statuses(), ["pending-install"]);
    await set({ hook: "false", greeting: "good morning" });
    await upAsExpected();
    assert.equal((await statuses()).at(-1), "deployed");
    assert.equal(await greeting(), "good morning");
  });

  it("is unchanged by a second run", async () => {
    await upAsExpected("--expect-no-changes");
  });

  it("is what the settings say after an upgrade was killed, also where they say again what they said before", async () => {
    await set({ hook: "true", greeting: "good evening" });
    await killedInTheMiddle();
    assert.equal((await statuses()).at(-1), "pending-upgrade");
    assert.equal(await greeting(), "good evening");
    await set({ hook: "false", greeting: "good morning" });
    const { output } = await project.run("preview", "--stack", "test");
    assert.match(output, /~ +pulumi-nodejs:dynamic\/helm:ReleaseRecords/);
    await upAsExpected();
    assert.equal((await statuses()).at(-1), "deployed");
    assert.equal(await greeting(), "good morning");
    await upAsExpected("--expect-no-changes");
  });

  it("is taken over by a state that knows nothing of it", async () => {
    await freshState();
    await upAsExpected();
    assert.equal((await statuses()).at(-1), "deployed");
    assert.equal(await greeting(), "hello");
  });

  it("isn't touched where a value is secret, and the secret is in no output and no state", async () => {
    const before = await statuses();
    const value = "a-password-that-nobody-may-read";
    const told = await project.run("config", "set", "--stack", "test", "--secret", "password", value);
    assert.equal(told.code, 0, told.output);
    const ends: End[] = [
      await project.run("preview", "--stack", "test", "--diff"),
      await project.up("--diff"),
    ];
    await project.run("config", "rm", "--stack", "test", "password");
    for (const { code, output } of ends) {
      assert.notEqual(code, 0, output);
      assert.match(output, /chart release "web\/web": got a secret among its values/);
      assert.ok(!output.includes(value));
    }
    assert.deepEqual(await findSecrets([{ name: "the password", value }], [project.state]), []);
    assert.deepEqual(await statuses(), before);
  });

  it("comes from an OCI registry as well, whose authority a file names", async () => {
    const registry = await registryServer([chart]);
    try {
      const caFile = join(project.folder, "ca.pem");
      await writeFile(caFile, registry.authority);
      await set({ repository: registry.url, caFile, greeting: "from the registry" });
      await upAsExpected();
      assert.equal(await greeting(), "from the registry");
    } finally {
      registry.close();
    }
  });
});
