import type { PropertyMap, PropertyValue } from "../../server/values";
import { isMap, asText } from "../../server/values";
import { readFileSync } from "node:fs";
import type { PrivateFolder } from "./cli";

/** Words and stdin of one Helm command. */
export interface HelmCommand {
  readonly words: readonly string[];
  readonly input: string;
}

/** The chart's words: name, version, and where it is from. A repository's password goes by a file, never by a word. */
export function chartWords(inputs: Readonly<PropertyMap>, folder: PrivateFolder): string[] {
  const repository = isMap(inputs["repositoryOpts"]) ? inputs["repositoryOpts"] : {};
  const words: string[] = [];
  const url = text(repository["repo"]);
  let chart = text(inputs["chart"]);
  if (url !== "" && text(repository["password"]) !== "") {
    const entry = {
      ...repository,
      name: "release",
      url,
      caFile: repository["caFile"],
      certFile: repository["certFile"],
    };
    const file = folder.write("repositories.yaml", JSON.stringify({ apiVersion: "", repositories: [entry] }));
    words.push("--repository-config", file);
    chart = `release/${chart}`;
  } else if (url !== "") words.push("--repo", url);
  for (const [option, name] of [
    ["--ca-file", "caFile"],
    ["--cert-file", "certFile"],
    ["--key-file", "keyFile"],
  ] as const) {
    const file = text(repository[name]);
    if (file !== "" && text(repository["password"]) === "") words.push(option, file);
  }
  const version = text(inputs["version"]);
  if (version !== "" && !/^[./]/.test(chart)) words.push("--version", version);
  if (inputs["devel"] === true) words.push("--devel");
  if (inputs["verify"] === true) words.push("--verify");
  if (text(inputs["keyring"]) !== "") words.push("--keyring", text(inputs["keyring"]));
  return [chart, ...words];
}

/** The command that installs or upgrades a release. Values go by stdin. */
export function deployCommand(
  verb: "install" | "upgrade",
  inputs: Readonly<PropertyMap>,
  folder: PrivateFolder,
): HelmCommand {
  const words = [
    verb,
    text(inputs["name"]),
    ...chartWords(inputs, folder),
    "--namespace",
    text(inputs["namespace"]),
  ];
  const flag = (name: string, option: string) => {
    if (inputs[name] === true) words.push(option);
  };
  words.push("--timeout", `${asText(inputs["timeout"] ?? 300)}s`);
  if (inputs["skipAwait"] !== true) words.push("--wait");
  flag("atomic", "--atomic");
  flag("dependencyUpdate", "--dependency-update");
  flag("disableOpenapiValidation", "--disable-openapi-validation");
  flag("disableWebhooks", "--no-hooks");
  flag("renderSubchartNotes", "--render-subchart-notes");
  flag("skipCrds", "--skip-crds");
  flag("takeOwnership", "--take-ownership");
  flag("waitForJobs", "--wait-for-jobs");
  if (verb === "install") {
    flag("createNamespace", "--create-namespace");
    flag("replace", "--replace");
  } else {
    flag("cleanupOnFail", "--cleanup-on-fail");
    flag("forceUpdate", "--force");
    flag("resetValues", "--reset-values");
    flag("reuseValues", "--reuse-values");
    if (typeof inputs["maxHistory"] === "number") words.push("--history-max", String(inputs["maxHistory"]));
  }
  if (text(inputs["description"]) !== "") words.push("--description", text(inputs["description"]));
  if (text(inputs["postrender"]) !== "") words.push("--post-renderer", text(inputs["postrender"]));
  const files = Array.isArray(inputs["valueYamlFiles"]) ? inputs["valueYamlFiles"] : [];
  files.forEach((asset, index) => {
    words.push("--values", folder.write(`values-${String(index)}.yaml`, assetText(asset)));
  });
  return {
    words: [...words, "--values", "-", "--output", "json"],
    input: JSON.stringify(inputs["values"] ?? {}),
  };
}

/** The text of an asset as the protocol carries it. */
function assetText(asset: PropertyValue): string {
  if (!isMap(asset)) return "";
  const content = text(asset["text"]);
  if (content !== "") return content;
  const path = text(asset["path"]);
  return path === "" ? "" : readFileSync(path, "utf8");
}

function text(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}
