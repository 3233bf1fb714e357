import type { Kind } from "../generated/kind";
import { certRequest, locallySignedCert, selfSignedCert } from "./certificateKinds";
import { getPublicKey, privateKey } from "./privateKeyKind";

/** Every kind of the package `tls` by its type token. */
export const kinds: Readonly<Record<string, Kind>> = {
  "tls:index/certRequest:CertRequest": certRequest,
  "tls:index/locallySignedCert:LocallySignedCert": locallySignedCert,
  "tls:index/privateKey:PrivateKey": privateKey,
  "tls:index/selfSignedCert:SelfSignedCert": selfSignedCert,
};

/** The functions of the package `tls` by their tokens. */
export const functions = { "tls:index/getPublicKey:getPublicKey": getPublicKey };
