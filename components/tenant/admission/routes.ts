import type { Trusted } from "../trusted";
import { at, list, text } from "./cel";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const rules = at("dyn(object)", "spec.rules", "[]");
const isRoute = `request.resource.resource != "gateways"`;
/** Filters that stay within the request that they are about. Others may name settings of the gateway's own. */
const filters = [
  "RequestHeaderModifier",
  "ResponseHeaderModifier",
  "RequestRedirect",
  "URLRewrite",
  "RequestMirror",
  "CORS",
];

/** Whether a reference is to a Service of the same namespace. */
function isOwnService(reference: string): string {
  return (
    `(${at(reference, "group", '""')} == "" && ${at(reference, "kind", '"Service"')} == "Service" && ` +
    `${at(reference, "namespace", "request.namespace")} in ["", request.namespace])`
  );
}

/** Whether something is true of the filters of every rule and of every backend. */
function everyFilter(expression: string): string {
  const all = (of: string): string => `${at(of, "filters", "[]")}.all(filter, ${expression})`;
  return `${rules}.all(rule, ${all("rule")} && ${at("rule", "backendRefs", "[]")}.all(backend, ${all("backend")}))`;
}

/** Whether no text of a match ends the one that Traefik makes of it: there a backtick would begin a rule for other hosts. */
function everyMatch(texts: readonly string[], lists: readonly string[]): string {
  const isPlain = (value: string): string => `!${value}.contains("\`")`;
  const parts = [
    ...texts.map((path) => isPlain(at("match", path, '""'))),
    ...lists.map(
      (name) =>
        `${at("match", name, "[]")}.all(entry, ${isPlain(at("entry", "name", '""'))} && ${isPlain(at("entry", "value", '""'))})`,
    ),
  ];
  return `${rules}.all(rule, ${at("rule", "matches", "[]")}.all(match, ${parts.join(" && ")}))`;
}

/**
 * How a tenant's routes and Gateways may be made: to Services of the same namespace, by filters of the standard, and in no
 * way that would change what the gateway, which serves all tenants, does with other hosts.
 *
 * Traefik takes a TraefikService named `…@…` for a service of its own or of another provider (`api@internal`), and writes
 * values of matches into its rules unescaped: pkg/provider/kubernetes/gateway/httproute.go.
 */
export function routes(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-routes",
    kinds: [
      {
        group: "gateway.networking.k8s.io",
        resources: ["httproutes", "grpcroutes", "tlsroutes", "gateways"],
      },
    ],
    exempt: [trusted],
    validations: [
      {
        expression: `!(${isRoute}) || ${rules}.all(rule, ${at("rule", "backendRefs", "[]")}.all(backend, ${isOwnService("backend")}))`,
        message: message`a backend has to be a Service of namespace ${"request.namespace"}: name it without group, kind and namespace`,
      },
      {
        expression: `!(${isRoute}) || ${everyFilter(`${at("filter", "type", '""')} in ${list(filters)}`)}`,
        message: message`a filter has to be one of ${text(filters.join(", "))}: others reach into the gateway; leave it out, or ask the operators for what it is to do`,
      },
      {
        expression: `!(${isRoute}) || ${everyFilter(
          `!has(filter.requestMirror) || ${isOwnService(at("filter", "requestMirror.backendRef", "{}"))}`,
        )}`,
        message: message`a mirror has to be a Service of namespace ${"request.namespace"}: name it without group, kind and namespace`,
      },
      {
        expression:
          `request.resource.resource == "httproutes" ? ${everyMatch(["path.value"], ["headers", "queryParams"])} : ` +
          `request.resource.resource == "grpcroutes" ? ${everyMatch(["method.service", "method.method"], ["headers"])} : true`,
        message: message`a match has a backtick in it, which would end the gateway's rule: write it without`,
      },
      {
        expression:
          `${isRoute} || (${["addresses", "infrastructure", "tls"].map((field) => `!has(dyn(object).spec.${field})`).join(" && ")} && ` +
          `${at("dyn(object)", "spec.listeners", "[]")}.all(listener, ${at("listener", "tls.certificateRefs", "[]")}.all(reference, ` +
          `${at("reference", "namespace", "request.namespace")} == request.namespace)))`,
        message: message`a tenant's Gateway has listeners with certificates of namespace ${"request.namespace"} and nothing else: leave out spec.addresses, spec.infrastructure, spec.tls and other namespaces`,
      },
    ],
  });
}
