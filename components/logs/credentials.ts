import { createHmac } from "node:crypto";

import * as pulumi from "@pulumi/pulumi";

import { logGatewayUrl, type LogAccess, type LogCredential, type LogRight } from "./names";

/**
 * A tenant's credential: it follows from the key, and nobody who has one can tell another from it.
 *
 * @param key The platform's key for logs. Secret, and so is what is returned.
 */
export function logCredential(key: string, tenant: string, right: LogRight): LogCredential {
  const password = createHmac("sha256", key).update(`${right}/${tenant}`).digest("base64url");
  return { username: tenant, password };
}

/** What a client sends as `Authorization`. */
export function basicAuthorization({ username, password }: LogCredential): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** How logs are reached by credentials that follow from a key. */
export function logAccess(key: pulumi.Output<string>): LogAccess {
  return {
    url: logGatewayUrl,
    credentialOf: (tenant, right) => pulumi.secret(key.apply((plain) => logCredential(plain, tenant, right))),
  };
}
