import type { types } from "@pulumi/kubernetes";

import { hostsOf, type ListenerCertificates } from "./listenerCertificate";
import { gatewayPorts } from "./names";

/** A listener of a Gateway, as the API has it. */
export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP" | "HTTPS";
  readonly hostname?: string;
  readonly tls?: { readonly mode: "Terminate"; readonly certificateRefs: readonly SecretReference[] };
  readonly allowedRoutes: {
    readonly namespaces:
      | { readonly from: "Same" }
      | { readonly from: "Selector"; readonly selector: types.input.meta.v1.LabelSelector };
  };
}

/** A Secret beside the Gateway. Traefik takes a reference only with group and kind written out. */
interface SecretReference {
  readonly group: "";
  readonly kind: "Secret";
  readonly name: string;
}

/** What an HTTPS listener serves, and for whom. */
export interface ListenersArgs {
  /** Domains, each for itself and, where its certificate is, all that lies below it. At most 32: a Gateway has at most 64 listeners. */
  readonly domains: readonly string[];
  /** The Secret with a certificate for all of them, beside the Gateway. */
  readonly secret: string;
  /** Where it comes from, which decides the host names. */
  readonly certificates: ListenerCertificates;
  /** Labels of the namespaces whose routes may attach. */
  readonly namespaces: Readonly<Record<string, string>>;
}

/** A listener by HTTPS for each of a domain's host names: routes of the named namespaces attach, and nobody else's. */
export function httpsListeners({ domains, secret, namespaces, certificates }: ListenersArgs): Listener[] {
  return domains.flatMap((domain, index) =>
    hostsOf(domain, certificates).map((hostname): Listener => ({
      // Two may not be of one name, and a domain is longer than a name may be.
      name: `${hostname === domain ? "domain" : "below"}-${String(index + 1)}`,
      port: gatewayPorts.https,
      protocol: "HTTPS",
      hostname,
      tls: { mode: "Terminate", certificateRefs: [{ group: "", kind: "Secret", name: secret }] },
      allowedRoutes: { namespaces: { from: "Selector", selector: { matchLabels: { ...namespaces } } } },
    })),
  );
}

/** The one listener for HTTP, for every host, to which only what lies beside the Gateway attaches. */
export const httpListener: Listener = {
  name: "http",
  port: gatewayPorts.http,
  protocol: "HTTP",
  allowedRoutes: { namespaces: { from: "Same" } },
};
