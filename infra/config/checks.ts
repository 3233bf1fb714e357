import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { argocdFaults } from "./argocdChecks";
import { azureChecks } from "./azureChecks";
import { certificateFaults } from "./certificateChecks";
import { clientSecretFaults } from "./clientSecretChecks";
import { gitFaults } from "./gitChecks";
import { grafanaFaults } from "./grafanaChecks";
import { ownStoreFaults } from "./ownStoreChecks";
import { readerFaults } from "./readerChecks";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** What no section can tell by itself. Looks only at sections without faults of their own. */
export function crossChecks(raw: RawConfig, sections: Sections): Fault[] {
  return [
    ...stackName(raw),
    ...rehearsal(raw, sections),
    ...gitNode(raw, sections),
    ...gitFaults(raw, sections),
    ...keyStore(raw, sections),
    ...fluxManifests(raw, sections),
    ...gatewayCrds(raw, sections),
    ...argocdFaults(raw, sections),
    ...secrets(raw, sections),
    ...azureChecks(raw, sections),
    ...clientSecretFaults(raw, sections),
    ...grafanaFaults(raw, sections),
    ...certificateFaults(raw, sections),
    ...ownStoreFaults(raw, sections),
    ...readerFaults(raw, sections),
  ];
}

function stackName({ environment }: RawConfig): Fault[] {
  if (/^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$/.test(environment)) return [];
  return [
    {
      path: "the stack's name",
      given: JSON.stringify(environment),
      expected: "at most 30 lower-case letters, digits and dashes, with a letter or digit at both ends",
      remedy: "type: pulumi stack rename, with another name",
    },
  ];
}

/** In a cluster of somebody else's there would be two stacks that take the same objects for theirs. */
function rehearsal(raw: RawConfig, { environment, cluster }: Sections): Fault[] {
  if (environment === undefined || cluster === undefined || cluster.kind === "local") return [];
  return [
    {
      path: "environment",
      given: JSON.stringify(environment),
      expected: `none with cluster.kind ${cluster.kind}: it is for rehearsals in an embedded cluster`,
      remedy: `type: ${commandsFor(raw.environment, ["environment"]).remove}`,
    },
  ];
}

function gitNode({ environment }: RawConfig, { cluster, git }: Sections): Fault[] {
  if (!cluster || git?.kind !== "gitea") return [];
  if (cluster.kind === "local" && git.node) {
    return [
      {
        path: "git.node",
        given: "settings",
        expected: "none with cluster.kind local: the embedded cluster decides them",
        remedy: `type: ${commandsFor(environment, ["git", "node"]).remove}`,
      },
    ];
  }
  if (cluster.kind !== "local" && !git.node) {
    return [
      {
        path: "git.node",
        given: "nothing",
        expected: `dataFolder, address and clientAddress with cluster.kind ${cluster.kind}`,
        remedy: `type, for example: ${commandsFor(environment, ["git", "node", "dataFolder"]).set("/srv/gitea")}`,
      },
    ];
  }
  return [];
}

function keyStore({ environment }: RawConfig, { cluster, keys }: Sections): Fault[] {
  if (cluster?.kind !== "existing" || !keys || keys.store) return [];
  return [
    {
      path: "keys.store",
      given: "nothing",
      expected:
        "a place for the platform's key with cluster.kind existing: without it the key is lost with the state",
      remedy:
        `type: ${commandsFor(environment, ["keys", "store", "kind"]).set("file")}` +
        ` and, for example: ${commandsFor(environment, ["keys", "store", "folder"]).set(`~/terp/${environment}/keys`)}`,
    },
  ];
}

function fluxManifests({ environment }: RawConfig, { cluster, flux }: Sections): Fault[] {
  if (cluster === undefined || cluster.kind === "local" || flux?.manifests.kind !== "own") return [];
  return [
    {
      path: "flux.manifests.kind",
      given: '"own"',
      expected: `release with cluster.kind ${cluster.kind}: only the embedded cluster has the images that own manifests name`,
      remedy:
        `type: ${commandsFor(environment, ["flux", "manifests", "kind"]).set("release")}` +
        `, and set flux.manifests.file and flux.manifests.version to a release's install.yaml`,
    },
  ];
}

function gatewayCrds({ environment }: RawConfig, { cluster, ingress }: Sections): Fault[] {
  if (cluster === undefined || cluster.kind === "local") return [];
  if (ingress?.kind !== "gateway" || ingress.crds.kind !== "own") return [];
  const { set } = commandsFor(environment, ["ingress", "crds", "kind"]);
  return [
    {
      path: "ingress.crds.kind",
      given: '"own"',
      expected: `installed or release with cluster.kind ${cluster.kind}: own are made with the embedded cluster`,
      remedy:
        `where the cluster has the Gateway API already, type: ${set("installed")}` +
        `; else type: ${set("release")}, and set ingress.crds.file to a release's standard-install.yaml`,
    },
  ];
}

function secrets(raw: RawConfig, { cluster }: Sections): Fault[] {
  const inClear = ["kubeconfig"]
    .filter((name) => name in raw.values && !raw.secrets.includes(name))
    .map((name) => ({
      path: name,
      given: "a text that isn't encrypted",
      expected: "a secret",
      remedy: `change what it gives access to, if the file was ever shared; then type: ${commandsFor(raw.environment, [name]).setSecret}`,
    }));
  if (!cluster) return inClear;
  const isWanted = cluster.kind === "existing" && cluster.kubeconfig.kind === "secret";
  const isThere = "kubeconfig" in raw.values;
  if (isWanted && !isThere) {
    const { setSecret } = commandsFor(raw.environment, ["kubeconfig"]);
    inClear.push({
      path: "kubeconfig",
      given: "nothing",
      expected: "a secret, because cluster.kubeconfig.kind is secret",
      remedy: `type: ${setSecret} < kubeconfig.yaml`,
    });
  }
  if (!isWanted && isThere) {
    const { remove } = commandsFor(raw.environment, ["kubeconfig"]);
    inClear.push({
      path: "kubeconfig",
      given: "a secret that nothing uses",
      expected: "none unless cluster.kubeconfig.kind is secret",
      remedy: `type: ${remove}`,
    });
  }
  return inClear;
}
