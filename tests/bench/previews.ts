import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { duration } from "../../local/progress";
import { attachAll, AzureEnvironment } from "../support/azureEnvironment";
import { EngineProject } from "../support/engineProject";
import { timed } from "./trial";

const checkout = resolve(__dirname, "..", "..");

/** How often each preview is measured once everything that can be cached is. */
const rounds = 3;

/** How Pulumi tells what isn't known in a preview: in its protocol, and for a secret in what it prints. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const secret = "[secret]";

/** Milliseconds of a preview, the first and the middle one of the others. */
interface Times {
  readonly cold: number;
  readonly warm: number;
}

/**
 * Previews of an environment on Azure from an empty state, beside those of a program that makes the same resources and nothing else; both
 * in turns, so that what else runs on the machine slows both.
 */
export async function measurePreviews(): Promise<string[][]> {
  const rows: string[][] = [
    ["environment", "resources", "cold", "bare program", "ratio", "warm", "bare program", "ratio"],
  ];
  for (const environment of ["dev", "prd"]) {
    const ours = await AzureEnvironment.create(environment);
    const resources = await plannedBy(ours.project, environment);
    const bare = await bareProject(resources, ours.variables);
    try {
      const times = await inTurns([
        { project: ours.project, stack: environment },
        { project: bare, stack: "test" },
      ]);
      const [one, other] = times;
      if (one === undefined || other === undefined) continue;
      rows.push([
        environment,
        String(resources.length),
        ...compared(one.cold, other.cold),
        ...compared(one.warm, other.warm),
      ]);
    } finally {
      await bare.remove();
      await ours.remove();
    }
  }
  return rows;
}

function compared(one: number, other: number): string[] {
  return [duration(one), duration(other), `${(one / other).toFixed(2)}×`];
}

interface Previewed {
  readonly project: EngineProject;
  readonly stack: string;
}

async function inTurns(all: readonly Previewed[]): Promise<readonly Times[]> {
  const times: number[][] = all.map(() => []);
  const sizes = new Set<string | undefined>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [index, { project, stack }] of all.entries()) {
      if (round === 0) await forgetTranslations(project);
      const { result, milliseconds } = await timed(() => project.run("preview", "--stack", stack));
      if (result.code !== 0) throw new Error(result.output);
      times[index]?.push(milliseconds);
      sizes.add(/\+ (\d+) to create/.exec(result.output)?.[1]);
    }
  }
  if (sizes.size !== 1) throw new Error(`previews of different resources: ${[...sizes].join(", ")}`);
  return times.map(([cold = 0, ...warm]) => ({ cold, warm: middle(warm) }));
}

function middle(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0;
}

/** What is kept of TypeScript's translation between runs, where the project's runs have it. */
async function forgetTranslations({ temporary }: EngineProject): Promise<void> {
  await rm(temporary, { recursive: true, force: true });
  await mkdir(temporary);
}

/** The resources of a preview, as Pulumi tells them. */
async function plannedBy(project: EngineProject, stack: string): Promise<readonly object[]> {
  const { code, output } = await project.run("preview", "--stack", stack, "--json");
  if (code !== 0) throw new Error(output);
  const text = output.slice(output.indexOf("{\n"), output.lastIndexOf("}") + 1).replaceAll(secret, unknown);
  const { steps } = JSON.parse(text) as { steps: { newState: object; provider?: string }[] };
  return steps.map(({ newState, provider }) => ({ ...newState, provider }));
}

async function bareProject(
  resources: readonly object[],
  variables: Readonly<Record<string, string>>,
): Promise<EngineProject> {
  // Its language host is the same, and so is what that loads first.
  const project = await EngineProject.create(`require("../bare");`, {
    ...variables,
    TERP_CHECKOUT: checkout,
  });
  await attachAll(project);
  const folder = join(project.program, "bare");
  await cp(join(__dirname, "bare"), folder, { recursive: true });
  await writeFile(join(folder, "resources.json"), JSON.stringify(resources));
  const file = join(project.program, "Pulumi.yaml");
  await rm(file);
  await writeFile(file, "name: bare\nruntime: { name: nodejs, options: { typescript: false } }\n");
  await project.initialise();
  return project;
}
