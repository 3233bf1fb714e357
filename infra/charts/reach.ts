import { readFile } from "node:fs/promises";
import { RunError } from "@pulumi/pulumi/errors";
import { parse } from "yaml";

import { type Fault, describeFaults, messageOf } from "../fault";
import { ask } from "../http";
import { type Chart, type ChartSource, placeOf } from "./chart";

/** How long a repository may take to answer, in seconds. An index of a few megabytes is among the answers. */
const seconds = 60;

/**
 * Looks whether each chart is where it is to be taken from.
 *
 * @throws RunError that says of each that isn't which, why, and what helps.
 */
export async function requireCharts(charts: readonly Chart[], source: ChartSource): Promise<void> {
  const faults = await chartFaults(charts, source);
  if (faults.length === 0) return;
  const count = faults.length === 1 ? "one chart" : `${String(faults.length)} charts`;
  throw new RunError(`${count} can't be had, and nothing was done:\n\n${describeFaults(faults)}\n`);
}

/** What is wrong with where the charts are taken from: one fault a chart. */
export async function chartFaults(charts: readonly Chart[], source: ChartSource): Promise<Fault[]> {
  const ca = source.caFile === undefined ? undefined : await readFile(source.caFile, "utf8");
  const indexes = new Map<string, Promise<Answer>>();
  const index: Asking = (url) => {
    const known = indexes.get(url) ?? ask(url, seconds, { ca });
    indexes.set(url, known);
    return known;
  };
  const registry: Asking = (url, headers) => ask(url, seconds, { ca, headers });
  const faults = await Promise.all(
    charts.map(async (chart) => {
      const place = placeOf(chart, source);
      const given =
        place.repository === undefined
          ? await missingInRegistry(place.chart, chart.version, registry)
          : await missingInIndex(place.repository, chart, index);
      return given === undefined ? [] : [faultOf(chart, given, source)];
    }),
  );
  return faults.flat();
}

type Answer = Awaited<ReturnType<typeof ask>>;
type Asking = (url: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;

function faultOf(chart: Chart, given: string, { mirror }: ChartSource): Fault {
  const { chart: address, repository } = placeOf(chart, { mirror });
  const set = "pulumi config set --path terp:charts.mirror";
  return {
    path: `chart ${chart.name}`,
    given,
    expected: `version ${chart.version} in ${repository ?? address}`,
    remedy:
      mirror === undefined
        ? `look at name resolution and at the proxy (HTTPS_PROXY) of the machine that runs Pulumi; where it may not reach that address, ` +
          `name a repository that has the chart: ${set} oci://registry.example.org/charts`
        : `copy the chart there (helm pull, then helm push), or name another mirror: ${set}`,
  };
}

/** Why a repository with an index doesn't have a chart; `undefined` where it has it. */
async function missingInIndex(repository: string, chart: Chart, get: Asking): Promise<string | undefined> {
  const url = `${repository}/index.yaml`;
  const answer = await get(url).catch(messageOf);
  if (typeof answer === "string") return `a repository that can't be reached: ${answer}`;
  if (answer.status !== 200) return `${url} answers with status ${String(answer.status)}`;
  const versions = versionsIn(answer.text, chart.name);
  if (versions === undefined) return `${url} isn't the index of a chart repository`;
  // Helm's comparison doesn't look at a leading v.
  const isIt = (version: string): boolean => version.replace(/^v/, "") === chart.version.replace(/^v/, "");
  if (versions.some(isIt)) return undefined;
  const [newest] = versions;
  return newest === undefined
    ? "a repository that has no chart of that name"
    : `a repository that has other versions of it, the newest ${newest}`;
}

function versionsIn(text: string, name: string): readonly string[] | undefined {
  const index = parsed(text);
  const entries = objectIn(objectIn(index)?.["entries"]);
  if (entries === undefined) return undefined;
  const found = entries[name];
  return Array.isArray(found) ? found.map((each) => String(objectIn(each)?.["version"])) : [];
}

/** Why an OCI registry doesn't have a chart; `undefined` where it has it. OCI distribution specification, "pull". */
async function missingInRegistry(chart: string, tag: string, get: Asking): Promise<string | undefined> {
  const [host = "", ...path] = chart.replace(/^oci:\/\//, "").split("/");
  const url = `https://${host}/v2/${path.join("/")}/manifests/${tag.replaceAll("+", "_")}`;
  const headers = { accept: "application/vnd.oci.image.manifest.v1+json" };
  try {
    const first = await get(url, headers);
    const answer = first.status === 401 ? await withToken(first, url, { get, headers }) : first;
    if (answer.status === 200) return undefined;
    if (answer.status === 404) return "a registry that doesn't have it";
    if ([401, 403].includes(answer.status))
      return "a registry that gives it to nobody without a password: one for charts must be open to who runs Pulumi";
    return `${url} answers with status ${String(answer.status)}`;
  } catch (error) {
    return `a registry that can't be reached: ${messageOf(error)}`;
  }
}

/** Asks again with the token that a registry gives to everybody: https://distribution.github.io/distribution/spec/auth/token */
async function withToken(
  refused: Answer,
  url: string,
  { get, headers }: { readonly get: Asking; readonly headers: Readonly<Record<string, string>> },
): Promise<Answer> {
  const challenge = refused.headers.get("www-authenticate") ?? "";
  const { realm, ...rest } = Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, value]),
  );
  if (!/^bearer /i.test(challenge) || realm === undefined) return refused;
  const given = await get(`${realm}?${new URLSearchParams(rest).toString()}`);
  const body = objectIn(parsed(given.text));
  const token = body?.["token"] ?? body?.["access_token"];
  if (typeof token !== "string") return refused;
  return await get(url, { ...headers, authorization: `Bearer ${token}` });
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

function objectIn(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
