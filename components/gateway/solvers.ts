import { tcp, type EgressRule, type NetworkPolicySpec } from "../networkPolicy";

/** Labels of the pods by which cert-manager answers an authority's challenges on port 80, beside the Gateway whose host it is about. */
const solverLabels = { "acme.cert-manager.io/http01-solver": "true" } as const;
/** Where they listen: https://cert-manager.io/docs/configuration/acme/http01/ */
const solverPort = 8089;

/** What the policy of {@link solverPolicy} is called. */
export const solverPolicyName = "acme-solvers";

/** The gateway's way to them. */
export const toSolvers: EgressRule = {
  to: [{ podSelector: { matchLabels: solverLabels } }],
  ports: tcp(solverPort),
};

/** The gateway's pods reach them, and nobody else; they reach nobody. */
export function solverPolicy(gateway: Readonly<Record<string, string>>): NetworkPolicySpec {
  return {
    podSelector: { matchLabels: solverLabels },
    policyTypes: ["Ingress", "Egress"],
    ingress: [{ from: [{ podSelector: { matchLabels: { ...gateway } } }], ports: tcp(solverPort) }],
    egress: [],
  };
}
