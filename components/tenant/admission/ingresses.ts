import type { Trusted } from "../trusted";
import { list, text } from "./cel";
import { admittedAnnotations, authSecret, controllerPrefixes } from "./ingressAnnotations";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

/** What ends a value in nginx's configuration or in a rule of Traefik's. Newlines and quotes too. */
const breaking = text("[\\s;{}`\"'\\\\#]");
/** The same but for spaces, and a backslash for regular expressions, which values of annotations may have. */
const breakingValue = text("[\\r\\n;{}`\"'#]");

/**
 * How a tenant's Ingress may be made: only such that it configures its own hosts and nothing else of the ingress
 * controller, which serves all tenants. Which hosts are its own is {@link hosts}' to say.
 */
export function ingresses(trusted: Trusted): AdmissionPolicy {
  const read = `${list(controllerPrefixes)}.exists(prefix, key.startsWith(prefix))`;
  const paths = (expression: string): string =>
    `object.spec.?rules.orValue([]).all(rule, rule.?http.?paths.orValue([]).all(path, ${expression}))`;
  return tenantPolicy({
    name: "terp-tenant-ingresses",
    kinds: [{ group: "networking.k8s.io", version: "v1", resources: ["ingresses"] }],
    exempt: [trusted],
    variables: {
      annotations: "object.metadata.?annotations.orValue({})",
      strangers: `variables.annotations.filter(key, ${read} && !(key in ${list(admittedAnnotations)}))`,
      broken: `variables.annotations.filter(key, ${read} && variables.annotations[key].matches(${breakingValue}))`,
    },
    validations: [
      {
        expression: "!has(object.spec.defaultBackend)",
        message: message`spec.defaultBackend takes every host that nobody else has: write a rule with a host instead`,
      },
      {
        expression: "size(variables.strangers) == 0",
        message: message`annotation ${"variables.strangers[0]"} could reach beyond this Ingress's own hosts: leave it out, or ask the operators for what it is to do`,
      },
      {
        expression: "size(variables.broken) == 0",
        message: message`annotation ${"variables.broken[0]"} has a character in it that ends a setting of the ingress controller: write it without line breaks, quotes, semicolons, braces and #`,
      },
      {
        expression: `!variables.annotations[?${text(authSecret)}].orValue("").contains("/")`,
        message: message`annotation ${text(authSecret)} names another namespace: name a Secret of this one, without a slash`,
      },
      {
        expression: paths(`!path.?path.orValue("").matches(${breaking})`),
        message: message`a path has a character in it that ends a setting of the ingress controller: write it without spaces, quotes, backslashes, semicolons, braces and #`,
      },
      {
        expression: paths("!has(path.backend.resource)"),
        message: message`a backend that isn't a Service may be anybody's: name a Service in backend.service`,
      },
    ],
  });
}
