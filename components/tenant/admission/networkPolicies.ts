import { tenantLabel } from "../../metadata";
import type { Trusted } from "../trusted";
import { flattened, named, text } from "./cel";
import { claimed } from "./claims";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const rules = (direction: "ingress" | "egress"): string => `object.spec.?${direction}.orValue([])`;
const peers = (direction: "ingress" | "egress"): string =>
  `rule.?${direction === "ingress" ? "from" : "to"}.orValue([])`;

/** Whether something is true of every peer of every rule. */
function everyPeer(expression: string): string {
  return (["ingress", "egress"] as const)
    .map((direction) => `${rules(direction)}.all(rule, ${peers(direction)}.all(peer, ${expression}))`)
    .join(" && ");
}

function blocks(direction: "ingress" | "egress"): string {
  return flattened(
    rules(direction),
    "rule",
    `${peers(direction)}.filter(peer, has(peer.ipBlock)).map(peer, peer.ipBlock.cidr)`,
  );
}

const own = `namespaces by the label ${tenantLabel}`;

/**
 * Whom a tenant's own network policies may let in and out: pods and namespaces of its own, and ranges that it was given.
 *
 * Network policies add up, so the platform's own hold only as long as no tenant can let in or out whom they leave out. A
 * peer's namespaces have to be chosen by the tenant's label with one value; further conditions only make them fewer.
 */
export function networkPolicies(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-networkpolicies",
    kinds: [{ group: "networking.k8s.io", version: "v1", resources: ["networkpolicies"] }],
    exempt: [trusted],
    variables: {
      tenant: `namespaceObject.metadata.?labels[?${text(tenantLabel)}].orValue("")`,
      ranges: claimed("ranges"),
      strangers:
        `(${blocks("ingress")} + ${blocks("egress")})` +
        `.filter(block, !isCIDR(block) || !variables.ranges.exists(range, isCIDR(range) && cidr(range).containsCIDR(block)))`,
    },
    validations: [
      {
        expression: `${rules("ingress")}.all(rule, size(${peers("ingress")}) > 0)`,
        message: message`an ingress rule without "from" lets in everybody: name pods, ${text(own)}, or ranges`,
      },
      {
        expression: `${rules("egress")}.all(rule, size(${peers("egress")}) > 0)`,
        message: message`an egress rule without "to" lets out to everywhere: name pods, ${text(own)}, or ranges`,
      },
      {
        expression:
          `variables.tenant != "" && ` +
          everyPeer(
            `!has(peer.namespaceSelector) || ` +
              `peer.namespaceSelector.?matchLabels[?${text(tenantLabel)}].orValue("") == variables.tenant`,
          ),
        message: message`a namespaceSelector has to name this tenant's own namespaces: write matchLabels: {"${text(tenantLabel)}": "${"variables.tenant"}"}, or ask the operators to let the two tenants reach each other`,
      },
      {
        expression: `size(variables.strangers) == 0`,
        message: message`range ${"variables.strangers[0]"} isn't within this tenant's ranges (${named("variables.ranges")}): name one within them, or ask the operators for the range`,
      },
    ],
  });
}
