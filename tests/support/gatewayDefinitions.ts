import type { Manifest } from "../../components/manifest";

/** The Gateway API's definitions with a schema that shows what is kept of it, and others beside them. */
export function gatewayDefinitions(...others: readonly string[]): Manifest[] {
  const described = (more: object = {}): object => ({ description: "for people", type: "string", ...more });
  const schema = described({
    type: "object",
    properties: {
      description: described(),
      properties: described({ type: "object", properties: { description: described() } }),
    },
  });
  return [
    "backendtlspolicies",
    "gatewayclasses",
    "gateways",
    "grpcroutes",
    "httproutes",
    ...others,
    "referencegrants",
    "tlsroutes",
  ].map((plural) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.gateway.networking.k8s.io` },
    spec: { group: "gateway.networking.k8s.io", versions: [{ schema: { openAPIV3Schema: schema } }] },
  }));
}
