import * as pulumi from "@pulumi/pulumi";
import * as tls from "@pulumi/tls";

import { logicalName } from "../metadata";
import { authorityKey } from "./authorityKey";

export interface PrivateCaArgs {
  /** Whose CA it is: it says so in its name. */
  readonly environment: string;
  /** The age identity that the CA's key follows from. It outlives the state, and with it the CA. */
  readonly identity: pulumi.Input<string>;
}

const hoursInAYear = 8760;

/**
 * A certificate authority of the platform's own, for places that no public one reaches. Its certificate is good for ten years and
 * renewed in the last one. A renewed one, and one that was made again after a lost state, has the same name and key: who trusts
 * either trusts what both have signed.
 */
export class PrivateCa extends pulumi.ComponentResource {
  /** The certificate that others come to trust, in PEM. */
  readonly certificate: pulumi.Output<string>;
  /** The key it signs with, in PEM. Secret. */
  readonly privateKey: pulumi.Output<string>;

  constructor(name: string, args: PrivateCaArgs, options?: pulumi.ComponentResourceOptions) {
    super("terp:certificates:PrivateCa", name, {}, options);
    this.privateKey = pulumi.secret(pulumi.output(args.identity).apply(authorityKey));
    const certificate = new tls.SelfSignedCert(
      logicalName("SelfSignedCert", name),
      {
        privateKeyPem: this.privateKey,
        subject: { commonName: `Terp ${args.environment} private CA` },
        isCaCertificate: true,
        // It signs servers' certificates, and no other authority's.
        maxPathLength: 0,
        allowedUses: ["cert_signing", "crl_signing"],
        validityPeriodHours: 10 * hoursInAYear,
        earlyRenewalHours: hoursInAYear,
        setSubjectKeyId: true,
      },
      { parent: this },
    );
    this.certificate = certificate.certPem;
    this.registerOutputs({ certificate: this.certificate });
  }
}
