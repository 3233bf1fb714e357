import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import pLimit from "p-limit";
import { plain } from "../../../local/progress";
import { startCluster, toolEnvironment } from "./cluster";
import { compareScenarios } from "./compare";
import { judge } from "./differences";
import { expectedRecord, longestFirst, scenarioNames } from "./expected";
import { prepareMachine, type Machine } from "./machine";
import { describe } from "./report";
import { runScenario } from "./scenario";

interface Flags {
  readonly jobs: string;
  readonly all?: boolean;
  readonly keep?: boolean;
  readonly out?: string;
  readonly official?: boolean;
}

async function main(): Promise<void> {
  const command = new Command("run.ts")
    .description(
      "Runs scenarios through the engine and shows where the stand-in plugins differ from the official ones.",
    )
    .argument("[scenarios...]", "numbers or names, e.g. 14 or 33-random; all without any")
    .option("--jobs <count>", "how many to run side by side", "2")
    .option("--all", "show deliberate differences too")
    .option("--keep", "keep each scenario's folder with its state and event logs")
    .option("--out <folder>", "write the records there, in the form of expected/")
    .option("--official", "test the plugins that are on PATH, not the stand-ins")
    .parse();
  const flags = command.opts<Flags>();
  const names = chooseScenarios(command.args);
  const progress = plain();
  const given = process.env["KUBECONFIG"];
  const environment = given === undefined ? await toolEnvironment(progress) : process.env;
  const cluster = given === undefined ? await startCluster(environment, progress) : undefined;
  const kubeconfig = given ?? cluster?.kubeconfig;
  const machine = await prepareMachine({ environment, kubeconfig, official: flags.official ?? false });
  try {
    const limit = pLimit(Number(flags.jobs));
    const passed = await Promise.all(names.map((name) => limit(() => runOne(name, machine, flags))));
    if (passed.includes(false)) process.exitCode = 1;
  } finally {
    await machine.close();
    await cluster?.remove();
  }
}

function chooseScenarios(wanted: readonly string[]): string[] {
  const all = scenarioNames();
  if (wanted.length === 0) return longestFirst(all);
  return wanted.map((text) => {
    const name = all.find(
      (candidate) => candidate === text || candidate.startsWith(`${text.padStart(2, "0")}-`),
    );
    if (name === undefined)
      throw new Error(`there is no scenario "${text}": give a number from 1 to ${String(all.length)}`);
    return name;
  });
}

async function runOne(name: string, machine: Machine, flags: Flags): Promise<boolean> {
  const started = Date.now();
  let actual;
  try {
    actual = await runScenario(name, { machine, keep: flags.keep ?? false });
  } catch (error) {
    console.log(`FAIL ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return false;
  }
  if (flags.out !== undefined) {
    await mkdir(flags.out, { recursive: true });
    await writeFile(path.join(flags.out, `${name}.json`), `${JSON.stringify(actual, undefined, 1)}\n`);
  }
  const expected = expectedRecord(name);
  const judgement = judge(name, compareScenarios(expected, actual), flags.all ? [] : undefined);
  const { unexplained, explained, stale } = judgement;
  const passed = unexplained.length + stale.length === 0;
  const counts = `${String(unexplained.length)} unexplained, ${String(explained.length)} deliberate differences`;
  const seconds = String(Math.round((Date.now() - started) / 1000));
  console.log(`${passed ? "PASS" : "FAIL"} ${name}: ${counts}, ${seconds} s`);
  if (!passed) console.log(`${describe(expected, judgement).replace(/^/gm, "  ")}\n`);
  return passed;
}

void main();
