import { reconcilerAccount } from "../../flux/names";
import { controllers, isFrom, nodes, type Trusted } from "../trusted";
import { at, flattened, isMark, list, named, text } from "./cel";
import { claimed, isClaimed } from "./claims";
import { isAmongImages } from "./imageNames";
import { asksForMore, message, tenantPolicy, type AdmissionPolicy } from "./policy";

const kind = "request.resource.resource";
const pod = (path: string, otherwise = "[]"): string => at("variables.pod", path, otherwise);

/** Annotations of pods by which other programs give them addresses, networks or names of others. */
const reaching = [
  "k8s.v1.cni.cncf.io/networks",
  "v1.multus-cni.io/default-network",
  "cni.projectcalico.org/ipAddrs",
  "cni.projectcalico.org/ipAddrsNoIpam",
  "cni.projectcalico.org/ipv4pools",
  "cni.projectcalico.org/ipv6pools",
  "cni.projectcalico.org/floatingIPs",
  "cni.projectcalico.org/hwAddr",
  "cni.projectcalico.org/allowedSourcePrefixes",
  "external-dns.alpha.kubernetes.io/hostname",
  "external-dns.alpha.kubernetes.io/internal-hostname",
  "kubernetes.io/config.mirror",
  "kubernetes.io/config.source",
];

/** Where an object has metadata that Kubernetes copies to what it makes of it; a pod's own is checked where all objects' is. */
const templates = [
  `(${kind} == "pods" ? [] : [variables.template])`,
  `(${kind} == "cronjobs" ? [dyn(object).spec.jobTemplate] : [])`,
  `(${kind} == "statefulsets" ? ${at("dyn(object)", "spec.volumeClaimTemplates", "[]")} : [])`,
  `${pod("volumes")}.filter(volume, has(volume.ephemeral)).map(volume, ${at("volume", "ephemeral.volumeClaimTemplate", "{}")})`,
].join(" + ");

const marked = ["labels", "annotations"]
  .map((map) =>
    flattened(
      `(${templates})`,
      "template",
      `${at("template", `metadata.${map}`, "{}")}.map(key, key).filter(key, ${isMark("key")})`,
    ),
  )
  .join(" + ");

const images =
  `(${["containers", "initContainers", "ephemeralContainers"].map((path) => pod(path)).join(" + ")})` +
  `.map(container, ${at("container", "image", '""')}) + ` +
  `${pod("volumes")}.filter(volume, has(volume.image)).map(volume, ${at("volume", "image.reference", '""')})`;

/**
 * What a tenant's pods may be, and the templates that they are made from. Pod Security bounds what they may do on the node;
 * this is what it leaves out: whose account they run as, which images, and where the scheduler puts them.
 *
 * Pods are checked whoever makes them. Templates aren't where Kubernetes' own controllers change them: a Deployment's old
 * ReplicaSets have to be emptied even if their image isn't admitted any more.
 */
export function workloads(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-workloads",
    kinds: [
      {
        group: "",
        version: "v1",
        resources: ["pods", "pods/ephemeralcontainers", "replicationcontrollers"],
      },
      {
        group: "apps",
        version: "v1",
        resources: ["deployments", "statefulsets", "daemonsets", "replicasets"],
      },
      { group: "batch", version: "v1", resources: ["jobs", "cronjobs"] },
    ],
    exempt: [trusted, nodes],
    conditions: {
      ...asksForMore,
      "is-not-what-kubernetes-makes-of-it": `${kind} == "pods" || !(${isFrom(controllers)})`,
    },
    variables: {
      template:
        `${kind} == "pods" ? dyn(object) : ` +
        `${kind} == "cronjobs" ? dyn(object).spec.jobTemplate.spec.template : dyn(object).spec.template`,
      pod: "variables.template.spec",
      claims: claimed("images"),
      strangers: `(${images}).filter(image, !(${isAmongImages("image", "variables.claims")}))`,
      marked,
      reaching: `${at("variables.template", "metadata.annotations", "{}")}.filter(key, key in ${list(reaching)})`,
      tolerated:
        `${pod("tolerations")}.map(each, ${at("each", "key", '""')})` +
        `.filter(key, key in ["", "CriticalAddonsOnly"] || key.startsWith("node-role.kubernetes.io/"))`,
    },
    validations: [
      {
        expression: ["serviceAccountName", "serviceAccount"]
          .map((path) => `${pod(path, '""')} != ${text(reconcilerAccount)}`)
          .join(" && "),
        message: message`service account ${text(reconcilerAccount)} is Flux's, not a pod's: name one of the application's own`,
      },
      {
        expression: `!${isClaimed("images")} || size(variables.strangers) == 0`,
        message: message`image "${"variables.strangers[0]"}" isn't among this tenant's images (${named("variables.claims")}): use one of them, or ask the operators for the image`,
      },
      {
        expression: `!${pod("priorityClassName", '""')}.startsWith("system-")`,
        message: message`priorityClassName "${pod("priorityClassName", '""')}" is for the cluster's own pods: leave it out`,
      },
      {
        expression: `${pod("nodeName", '""')} == "" || (${kind} == "pods" && request.operation == "UPDATE")`,
        message: message`nodeName "${pod("nodeName", '""')}" goes around the scheduler: leave it out, or write a nodeSelector`,
      },
      {
        expression: "size(variables.tolerated) == 0",
        message: message`a toleration of "${"variables.tolerated[0]"}" is for the cluster's own pods (an empty key is every taint): leave it out`,
      },
      {
        expression: `!${pod("volumes")}.exists(volume, has(volume.csi))`,
        message: message`a csi volume in a pod may be anybody's data: claim a volume with a PersistentVolumeClaim`,
      },
      {
        expression: "size(variables.marked) == 0",
        message: message`labels and annotations of terp.dev are the platform's: leave out "${"variables.marked[0]"}"`,
      },
      {
        expression: "size(variables.reaching) == 0",
        message: message`annotation ${"variables.reaching[0]"} could give a pod a network, address or name that isn't this tenant's: leave it out`,
      },
      {
        expression: `${pod("terminationGracePeriodSeconds", "30")} <= 3600`,
        message: message`terminationGracePeriodSeconds ${`string(${pod("terminationGracePeriodSeconds", "30")})`} would hold up a node's upgrade: write at most 3600`,
      },
    ],
  });
}
