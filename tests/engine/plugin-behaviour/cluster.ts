import { mkdir } from "node:fs/promises";
import path from "node:path";
import { commonFiles } from "../../../local/images/catalog";
import { ensureImage } from "../../../local/images/ensure";
import type { ImageEntry, LocalImage } from "../../../local/images/image";
import { ensureNode, prepareNode } from "../../../local/node";
import { cacheFolder } from "../../../local/paths";
import type { Progress } from "../../../local/progress";
import { command } from "../../../local/toolchain/command";
import { ensureTools } from "../../../local/toolchain/ensure";
import { ensureEnvironment } from "../../../local/toolchain/environment";
import { findGo, goEnvironment } from "../../../local/toolchain/go";
import { makeTestFolder, removeTestFolder } from "../../support/testFolder";
import { run } from "./command";

const webSource = path.resolve(__dirname, "../../fixtures/images/web");

/** A cluster with what the scenarios expect of one: two images and a custom resource definition of Flux. */
export interface ScenarioCluster {
  readonly kubeconfig: string;
  readonly remove: () => Promise<void>;
}

/** The tools of this project on PATH: the engine, kubectl and helm. */
export async function toolEnvironment(progress: Progress): Promise<NodeJS.ProcessEnv> {
  await ensureTools(["kube", "helm"], progress);
  return ensureEnvironment("plugin-behaviour", { localState: false, progress });
}

/** Starts an embedded node for the scenarios. */
export async function startCluster(
  environment: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<ScenarioCluster> {
  const own = await makeTestFolder();
  const prepared = await prepareNode(own.name, {}, progress);
  const directory = path.join(own.folder, "node");
  await mkdir(directory);
  const images = [...prepared.images, ...(await scenarioImages(progress))];
  const { kubeconfigPath } = await ensureNode({ ...prepared, directory, images }, progress);
  await addFluxDefinitions({ ...environment, KUBECONFIG: kubeconfigPath }, progress);
  return { kubeconfig: kubeconfigPath, remove: () => removeTestFolder(own) };
}

async function addFluxDefinitions(environment: NodeJS.ProcessEnv, progress: Progress): Promise<void> {
  const { "flux-crds": tool } = await ensureTools(["flux-crds"], progress);
  const file = path.join(tool.directory, "flux-crds.yaml");
  const done = await run("kubectl", ["apply", "--server-side", "-f", file], { env: environment });
  if (done.exit !== 0) throw new Error(`Flux's definitions can't be applied: ${done.stderr}`);
}

async function scenarioImages(progress: Progress): Promise<LocalImage[]> {
  const { pause } = await ensureTools(["pause"], progress);
  const common = await commonFiles();
  const image = (name: string, program: string): Promise<LocalImage> => {
    const entry: ImageEntry = { kind: "file", from: { file: program }, mode: 0o755 };
    const configuration = { user: "65532:65532", entrypoint: [`/${name}`] };
    const files = new Map([...common, [`/${name}`, entry] as const]);
    return ensureImage(
      { name: `test-${name}`, reference: `local.test/${name}:1`, configuration, files },
      progress,
    );
  };
  return Promise.all([image("web", await buildWeb()), image("pause", path.join(pause.directory, "pause"))]);
}

async function buildWeb(): Promise<string> {
  const go = await findGo();
  if (!go) throw new Error("the scenarios' application is built with Go, which isn't here: install Go");
  const folder = path.join(cacheFolder(), "test-images");
  await mkdir(folder, { recursive: true });
  const program = path.join(folder, "web");
  const words = ["build", "-trimpath", "-buildvcs=false", "-ldflags=-s -w", "-o", program, "."];
  const built = await command(go.program, words, { cwd: webSource, env: goEnvironment(process.env) });
  if (!built.ok) throw new Error(`go build in ${webSource}: ${built.stderr}`);
  return program;
}
