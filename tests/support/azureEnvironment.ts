import { strict as assert } from "node:assert";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";

import { readConfig } from "../../cli/engine/settings";
import { azureNames } from "../../infra/azure/names";
import { versions } from "../../infra/versions";
import { ArmDouble } from "./arm/double";
import { indexServer, type ChartServer } from "./chartServers";
import { EngineProject } from "./engineProject";
import { asYaml, releaseManifests } from "./fluxRelease";
import { KeyVaultDouble } from "./keyVaultDouble";
import { filledIn } from "./stackFile";

const checkout = resolve(__dirname, "..", "..");

/** The program of this checkout. */
const program = `export = require(${JSON.stringify(join(checkout, "stacks", "index.ts"))});`;

/** The file that the settings name as Flux's release. */
const flux = "~/terp/flux/install.yaml";

/** An environment of this checkout on the real engine, with doubles of what it asks in Azure. */
export class AzureEnvironment {
  private constructor(
    readonly arm: ArmDouble,
    private readonly vault: KeyVaultDouble,
    private readonly charts: ChartServer,
    readonly project: EngineProject,
  ) {}

  /**
   * Makes its stack, in an empty state.
   *
   * @param environment `dev` or `prd`.
   */
  static async create(environment: string): Promise<AzureEnvironment> {
    const name = `Pulumi.${environment}.yaml`;
    const settings = filledIn(await readFile(join(checkout, name), "utf8"));
    const { azure } = readConfig(settings, { project: "terp", stack: environment }, "compare");
    assert.ok(azure, "it is in Azure");
    const arm = await ArmDouble.start();
    const vault = await KeyVaultDouble.start(azureNames(azure, environment).keep.vault);
    const project = await EngineProject.create(program, { ...vault.environment, ...arm.environment });
    await attachAll(project);
    await project.initialise();
    const release = join(project.folder, "install.yaml");
    await writeFile(release, asYaml(releaseManifests()));
    assert.ok(settings.includes(flux), "its Flux is a file");
    const chart = { name: "ingress-nginx", version: versions.ingressNginx, templates: {} };
    const charts = await indexServer([chart]);
    const mirror = `  terp:charts: { mirror: "${charts.url}" }\n`;
    await writeFile(join(project.program, name), `${settings.replace(flux, release)}${mirror}`);
    const { code, output } = await project.run("stack", "init", environment);
    assert.equal(code, 0, output);
    const token = ["--stack", environment, "--secret", "terp:gitToken", "github_pat_abc"];
    const set = await project.run("config", "set", ...token);
    assert.equal(set.code, 0, set.output);
    return new AzureEnvironment(arm, vault, charts, project);
  }

  /** What another program needs to ask the same doubles. */
  get variables(): Readonly<Record<string, string>> {
    return { ...this.vault.environment, ...this.arm.environment };
  }

  async remove(): Promise<void> {
    await this.project.remove();
    this.charts.close();
    await this.vault.close();
    await this.arm.close();
  }
}

/** Has the engine use our stand-ins for all that an environment on Azure takes. */
export async function attachAll(project: EngineProject): Promise<void> {
  for (const name of ["azure-native", "github", "kubernetes", "random", "tls"] as const)
    await project.attach(name);
}
