import type * as pulumi from "@pulumi/pulumi";

import type { Ownership } from "../metadata";
import { gatewayNamespace, listenerSecret } from "./names";

/** What has certificates made for a Gateway's listeners. */
export type ListenerCertificates =
  /** The program, by an authority of its own: it makes the Secret. */
  | {
      readonly kind: "made";
      /** What a Gateway's Secret is called. @default {@link listenerSecret} */
      readonly secretOf?: (gateway: string) => string;
      /** Makes a Secret with a certificate for these hosts; gives what must be there before it is used. */
      readonly make: (asked: CertificateRequest, options: pulumi.ComponentResourceOptions) => pulumi.Resource;
    }
  /** cert-manager, which is told by an annotation of the Gateway: https://cert-manager.io/docs/usage/gateway/ */
  | {
      readonly kind: "cert-manager";
      readonly clusterIssuer: string;
      /**
       * Whether its authority can be shown that all hosts below a domain are ours. Without, a certificate, and so a listener, is for
       * the domain itself.
       *
       * @default true
       */
      readonly wildcards?: boolean;
    };

/** The host names that a domain's listeners, and so its certificate, are for. */
export function hostsOf(domain: string, certificates: ListenerCertificates): readonly string[] {
  const isAlone = certificates.kind === "cert-manager" && certificates.wildcards === false;
  return isAlone ? [domain] : [domain, `*.${domain}`];
}

/** A certificate that is to be in a Secret. */
export interface CertificateRequest {
  readonly owner: Ownership;
  /** The Secret's name. */
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
}

/** Where a Gateway's certificate comes from. */
export interface ListenerCertificate {
  /** The Secret that it will be in, beside the Gateway. */
  readonly secret: string;
  /** The Gateway's annotations by which it is asked for. */
  readonly annotations: Readonly<Record<string, string>>;
  /** What must be there before the Gateway. */
  readonly ready: readonly pulumi.Resource[];
}

/** What {@link listenerCertificate} is for. */
export interface ListenerCertificateArgs {
  readonly owner: Ownership;
  /** The Gateway's name. */
  readonly name: string;
  readonly hosts: readonly string[];
  readonly certificates: ListenerCertificates;
}

/** The certificate of a Gateway's listeners, made or asked for. */
export function listenerCertificate(
  { owner, name, hosts, certificates }: ListenerCertificateArgs,
  options: pulumi.ComponentResourceOptions,
): ListenerCertificate {
  switch (certificates.kind) {
    case "made": {
      const secret = (certificates.secretOf ?? listenerSecret)(name);
      const made = certificates.make({ owner, name: secret, namespace: gatewayNamespace, hosts }, options);
      return { secret, annotations: {}, ready: [made] };
    }
    case "cert-manager":
      return {
        secret: listenerSecret(name),
        annotations: { "cert-manager.io/cluster-issuer": certificates.clusterIssuer },
        ready: [],
      };
  }
}
