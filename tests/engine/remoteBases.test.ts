import { strict as assert } from "node:assert";
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { promisify } from "node:util";
import { createGzip } from "node:zlib";
import { pack } from "tar-stream";
import { parseAllDocuments } from "yaml";

import type { KubeObject } from "../../infra/cluster/kubeApi";
import { silent } from "../../local/progress";
import { ensureTools } from "../../local/toolchain/ensure";
import { ControlPlane } from "../support/controlPlane";
import { eventually } from "../support/eventually";
import { makeTestFolder, removeTestFolder, type TestFolder } from "../support/testFolder";

const run = promisify(execFile);
const pathOf = (toolkit: string, plural: string): string =>
  `/apis/${toolkit}.toolkit.fluxcd.io/v1/namespaces/default/${plural}/based`;

/**
 * What `--no-remote-bases` keeps out. On a platform others stand before it: the controller's image has no git, its network reaches no Git
 * host, and its requests go to a proxy that isn't there. So the program runs here where it finds git, at an API server.
 */
describe("kustomize-controller, where it finds git", () => {
  let plane: ControlPlane;
  let own: TestFolder;
  let server: Server;
  let program: string;
  let controller: ChildProcess | undefined;

  /** A repository that is nobody's source, with one ConfigMap. */
  async function makeBase(folder: string): Promise<void> {
    await mkdir(folder);
    await writeFile(join(folder, "kustomization.yaml"), "resources: [based.yaml]\n");
    const based = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "based", namespace: "default" } };
    await writeFile(join(folder, "based.yaml"), JSON.stringify(based));
    const git = (...words: readonly string[]) =>
      run("git", ["-c", "user.name=base", "-c", "user.email=base@localhost", ...words], { cwd: folder });
    await git("init", "-q", "-b", "main");
    await git("add", ".");
    await git("commit", "-q", "-m", "base");
  }

  /** Serves what source-controller would have fetched: a kustomization that names the base. */
  async function serve(base: string): Promise<{ readonly url: string; readonly digest: string }> {
    const archive = pack();
    archive.entry({ name: "kustomization.yaml" }, `resources: ["file://${base}?ref=main"]\n`);
    archive.finalize();
    const content = await buffer(archive.pipe(createGzip()));
    server = createServer((_request, response) => response.end(content));
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const digest = createHash("sha256").update(content).digest("hex");
    return { url: `http://127.0.0.1:${String(port)}/source.tar.gz`, digest: `sha256:${digest}` };
  }

  /** A source whose artifact is there already, and a Kustomization that applies it. */
  async function make(artifact: { readonly url: string; readonly digest: string }): Promise<void> {
    const source = {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "based" },
      spec: { interval: "1h", url: "https://git.example.org/based" },
    };
    const { generation } = (await apply("source", "gitrepositories", source)).metadata;
    const fetched = {
      ...artifact,
      path: "based/source.tar.gz",
      revision: "main@sha1:0123456789012345678901234567890123456789",
      lastUpdateTime: "2026-01-01T00:00:00Z",
    };
    await plane.must({
      method: "PATCH",
      path: `${pathOf("source", "gitrepositories")}/status`,
      body: { status: { observedGeneration: generation, artifact: fetched } },
    });
    await apply("kustomize", "kustomizations", {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "based" },
      spec: {
        ...{ interval: "1h", retryInterval: "5s", path: "./", prune: false },
        sourceRef: { kind: "GitRepository", name: "based" },
      },
    });
  }

  async function apply(toolkit: string, plural: string, body: object): Promise<KubeObject> {
    const path = `${pathOf(toolkit, plural)}?fieldManager=test`;
    return (await plane.must({ method: "APPLY", path, body })).body as unknown as KubeObject;
  }

  async function start(...flags: readonly string[]): Promise<void> {
    const kubeconfig = join(own.folder, "kubeconfig");
    await writeFile(kubeconfig, plane.kubeconfig, { mode: 0o600 });
    const words = ["--metrics-addr=0", "--health-addr=0", "--enable-leader-election=false", ...flags];
    // Ends with this process, however that ends.
    controller = spawn("setpriv", ["--pdeathsig", "KILL", "--", program, ...words], {
      stdio: "ignore",
      env: { PATH: process.env["PATH"], HOME: own.folder, TMPDIR: own.folder, KUBECONFIG: kubeconfig },
    });
  }

  async function end(): Promise<void> {
    if (controller === undefined || controller.exitCode !== null) return;
    const ended = new Promise((resolve) => controller?.once("exit", resolve));
    controller.kill("SIGKILL");
    await ended;
  }

  /** What the controller says of the Kustomization. */
  async function verdict(reason: string): Promise<string> {
    return eventually(async () => {
      const { body } = await plane.must({ method: "GET", path: pathOf("kustomize", "kustomizations") });
      const status = body["status"] as { conditions?: { type: string; reason: string; message: string }[] };
      const ready = status.conditions?.find(({ type }) => type === "Ready");
      assert.equal(ready?.reason, reason, ready?.message);
      return ready.message;
    });
  }

  async function isApplied(): Promise<boolean> {
    const based = "/api/v1/namespaces/default/configmaps/based";
    return (await plane.call({ method: "GET", path: based })).status === 200;
  }

  before(async () => {
    const tools = await ensureTools(["kustomize-controller", "flux-crds"], silent);
    program = join(tools["kustomize-controller"].directory, "kustomize-controller");
    own = await makeTestFolder();
    plane = await ControlPlane.start();
    const definitions = await readFile(join(tools["flux-crds"].directory, "flux-crds.yaml"), "utf8");
    for (const each of parseAllDocuments(definitions)) {
      const definition = each.toJS() as KubeObject;
      const name = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${definition.metadata.name}`;
      await plane.must({ method: "APPLY", path: `${name}?fieldManager=test`, body: definition });
    }
    const base = join(own.folder, "base.git");
    await makeBase(base);
    const artifact = await serve(base);
    // The kinds are there soon after their definitions.
    await eventually(() => make(artifact));
  });
  afterEach(end);
  after(async () => {
    server.close();
    await plane.stop();
    await removeTestFolder(own);
  });

  it("builds on no base from elsewhere with --no-remote-bases", async () => {
    await start("--no-remote-bases=true");
    assert.match(await verdict("BuildFailed"), /fs-security-constraint .* is not in or below/);
    assert.equal(await isApplied(), false);
  });

  it("builds on it without", async () => {
    await start("--no-remote-bases=false");
    await verdict("ReconciliationSucceeded");
    assert.equal(await isApplied(), true);
  });
});
