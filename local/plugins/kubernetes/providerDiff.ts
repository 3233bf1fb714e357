import type { DiffResult } from "../server/provider";
import type { PropertyMap, PropertyValue } from "../server/values";
import { revealedMap } from "../server/values";
import { accessOf, CredentialError, KubeconfigError, parseKubeconfig } from "./kubeconfig";
import { changesBetween } from "./diff";

/**
 * What changed provider settings mean: another cluster replaces the provider, and with it everything it made. Which cluster
 * it is says the identifier, where both sides have one, else the API server's address.
 */
export function providerDiff(oldSettings: PropertyMap, newSettings: PropertyMap): DiffResult {
  const [olds, news] = [revealedMap(oldSettings), revealedMap(newSettings)];
  const diffs = [...new Set(changesBetween(olds, news).map(({ path }) => String(path[0])))]
    .filter((key) => key !== "version")
    .sort();
  const replaces: string[] = [];
  if (diffs.includes("renderYamlToDirectory")) replaces.push("renderYamlToDirectory");
  const [before, after] = [olds["clusterIdentifier"], news["clusterIdentifier"]];
  if (isText(before) && isText(after)) {
    if (before !== after) replaces.push("clusterIdentifier");
  } else if (["kubeconfig", "context", "cluster"].some((key) => diffs.includes(key))) {
    const [oldServer, newServer] = [serverOf(olds), serverOf(news)];
    if (oldServer !== undefined && newServer !== undefined && oldServer !== newServer)
      replaces.push("kubeconfig");
  }
  return { changes: diffs.length > 0 ? "some" : "none", diffs, replaces };
}

function isText(value: PropertyValue | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/** The API server's address, or undefined if the settings don't say (or don't say yet). */
function serverOf(settings: PropertyMap): string | undefined {
  const kubeconfig = settings["kubeconfig"];
  if (!isText(kubeconfig)) return undefined;
  let config;
  try {
    config = parseKubeconfig(kubeconfig);
  } catch (error) {
    if (error instanceof KubeconfigError) throw new Error(`failed to parse kubeconfig: ${error.message}`);
    throw error;
  }
  const [context, cluster] = [settings["context"], settings["cluster"]];
  try {
    return accessOf(config, {
      context: isText(context) ? context : undefined,
      cluster: isText(cluster) ? cluster : undefined,
    }).server;
  } catch (error) {
    if (error instanceof KubeconfigError || error instanceof CredentialError) return undefined;
    throw error;
  }
}
