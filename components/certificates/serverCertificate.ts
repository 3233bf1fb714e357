import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { logicalName, metadata, type Ownership } from "../metadata";
import type { PrivateCa } from "./privateCa";

export interface ServerCertificateArgs {
  /** Whose the Secret is. */
  readonly owner: Ownership;
  /** The Secret's name. */
  readonly name: string;
  readonly namespace: string;
  /** The host names it is good for, of which a first label may be `*`. At least one. */
  readonly hosts: readonly string[];
  /** Who signs it. */
  readonly authority: Pick<PrivateCa, "certificate" | "privateKey">;
}

/** How long a certificate is good, and how long before its end a run makes another, in hours. */
export const serverCertificateHours = { validity: 90 * 24, renewal: 30 * 24 };

/**
 * A certificate for servers, signed by the private CA, in a Secret of type `kubernetes.io/tls` with the CA's own beside it
 * (`ca.crt`). Good for 90 days; each run in the last 30 renews it, so that a platform that is run once a month never has one
 * that has expired. Where cert-manager runs, let it have the CA instead: it renews without a run.
 */
export class ServerCertificate extends pulumi.ComponentResource {
  /** The Secret, once it is there. */
  readonly secret: kubernetes.core.v1.Secret;

  /** @throws if there is no host. */
  constructor(name: string, args: ServerCertificateArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:certificates:ServerCertificate", name, {}, options);
    const { owner, authority, namespace } = args;
    if (args.hosts.length === 0)
      throw new Error(
        `certificate "${namespace}/${args.name}": got no host names, expected one or more; ` +
          `write for example hosts: ["app.example.org"]`,
      );
    const called = (kind: string): string => logicalName(kind, args.name, namespace);
    const within = { parent: this };

    const key = new tls.PrivateKey(called("PrivateKey"), { algorithm: "ECDSA", ecdsaCurve: "P256" }, within);
    const request = new tls.CertRequest(
      called("CertRequest"),
      {
        privateKeyPem: key.privateKeyPem,
        // A common name holds 64 characters, which a host's may exceed; clients compare the hosts alone.
        subject: { organization: `Terp ${owner.environment}` },
        dnsNames: [...args.hosts],
      },
      within,
    );
    const certificate = new tls.LocallySignedCert(
      called("LocallySignedCert"),
      {
        certRequestPem: request.certRequestPem,
        caCertPem: authority.certificate,
        caPrivateKeyPem: authority.privateKey,
        allowedUses: ["digital_signature", "server_auth"],
        validityPeriodHours: serverCertificateHours.validity,
        earlyRenewalHours: serverCertificateHours.renewal,
      },
      within,
    );
    this.secret = new kubernetes.core.v1.Secret(
      called("Secret"),
      {
        metadata: metadata(owner, { name: args.name, namespace }),
        type: "kubernetes.io/tls",
        stringData: {
          "tls.crt": certificate.certPem,
          "tls.key": key.privateKeyPem,
          "ca.crt": authority.certificate,
        },
      },
      within,
    );
    this.registerOutputs({ secret: this.secret.id });
  }
}
