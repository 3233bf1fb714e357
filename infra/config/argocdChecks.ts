import type { RawConfig } from "../config";
import type { Fault } from "../fault";
import { hasArgocd } from "./gitopsSection";
import type { Sections } from "./sections";
import { commandsFor } from "./setting";

/** What the settings for Argo CD need of others. */
export function argocdFaults(raw: RawConfig, sections: Sections): Fault[] {
  return [
    ...definitions(raw, sections),
    ...services(raw, sections),
    ...codeOwners(raw, sections),
    ...client(raw, sections),
  ];
}

function definitions({ environment }: RawConfig, { cluster, gitops }: Sections): Fault[] {
  if (cluster === undefined || cluster.kind === "local") return [];
  if (gitops === undefined || !hasArgocd(gitops) || gitops.crds.kind !== "own") return [];
  const { set } = commandsFor(environment, ["gitops", "crds", "kind"]);
  return [
    {
      path: "gitops.crds.kind",
      given: '"own"',
      expected: `installed or release with cluster.kind ${cluster.kind}: own are made with the embedded cluster`,
      remedy:
        `where the cluster has Argo CD's definitions already, type: ${set("installed")}` +
        `; else type: ${set("release")}, and set gitops.crds.file to a release's install.yaml`,
    },
  ];
}

/** What makes services of their files is a part of Argo CD's. */
function services({ environment }: RawConfig, { gitops }: Sections): Fault[] {
  if (gitops?.services !== true || hasArgocd(gitops)) return [];
  return [
    {
      path: "gitops.services",
      given: "true",
      expected: "false unless gitops.engine is argocd or both",
      remedy: `type: ${commandsFor(environment, ["gitops", "engine"]).set("both")}, or: ${commandsFor(environment, ["gitops", "services"]).remove}`,
    },
  ];
}

/** What operators run beside tenants is Argo CD's to apply, and only there the platform repository has something to review. */
function codeOwners({ environment }: RawConfig, { gitops }: Sections): Fault[] {
  if (gitops === undefined || gitops.codeOwners.length === 0 || hasArgocd(gitops)) return [];
  return [
    {
      path: "gitops.codeOwners",
      given: JSON.stringify(gitops.codeOwners),
      expected: "none unless gitops.engine is argocd or both",
      remedy: `type: ${commandsFor(environment, ["gitops", "engine"]).set("both")}, or: ${commandsFor(environment, ["gitops", "codeOwners"]).remove}`,
    },
  ];
}

/** Nobody could log in by a client of something that isn't there, or comes by no host name. */
function client({ environment }: RawConfig, { gitops, ingress, oidc }: Sections): Fault[] {
  if (oidc?.clients.argocd === undefined) return [];
  const path = "oidc.clients.argocd";
  const remedy = `type: ${commandsFor(environment, ["oidc", "clients", "argocd"]).remove}`;
  if (gitops !== undefined && !hasArgocd(gitops))
    return [{ path, given: "a client", expected: "none unless gitops.engine is argocd or both", remedy }];
  if (ingress !== undefined && ingress.kind !== "gateway")
    return [
      {
        path,
        given: "a client",
        expected: "none unless ingress.kind is gateway: without it Argo CD has no host name",
        remedy,
      },
    ];
  return [];
}
