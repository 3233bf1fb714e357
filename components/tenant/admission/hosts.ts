import type { Trusted } from "../trusted";
import { at, flattened, list, named, split, text } from "./cel";
import { claimed } from "./claims";
import { message, tenantPolicy, type AdmissionPolicy } from "./policy";

const spec = (path: string): string => at("dyn(object)", `spec.${path}`, "[]");
const kind = "request.resource.resource";
const is = (resource: string): string => `${kind} == ${text(resource)}`;
const routes = ["httproutes", "grpcroutes", "tlsroutes"];

/** Annotations that other programs read host names from: external-dns, and what makes certificates for an Ingress. */
const naming = text(
  "^(external-dns\\.[a-z0-9.-]*/(internal-)?hostname|cert-manager\\.io/(common-name|alt-names))$",
);

/** Where each kind has its host names, as an expression for a list of texts. */
const places: Readonly<Record<string, string>> = {
  ingresses: `${spec("rules")}.map(rule, ${at("rule", "host", '""')}) + ${flattened(spec("tls"), "entry", at("entry", "hosts", "[]"))}`,
  gateways: `${spec("listeners")}.map(listener, ${at("listener", "hostname", '""')})`,
  certificates: `${spec("dnsNames")} + [${at("dyn(object)", "spec.commonName", '""')}]`,
  dnsendpoints: `${spec("endpoints")}.map(endpoint, ${at("endpoint", "dnsName", '""')})`,
};

/** Whether an object of a kind names a host everywhere where it would else mean every host. */
const complete: Readonly<Record<string, string>> = {
  ingresses:
    `${spec("rules")}.all(rule, ${at("rule", "host", '""')} != "") && ` +
    `${spec("tls")}.all(entry, size(${at("entry", "hosts", "[]")}) > 0)`,
  gateways: `${spec("listeners")}.all(listener, ${at("listener", "hostname", '""')} != "")`,
  dnsendpoints: `${spec("endpoints")}.all(endpoint, ${at("endpoint", "dnsName", '""')} != "")`,
};

function byKind(expressions: Readonly<Record<string, string>>, otherwise: string): string {
  return Object.entries(expressions).reduceRight(
    (rest, [resource, expression]) => `${is(resource)} ? (${expression}) : (${rest})`,
    otherwise,
  );
}

/**
 * Which host names a tenant may claim, by whatever kind of object: its domains and what lies below them, wildcards too. What
 * names no host would mean every host, and is denied.
 */
export function hosts(trusted: Trusted): AdmissionPolicy {
  return tenantPolicy({
    name: "terp-tenant-hosts",
    kinds: [
      { group: "networking.k8s.io", version: "v1", resources: ["ingresses"] },
      { group: "", version: "v1", resources: ["services"] },
      { group: "gateway.networking.k8s.io", resources: [...routes, "gateways"] },
      { group: "cert-manager.io", resources: ["certificates"] },
      { group: "externaldns.k8s.io", resources: ["dnsendpoints"] },
    ],
    exempt: [trusted],
    variables: {
      domains: claimed("domains"),
      annotations: at("dyn(object)", "metadata.annotations", "{}"),
      annotated: split(
        `variables.annotations.filter(key, key.matches(${naming})).map(key, variables.annotations[key]).join(",")`,
      ),
      named: byKind(places, `${kind} in ${list(routes)} ? ${spec("hostnames")} : []`),
      strangers:
        `(variables.named + variables.annotated).filter(host, host != "" && ` +
        `!variables.domains.exists(domain, host == domain || host.endsWith("." + domain)))`,
    },
    validations: [
      {
        expression: byKind(complete, `!(${kind} in ${list(routes)}) || size(${spec("hostnames")}) > 0`),
        message: message`${"request.kind.kind"} without a host name takes every host: name a host below this tenant's domains (${named("variables.domains")}) in each rule, tls entry, listener and list of host names`,
      },
      {
        expression: "size(variables.strangers) == 0",
        message: message`host "${"variables.strangers[0]"}" isn't below this tenant's domains (${named("variables.domains")}): use a name below one of them, or ask the operators for the domain`,
      },
    ],
  });
}
